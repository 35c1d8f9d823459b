"""Statements that every event or every look-up asks, without the ORM between: there it costs more than the answer.

For a few columns only, and only where it was measured to matter. What comes back is what the driver gives; SQLite
gives text where PostgreSQL gives a UUID or an instant, which `as_uuid` and `as_instant` even out.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
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


def fetch_binary(
    statement: str, parameters: Sequence[Any], *, instants_as_numbers: bool = False
) -> list[tuple[Any, ...]]:
    """All rows of a statement, as PostgreSQL has them inside: bytes are half as long on their way as written out. With
    `instants_as_numbers` an instant comes as microseconds since 2000, without an object for each."""
    if connection.vendor != "postgresql":
        return fetch(statement, parameters)
    from psycopg import pq
    from psycopg.types.numeric import Int8BinaryLoader

    with connection.cursor() as cursor:
        told: Any = cursor.cursor
        told.format = pq.Format.BINARY
        if instants_as_numbers:
            told.adapters.register_loader("timestamptz", Int8BinaryLoader)
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def change(statement: str, parameters: Sequence[Any]) -> int:
    """How many rows an UPDATE or DELETE found."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def marks(values: Collection[Any]) -> str:
    """As many placeholders as there are values, for `IN (…)`."""
    return ", ".join(["%s"] * len(values))


def look_up(told: Mapping[str, str], select: str, source: str, where: str) -> str:
    """A statement that looks up rows for each of a list that is told as one parameter, the first (`as_list`).

    `told` maps the list's columns, called `told.<column>` in `where`, to PostgreSQL's types. The text is the same for
    lists of every length, so it is prepared once.
    """
    if connection.vendor == "postgresql":
        columns = ", ".join(f"{name} {kind}" for name, kind in told.items())
        # OFFSET 0 keeps the planner from joining in another order: where it takes an organization for small, it would
        # rather read all that the organization has.
        return (
            f"SELECT found.* FROM json_to_recordset(%s) AS told({columns}) "  # noqa: S608 - names that the hub gives
            f"CROSS JOIN LATERAL (SELECT {select} FROM {source} WHERE {where} OFFSET 0) AS found"
        )
    columns = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in told)
    return f"SELECT {select} FROM (SELECT {columns} FROM json_each(%s)) AS told CROSS JOIN {source} WHERE {where}"  # noqa: S608


def as_list(columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> str:
    """The parameter of `look_up`: rows in the order of the columns, instants as `instant` makes them."""
    names = tuple(columns)
    return msgspec.json.encode([dict(zip(names, row, strict=True)) for row in rows]).decode()


def among(column: str, values: Collection[str]) -> tuple[str, Any]:
    """A condition and its one parameter: the column holds one of the texts. One statement for lists of every length."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", list(values)
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(list(values))  # noqa: S608


def instant(value: datetime) -> Any:
    """An instant as the database compares it."""
    return connection.ops.adapt_datetimefield_value(value)


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
