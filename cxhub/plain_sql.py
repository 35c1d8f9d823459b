"""Statements that every single event asks, without the ORM between: there it costs more than the database's answer.

For reads of a few columns only, and only on the way of an event. What comes back is what the driver gives; SQLite
gives text where PostgreSQL gives a UUID or an instant, which `as_uuid` and `as_instant` even out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

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


def as_uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def as_instant(value: datetime | str | None) -> datetime | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    # SQLite's driver knows no zones; what is stored is UTC.
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
