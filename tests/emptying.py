"""Lets tests on SQLite empty append-only tables between themselves: its flush is a DELETE, which triggers refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection


@contextmanager
def flush_despite_triggers() -> Iterator[None]:
    """Within the block, flushing takes the triggers away and puts them back in the same transaction."""
    if connection.vendor != "sqlite":
        # TRUNCATE, which PostgreSQL's flush uses, fires no row triggers.
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
