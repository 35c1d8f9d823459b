"""The intake lock: who may write an organization's history beside whom.

Ordinary deliveries share it and run side by side; where two of them want to make the same row, a unique constraint
lets one wait and then refuses it, and it begins again alone. What reaches beyond its own rows (a merge, a
confirmation) takes the lock alone from the start. SQLite has one writer at a time (transaction mode IMMEDIATE), so
there is nothing to take.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from django.db import connection

from customers.incoming import IdentityKey

# The second half of the advisory lock's key; the first is the organization.
INTAKE = 1
# Identities share so many locks: few enough that twenty deliveries full of newcomers fit into PostgreSQL's lock table
# (6,400 places by default), many enough that two tills with a few new customers each rarely wait for each other.
STRIPES = 256
PROMISES = INTAKE + 1 + STRIPES


class NeedsExclusiveLock(Exception):
    """The delivery turned out to touch more than its own rows; roll back and begin again with the lock alone."""


def lock_intake(organization_id: int, *, exclusive: bool) -> None:
    """Takes the intake lock, shared or alone, until the transaction ends."""
    if connection.vendor == "postgresql":
        function = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", [organization_id, INTAKE])


def lock_newcomers(organization_id: int, keys: Iterable[IdentityKey]) -> bool:
    """Waits until nobody else is writing identities like these, and keeps others waiting until the transaction ends.

    Says whether there was anything to wait for: then look again whose they are. Without this lock two deliveries
    that bring the same new customer would find out at their last row, and one of them would have worked in vain.
    """
    stripes = sorted({crc32(repr(tuple(key)).encode()) % STRIPES for key in keys})
    if connection.vendor != "postgresql" or not stripes:
        return False
    with connection.cursor() as cursor:
        # In one order for everybody: two deliveries never wait for each other crosswise.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, stripe) FROM unnest(%s::int[]) AS stripe",
            [organization_id, [INTAKE + 1 + stripe for stripe in stripes]],
        )
    return True


def lock_promises(organization_id: int) -> None:
    """One delivery at a time works promises out: one may settle, elsewhere, what another makes at this moment."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [organization_id, PROMISES])
