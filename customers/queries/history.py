"""One customer's history: what named her, and what was said and done in the conversations she is part of.

An agent's reply, a note or the end of a call names no customer; it is hers through its thread.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.models import Organization
from customers.models import Customer, Event

# Threads are looked for among this many of her newest events: bounded work even for a wholesale buyer.
NAMED_EVENTS_SEARCHED = 2000


def member_ids(customer: Customer) -> list[int]:
    """The keys of all rows of her group. One statement."""
    group = Customer.objects.filter(organization=customer.organization_id)
    return list(group.in_groups([customer.root_id]).values_list("id", flat=True))


def threads_of(organization: Organization, members: Collection[int]) -> set[str]:
    """The conversations in which she is named. One statement."""
    named = Event.objects.filter(organization=organization, customer__in=members).exclude(thread="")
    return set(named.order_by("-time", "-id").values_list("thread", flat=True)[:NAMED_EVENTS_SEARCHED])


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
    named = Event.objects.filter(organization=organization, customer__in=members)
    if threads is None:
        threads = threads_of(organization, members)
    # Said again for SQLite, which takes the index of conversations only where the query repeats its condition.
    nameless = Event.objects.filter(organization=organization, customer=None, thread__in=threads).exclude(thread="")
    found: list[Event] = []
    for part in (named, nameless):
        rows = part.filter(channel__in=channels) if channels else part
        if before is not None:
            rows = rows.older_than(before)
        if len(found) == limit:
            rows = rows.filter(time__gte=found[-1].time)  # what is older than all of these cannot be among the newest
        found += rows.select_related("store").defer("content_hash").newest_first()[:limit]
    found.sort(key=lambda event: (event.time, event.pk), reverse=True)
    return found[:limit]
