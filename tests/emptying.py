"""Empties tables between tests: append-only ones on SQLite, whose flush is a DELETE that triggers refuse, and those that a
hub of the test before still writes to on PostgreSQL, where TRUNCATE then waits for the hub, and the hub for TRUNCATE.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import OperationalError, connection

# The database ends one of the two, which may be the emptying; by then the other has gone on.
ATTEMPTS = 5


@contextmanager
def flush_despite_triggers() -> Iterator[None]:
    """Within the block, flushing takes the triggers away and puts them back in the same transaction."""
    if connection.vendor != "sqlite":
        # TRUNCATE, which PostgreSQL's flush uses, fires no row triggers.
        with _flush_again_after_deadlocks():
            yield
        return
    operations = type(connection.ops)
    flush = operations.sql_flush

    def sql_flush(self: Any, *arguments: Any, **keywords: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        removed = [f'DROP TRIGGER "{name}"' for name, _definition in triggers]
        return [*removed, *flush(self, *arguments, **keywords), *(definition for _name, definition in triggers)]

    # On the class: while Playwright's loop runs, Django has another connection object in this thread.
    with patch.object(operations, "sql_flush", sql_flush):
        yield


@contextmanager
def _flush_again_after_deadlocks() -> Iterator[None]:
    operations = type(connection.ops)
    execute = operations.execute_sql_flush

    def execute_sql_flush(self: Any, statements: Any) -> None:
        for attempt in range(ATTEMPTS):
            try:
                execute(self, statements)
            except OperationalError:
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                return

    with patch.object(operations, "execute_sql_flush", execute_sql_flush):
        yield
