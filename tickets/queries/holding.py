"""Which ticket holds an event: a function of the thread, not stored anywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.models import Organization
from customers.incoming import PlacedEvent
from tickets.models import Ticket


def tickets_holding(organization: Organization, events: Sequence[PlacedEvent]) -> dict[int, UUID]:
    """For each event (by key) that stands in a ticket now: that ticket's public id. One statement."""
    threads = {event.thread for event in events if event.thread}
    if not threads:
        return {}
    rows = Ticket.objects.filter(organization=organization, thread__in=threads).standing()
    starts: dict[str, list[tuple[tuple[datetime, int, str, str], UUID]]] = defaultdict(list)
    fields = ("opened_event__time", "opened_event__rank", "opened_event__source", "opened_event__event_id")
    for thread, public_id, *order in rows.values_list("thread", "public_id", *fields):
        starts[thread].append(((order[0], order[1], order[2], order[3]), public_id))
    found = {}
    for event in events:
        before = [start for start in starts.get(event.thread, ()) if start[0] <= event.order]
        if before:
            found[event.pk] = max(before)[1]
    return found
