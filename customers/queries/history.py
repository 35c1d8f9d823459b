# ruff: noqa: S608 - put together here of constants and places for values
"""One customer's history: what named her, and what was said and done in the conversations she is part of.

An agent's reply, a note or the end of a call names no customer; it is hers through its thread.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from accounts.models import Organization
from customers.models import Customer, Event
from cxhub.plain_sql import among, fetch, instant, marks
from cxhub.prepared import Prepared, Told

# Threads are looked for among this many of her newest events: bounded work even for a wholesale buyer.
NAMED_EVENTS_SEARCHED = 2000


def member_ids(customer: Customer) -> list[int]:
    """The keys of all rows of her group. One statement."""
    group = Customer.objects.filter(organization=customer.organization_id)
    return list(group.in_groups([customer.root_id]).values_list("id", flat=True))


def threads_of(organization: Organization, members: Collection[int]) -> set[str]:
    """The conversations in which she is named. One statement."""
    statement = (
        f"SELECT thread FROM customers_event WHERE {_NAMED.format(marks(members))} AND {IN_A_THREAD}"
        f" ORDER BY time DESC, id DESC LIMIT {NAMED_EVENTS_SEARCHED}"
    )
    return {thread for (thread,) in fetch(statement, [organization.pk, *members])} if members else set()


def history_of(
    organization: Organization,
    members: Collection[int],
    *,
    before: tuple[datetime, int] | None = None,
    limit: int = 50,
    channels: Collection[str] = (),
    threads: Collection[str] | None = None,
) -> list[Event]:
    """Her newest `limit` events, newest first by (time, key), older than the cursor `before`. Three statements.

    `channels` keeps only events of those channels; what has no channel of its own (a note, a resolve) is then left out.
    `threads` are hers, where the caller has read them already: a statement less.
    """
    if threads is None:
        threads = threads_of(organization, members)
    keys = _newest_keys(organization, members, threads, before=before, limit=limit, channels=channels)
    return _EVENTS(ids=keys) if keys else []


# The index of conversations holds only what stands in one, and is taken only where a statement says so itself.
IN_A_THREAD = "NOT (thread = '')"
STANDS_IN_A_THREAD = RawSQL(IN_A_THREAD, (), output_field=BooleanField())  # noqa: S611 - a constant
_NAMED = "organization_id = %s AND customer_id IN ({})"
_BEGINNING = datetime(1, 1, 2, tzinfo=UTC)
_EVENTS = Prepared(
    lambda: (
        Event.objects.filter(id__any_of=Told("ids"))
        .select_related("store")
        .defer("content_hash", "store__created_at")
        .newest_first()
    )
)


def _newest_keys(
    organization: Organization,
    members: Collection[int],
    threads: Collection[str],
    *,
    before: tuple[datetime, int] | None,
    limit: int,
    channels: Collection[str],
) -> list[int]:
    """Keys first: of both kinds `limit` rows come together, and half of them would be read for nothing."""
    if not members:
        return []
    further, values = "", list[Any]()
    if channels:
        further, values = f" AND channel IN ({marks(channels)})", [*channels]
    if before is not None:
        time, key = instant(before[0]), before[1]
        # The first condition alone bounds the index scan; PostgreSQL does not see it inside the disjunction.
        further, values = f"{further} AND time <= %s AND (time < %s OR id < %s)", [*values, time, time, key]
    newest = f"ORDER BY time DESC, id DESC LIMIT {limit:d}"
    in_threads, told = among("thread", threads)
    # What is older than all of a full page that names her cannot be among the newest.
    since = f"COALESCE((SELECT CASE WHEN count(*) = {limit:d} THEN min(time) END FROM named), %s)"
    named = f"SELECT id, time FROM customers_event WHERE {_NAMED.format(marks(members))}{further} {newest}"
    nameless = (
        "SELECT id, time FROM customers_event WHERE organization_id = %s AND customer_id IS NULL"
        f" AND {in_threads} AND {IN_A_THREAD}{further} AND time >= {since} {newest}"
    )
    statement = (
        f"WITH named AS ({named}), nameless AS ({nameless}) SELECT id FROM"
        f" (SELECT * FROM named UNION ALL SELECT * FROM nameless) AS both_kinds {newest}"
    )
    rows = fetch(statement, [organization.pk, *members, *values, organization.pk, told, *values, instant(_BEGINNING)])
    return [pk for (pk,) in rows]
