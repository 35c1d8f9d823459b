"""Statements that every single event asks, without the ORM between: there it costs more than the database's answer.

For reads of a few columns only, and only on the way of an event. What comes back is what the driver gives; SQLite
gives text where PostgreSQL gives a UUID or an instant, which `as_uuid` and `as_instant` even out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, overload
from uuid import UUID

import msgspec
from django.db import connection


def fetch(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def marks(values: Sequence[Any]) -> str:
    """As many placeholders as there are values, for `IN (…)`."""
    return ", ".join(["%s"] * len(values))


def listed(name: str, columns: Sequence[str]) -> str:
    """What stands after FROM for a list of texts by column that is told as one parameter (`as_list`).

    The statement's text is then the same for lists of every length, and is prepared once. CROSS JOIN what is looked
    up after it: SQLite keeps that order.
    """
    if connection.vendor == "postgresql":
        return f"json_to_recordset(%s) AS {name}({', '.join(f'{column} text' for column in columns)})"
    values = ", ".join(f"json_extract(value, '$.{column}') AS {column}" for column in columns)
    return f"(SELECT {values} FROM json_each(%s)) AS {name}"  # noqa: S608 - names that the hub gives


def as_list(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The parameter of `listed`."""
    return msgspec.json.encode([dict(zip(columns, row, strict=True)) for row in rows]).decode()


def as_uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


@overload
def as_instant(value: datetime | str) -> datetime: ...
@overload
def as_instant(value: None) -> None: ...
def as_instant(value: datetime | str | None) -> datetime | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    # SQLite's driver knows no zones; what is stored is UTC.
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
