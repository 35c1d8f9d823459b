"""Empties tables between tests: append-only ones, whose rows a trigger keeps from being deleted, and on PostgreSQL only
those that hold anything. Its own flush truncates eighty tables with three hundred indexes, a new file for each: seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import OperationalError, connection

# The database ends one of the two, which may be the emptying; by then the other has gone on.
ATTEMPTS = 5

# Whoever is still writing is waited for; then what is there is there. A trigger refuses to let entries of the audit trail
# be deleted; nothing refers to them, so they alone can be truncated. The others' foreign keys are looked at on commit.
POSTGRESQL_FLUSH = """
DO $$
DECLARE
    name text;
    is_empty boolean;
BEGIN
    LOCK TABLE %(all)s IN EXCLUSIVE MODE;
    FOREACH name IN ARRAY ARRAY[%(names)s] LOOP
        EXECUTE format('SELECT NOT EXISTS (SELECT 1 FROM %%I)', name) INTO is_empty;
        IF NOT is_empty THEN
            EXECUTE format(CASE name WHEN 'accounts_auditentry' THEN 'TRUNCATE %%I' ELSE 'DELETE FROM %%I' END, name);
        END IF;
    END LOOP;
END $$"""


@contextmanager
def flush_despite_triggers() -> Iterator[None]:
    """Within the block, flushing takes the triggers away and puts them back in the same transaction."""
    if connection.vendor != "sqlite":
        with _only_what_holds_anything(), _flush_again_after_deadlocks():
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
def _only_what_holds_anything() -> Iterator[None]:
    def sql_flush(self: Any, style: Any, tables: Any, **_keywords: Any) -> list[str]:
        quoted = ", ".join(self.quote_name(table) for table in tables)
        names = ", ".join(f"'{table}'" for table in tables)
        return [POSTGRESQL_FLUSH % {"all": quoted, "names": names}] if tables else []

    with patch.object(type(connection.ops), "sql_flush", sql_flush):
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
