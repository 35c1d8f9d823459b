"""A process that sends events through the door and is killed (-9) before its n-th statement.

Run with the organization's slug; each line on standard input is `{"before_statement": n, "envelopes": […]}`, each
answered by `killed` or `done`. Every try is a fork of its own, made before any connection is opened.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from accounts.models import Organization  # noqa: E402
from channels_app.intake import receive  # noqa: E402
from tests.channels_app.envelopes import AT, TILL  # noqa: E402


def send(slug: str, envelopes: list[Any], before_statement: int) -> None:
    organization = Organization.objects.get(slug=slug)
    seen = 0

    def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == before_statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(die):
        receive(organization, envelopes, sender=TILL, at=AT)


for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            send(sys.argv[1], asked["envelopes"], asked["before_statement"])
            status = 0
        finally:
            os._exit(status)
    _pid, ended = os.waitpid(child, 0)
    if not os.WIFSIGNALED(ended) and os.WEXITSTATUS(ended) != 0:
        sys.exit("the sender failed by itself")
    sys.stdout.write("killed\n" if os.WIFSIGNALED(ended) else "done\n")
    sys.stdout.flush()
