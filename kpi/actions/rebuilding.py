"""Builds the facts of some days again, from the events alone. What it leaves is, row for row, what following has built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import Organization
from customers.models import Event
from kpi.actions.days import pack_day
from kpi.actions.following import WORKED_AT_ONCE, catch_up, hold, note_merges
from kpi.actions.keeping import mark_stale
from kpi.actions.working import work_customers, work_surveys, work_threads
from kpi.facts.fact import OF_CUSTOMERS
from kpi.models import Day, FactRow
from kpi.queries.question import midnight
from tickets.models import Ticket

Told = Callable[[str, int], None]
Value = TypeVar("Value")
SURVEYS = ("survey.sent", "survey.answered")
READ_AT_ONCE = 2000
# A target may fall due so long after the last event of its ticket, and then be a fact of that day.
DUE_LATER = timedelta(days=90)


def rebuild(
    organization: Organization, first: date, end: date, *, at: datetime, tell: Told = lambda _what, _count: None
) -> int:
    """Builds all facts that belong to days `[first, end)` again; returns how many there are now.

    Each part is a transaction of its own: killed, it leaves facts that are right, and may be called again. `tell` hears
    what is done ("threads", "customers", "days") and how much of it.
    """
    note_merges(organization, at=at)
    catch_up(organization, at=at)
    customers: set[int] = set()
    for number, threads in enumerate(_parts(_threads(organization, first, end)), 1):
        with transaction.atomic():
            hold(organization)
            customers |= work_threads(organization, threads)
        tell("threads", len(threads))
        # Whenever there may be twice as many.
        if number & (number - 1) == 0:
            _let_planner_know()
    customers |= _stored_customers(organization, first, end)
    for some in _parts(sorted(customers)):
        with transaction.atomic():
            hold(organization)
            work_customers(organization, some)
        tell("customers", len(some))
    _rebuild_surveys(organization, first, end)
    with transaction.atomic():
        hold(organization)
        _drop_orphans(organization, first, end)
    return _pack(organization, first, end, tell)


def _let_planner_know() -> None:
    """Of a table that has grown a thousandfold at once PostgreSQL believes that it is small, until autovacuum comes round: each
    look-up of a few tickets then reads all facts of a name (4 million facts: 3 s instead of 10 ms)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {FactRow._meta.db_table}")


def _parts(values: Iterable[Value]) -> Iterator[list[Value]]:
    rest = iter(values)
    while some := list(islice(rest, WORKED_AT_ONCE)):
        yield some


def _threads(organization: Organization, first: date, end: date) -> Iterator[str]:
    """The threads that may have a fact on these days, from what stands in the tickets and in the facts."""
    start, stop = (midnight(day, organization.zone) for day in (first, end))
    stored = FactRow.objects.filter(
        organization=organization, day__gte=first, day__lt=end, ticket=OuterRef("pk"), event_id=0
    )
    tickets = Ticket.objects.filter(organization=organization).filter(
        Q(opened_at__lt=stop, last_event_at__gte=start - DUE_LATER) | Exists(stored)
    )
    after, last = 0, ""
    while some := list(tickets.filter(pk__gt=after).order_by("pk").values_list("pk", "thread")[:READ_AT_ONCE]):
        after = some[-1][0]
        for thread in dict.fromkeys(thread for _, thread in some):
            if thread != last:
                yield thread
            last = thread
    # What was sent or answered in a thread that never came to a ticket.
    surveys = Event.objects.filter(organization=organization, type__in=SURVEYS, time__gte=start, time__lt=stop)
    held = Ticket.objects.filter(organization=organization, thread=OuterRef("thread"))
    yield from surveys.exclude(thread="").exclude(Exists(held)).values_list("thread", flat=True).distinct()


def _rebuild_surveys(organization: Organization, first: date, end: date) -> None:
    start, stop = (midnight(day, organization.zone) for day in (first, end))
    events = Event.objects.filter(
        organization=organization, thread="", type__in=SURVEYS, time__gte=start, time__lt=stop
    )
    told = set(events.values_list("customer_id", flat=True).distinct())
    nobodys = events.filter(customer=None).values_list("pk", flat=True)
    for some in _parts(sorted(pk for pk in told if pk is not None)):
        with transaction.atomic():
            hold(organization)
            work_surveys(organization, customers=some)
    for some in _parts(nobodys.iterator()):
        with transaction.atomic():
            hold(organization)
            work_surveys(organization, events=some)


def _stored_customers(organization: Organization, first: date, end: date) -> set[int]:
    rows = FactRow.objects.filter(organization=organization, day__gte=first, day__lt=end, name__in=OF_CUSTOMERS)
    return set(rows.exclude(customer_id=0).values_list("customer_id", flat=True).distinct())


def _drop_orphans(organization: Organization, first: date, end: date) -> None:
    """Facts of what there is no more."""
    rows = FactRow.objects.filter(organization=organization, day__gte=first, day__lt=end)
    tickets = Ticket.objects.filter(pk=OuterRef("ticket")).standing()
    rows.filter(ticket__isnull=False).exclude(Exists(tickets)).delete()
    rows.exclude(event_id=0).exclude(Exists(Event.objects.filter(pk=OuterRef("event_id")))).delete()


def _pack(organization: Organization, first: date, end: date, tell: Told) -> int:
    days = set(Day.objects.filter(organization=organization, day__gte=first, day__lt=end).values_list("day", flat=True))
    stored = FactRow.objects.filter(organization=organization, day__gte=first, day__lt=end)
    days |= set(stored.values_list("day", flat=True).distinct())
    for some in _parts(sorted(days)):
        with transaction.atomic():
            hold(organization)
            mark_stale(organization, some)
            for day in some:
                pack_day(organization, day)
        tell("days", len(some))
    return stored.count()
