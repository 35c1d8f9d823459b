"""What facts are made of, read for some threads or customers at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.in_force import schedules_of
from accounts.models import Center, Organization
from customers.models import Customer, Event
from kpi.facts.surveys import ANSWERED, CHANGED, SENT
from kpi.facts.thread import Rules
from tickets.actions.refold import with_merged
from tickets.actions.rows import events_from
from tickets.fold import MERGED
from tickets.state import ThreadEvent

SALE = "pos.sale"
# In the order of a `ThreadEvent`, but for its place in a thread.
_EVENT = (
    *("pk", "time", "rank", "source", "event_id", "type", "author", "agent_email", "text", "topic", "qualifier"),
    *("customer_id", "center_id", "store_id"),
)


def rules_of(organization: Organization) -> Rules:
    centers = dict(Center.objects.filter(organization=organization).values_list("slug", "pk"))
    return Rules(organization.zone, timedelta(days=organization.reopen_days), schedules_of(organization), centers)


def events_of_threads(organization: Organization, threads: Iterable[str]) -> dict[str, list[ThreadEvent]]:
    """All events of each thread in order, as its tickets were folded of: with what merged ones have said since."""
    found = events_from(organization, dict.fromkeys(threads))
    for thread, events in found.items():
        if any(event.type == MERGED for event in events):
            found[thread] = with_merged(organization, thread, events)
    return found


def scores_of(organization: Organization, events: Iterable[ThreadEvent]) -> dict[int, int]:
    """The score of each survey answer among these, by event key: that of its last change, where there is one among them.

    No statement where nothing is answered.
    """
    told = {event.pk: event for event in events if event.type in (ANSWERED, CHANGED)}
    if not told:
        return {}
    rows = Event.objects.filter(organization=organization, pk__in=told).values_list("pk", "public_id", "data")
    scores: dict[int, int] = {}
    changes: list[tuple[ThreadEvent, str, int]] = []
    named: dict[str | tuple[str, str], ThreadEvent] = {}
    for pk, public_id, data in rows:
        event = told[pk]
        if event.type == CHANGED:
            changes.append((event, str(data["answer"]), int(data["score"])))
        else:
            scores[pk] = int(data["score"])
            named |= {public_id.hex: event, (event.source, event.event_id): event}
    for change, answer, score in sorted(changes, key=lambda each: each[0].order):
        first = named.get(answer.replace("-", "")) or named.get((change.source, answer))
        if first is not None and first.qualifier == change.qualifier and first.order < change.order:
            scores[first.pk] = score
    return scores


def surveys_without_thread(
    organization: Organization, customers: Collection[int], events: Collection[int] = ()
) -> list[list[ThreadEvent]]:
    """Survey events that stand in no thread: those of each customer, in order, and of nobody's the `events`, each alone."""
    told = Event.objects.filter(organization=organization, thread="", type__in=(SENT, ANSWERED, CHANGED))
    found: dict[tuple[int, int], list[ThreadEvent]] = defaultdict(list)
    for some in (told.filter(customer__in=customers), told.filter(customer=None, pk__in=events)):
        for row in some.values_list(*_EVENT):
            event = ThreadEvent._make((*row, 0, False))
            found[(event.customer_id, 0) if event.customer_id else (0, event.pk)].append(event)
    return [sorted(some, key=lambda event: event.order) for some in found.values()]


@dataclass(frozen=True, slots=True)
class Groups:
    """Some customers as they are merged now: the root of each row; 0 where nobody is known (claims alone)."""

    roots: dict[int, int]
    members: dict[int, list[int]]


def groups_of(organization: Organization, customers: Iterable[int]) -> Groups:
    """The groups that the named customers are in, whole."""
    wanted = Customer.objects.filter(organization=organization, pk__in=set(customers))
    named = {merged_into or pk for pk, merged_into in wanted.values_list("pk", "merged_into")}
    rows = Customer.objects.filter(organization=organization).in_groups(named)
    members: dict[int, list[int]] = defaultdict(list)
    unknown: set[int] = set()
    roots: dict[int, int] = {}
    for pk, merged_into, is_unconfirmed in rows.order_by("pk").values_list("pk", "merged_into", "is_unconfirmed"):
        roots[pk] = merged_into or pk
        members[roots[pk]].append(pk)
        if is_unconfirmed and merged_into is None:
            unknown.add(pk)
    return Groups({pk: 0 if root in unknown else root for pk, root in roots.items()}, dict(members))


def sales_of(organization: Organization, customers: Collection[int], *, since: datetime) -> list[tuple[int, datetime]]:
    """(customer, when) of each purchase, in order of time."""
    rows = Event.objects.filter(organization=organization, customer__in=customers, type=SALE, time__gte=since)
    return [(pk, time) for pk, time in rows.order_by("time").values_list("customer_id", "time") if pk is not None]
