"""A worker that asks an organization's rules and is killed (-9) before its n-th statement.

Run with the organization's key; each line on standard input is n, each answered by `killed` or `done`. Every try is a
fork of its own, made before any connection is opened.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Organization  # noqa: E402
from channels_app.hub.rules import follow_rules  # noqa: E402


def follow(organization_id: int, before_statement: int) -> None:
    seen = 0

    def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == before_statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(die):
        follow_rules(Organization.objects.get(pk=organization_id), at=timezone.now())


for line in sys.stdin:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            follow(int(sys.argv[1]), int(line))
            status = 0
        finally:
            os._exit(status)
    _pid, ended = os.waitpid(child, 0)
    if not os.WIFSIGNALED(ended) and os.WEXITSTATUS(ended) != 0:
        sys.exit("the follower failed by itself")
    sys.stdout.write("killed\n" if os.WIFSIGNALED(ended) else "done\n")
    sys.stdout.flush()
