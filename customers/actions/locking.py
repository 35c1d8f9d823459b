"""The intake lock: what makes exactly one effect and one resolution possible under concurrent delivery.

PostgreSQL: advisory locks that end with the transaction. Everybody holds the organization's lock, shared for a
single event and exclusive for a batch, a merge or anything else that reaches beyond its own keys; a single event
also holds the lock of each key it could collide on. Keys are hashed into buckets, so that the server's lock table
stays small however large a batch is. SQLite has one writer at a time (transaction mode IMMEDIATE): nothing to do.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from django.db import connection

BUCKETS = 4096
ORGANIZATION_BUCKET = 0


class NeedsExclusiveLock(Exception):
    """A single event turned out to touch more than its own keys; begin again with the whole organization's lock."""


def lock_intake(organization_id: int, keys: Iterable[str] | None) -> None:
    """Takes the intake lock until the transaction ends; `keys` of None takes the organization's exclusively."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        if keys is None:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [organization_id, ORGANIZATION_BUCKET])
            return
        # One order for everybody (the select list is evaluated from left to right), so no two wait for each other.
        buckets = sorted({1 + zlib.crc32(key.encode()) % BUCKETS for key in keys})
        calls = ", ".join(["pg_advisory_xact_lock(%s, %s)"] * len(buckets))
        parameters = [organization_id, ORGANIZATION_BUCKET]
        for bucket in buckets:
            parameters += [organization_id, bucket]
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared(%s, %s), {calls}", parameters)
