"""A worker that sends what is due and is killed (-9) before its n-th statement.

Run with the organization's slug and the mail server's port; each line on standard input is n, each answered by `killed`
or `done`. Every try is a fork of its own, made before any connection is opened.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from accounts.models import Organization  # noqa: E402
from channels_app.deliveries.sending import send_due  # noqa: E402


def work(slug: str, before_statement: int) -> None:
    organization = Organization.objects.get(slug=slug)
    seen = 0

    def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == before_statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(die):
        send_due(organization)


for line in sys.stdin:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work(sys.argv[1], int(line))
            status = 0
        finally:
            os._exit(status)
    _pid, ended = os.waitpid(child, 0)
    if not os.WIFSIGNALED(ended) and os.WEXITSTATUS(ended) != 0:
        sys.exit("the worker failed by itself")
    sys.stdout.write("killed\n" if os.WIFSIGNALED(ended) else "done\n")
    sys.stdout.flush()
