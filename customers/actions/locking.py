"""The intake lock: who may write an organization's history beside whom.

Ordinary deliveries share it and run side by side; where two of them want to make the same row, a unique constraint
lets one wait and then refuses it, and it begins again alone. What reaches beyond its own rows (a merge, a
confirmation) takes the lock alone from the start. SQLite has one writer at a time (transaction mode IMMEDIATE), so
there is nothing to take.
"""

from __future__ import annotations

from django.db import connection

# The second half of the advisory lock's key; the first is the organization.
INTAKE = 1


class NeedsExclusiveLock(Exception):
    """The delivery turned out to touch more than its own rows; roll back and begin again with the lock alone."""


def lock_intake(organization_id: int, *, exclusive: bool) -> None:
    """Takes the intake lock, shared or alone, until the transaction ends."""
    if connection.vendor == "postgresql":
        function = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", [organization_id, INTAKE])
