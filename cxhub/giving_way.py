"""Lets what nobody waits for give way to what somebody waits for, within one process.

Threads share one interpreter, and after each answer of the database a thread waits for it anew: beside a list that is
being drawn, a message that costs 4 ms takes 40. Knows nothing of other processes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

# So long one background request stands aside in all. A process that is never idle must still do its background work:
# fifty pages may wait for it, one after the other.
PATIENCE_SECONDS = 0.1


class _Haste:
    """How many are at work for whom somebody waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._is_over = threading.Event()
        self._is_over.set()

    def __enter__(self) -> None:
        with self._lock:
            self._count += 1
            self._is_over.clear()

    def __exit__(self, *_problem: object) -> None:
        with self._lock:
            self._count -= 1
            if not self._count:
                self._is_over.set()

    def wait(self, seconds: float) -> None:
        self._is_over.wait(seconds)


# `with urgent:` around what somebody waits for, in whichever thread; beside others of its kind it waits for nobody.
urgent = _Haste()


@contextmanager
def giving_way(*, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Stands aside before each statement of this thread while anything urgent is at work, but never inside a
    transaction: what it has locked, others may be waiting for."""
    left = patience

    def stand_aside(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal left
        if left > 0 and not connection.in_atomic_block:
            began = time.monotonic()
            urgent.wait(left)
            left -= time.monotonic() - began
        return execute(*statement)

    with connection.execute_wrapper(stand_aside):
        yield
