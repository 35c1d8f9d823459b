"""What an organization's facts were at an instant of the past: as if nothing later had happened.

Most stored facts are what they were: only tickets that have gone on since, and customers who have been found to be one
since, were otherwise then. Their threads are folded again, up to the instant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from accounts.models import Organization
from customers.models import Event
from kpi.facts.customer import ISSUE_WINDOW, TicketSummary, facts_of_customer
from kpi.facts.row import Row, row_of
from kpi.facts.thread import ThreadFacts, facts_of_thread, summary_of
from kpi.models import FactRow
from kpi.queries.known_then import KnownThen, known_then
from kpi.queries.question import Period
from kpi.queries.sources import Groups, events_of_threads, groups_of, rules_of, sales_of, scores_of
from tickets.models import Ticket

THREADS_AT_ONCE = 1000


@dataclass(slots=True)
class AsOf:
    """Stored facts of `tickets` do not count, `rows` do instead; `roots` are of customers who were others then."""

    tickets: set[int] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    roots: dict[int, int] = field(default_factory=dict)
    # Of the events that opened tickets then: the tickets that are theirs now.
    keys: dict[int, int] = field(default_factory=dict)
    _days: set[date] = field(default_factory=set)

    def days(self, period: Period) -> set[date]:
        """The days of the period on which some stored fact does not count."""
        return {day for day in self._days if day in period}


def as_of(organization: Organization, now: datetime) -> AsOf | None:
    """What was otherwise at `now`; None where nothing has happened since."""
    # Asked for the latest, a planner has no choice but the index that has it first.
    latest = Event.objects.filter(organization=organization).newest_first().values_list("time", flat=True)[:1]
    if all(time <= now for time in latest):
        return None
    then = known_then(organization, now)
    tickets = Ticket.objects.filter(organization=organization).standing()
    gone_on = tickets.filter(opened_at__lte=now, last_event_at__gt=now)
    # One that was opened soon after may go on with an issue that there was.
    joined = tickets.filter(opened_at__gt=now, opened_at__lt=now + ISSUE_WINDOW)
    customers = set(gone_on.exclude(customer=None).values_list("customer_id", flat=True))
    customers |= set(joined.exclude(customer=None).values_list("customer_id", flat=True))
    groups = groups_of(organization, customers | then.customers)
    members = [pk for some in groups.members.values() for pk in some]
    threads = set(gone_on.values_list("thread", flat=True)) | then.threads
    threads |= set(tickets.filter(customer__in=members, opened_at__lte=now).values_list("thread", flat=True))
    if not threads:
        return None
    return _folded(organization, threads, groups, then, now)


def _folded(
    organization: Organization, threads: Collection[str], groups: Groups, then: KnownThen, now: datetime
) -> AsOf:
    found = AsOf()
    in_order = sorted(threads)
    summaries: dict[int, list[TicketSummary]] = {}
    sales = _sales(organization, groups, then, now)
    for begin in range(0, len(in_order), THREADS_AT_ONCE):
        for told in _fold(organization, in_order[begin : begin + THREADS_AT_ONCE], then, now, found):
            for opened, watched in told.tickets.items():
                customer = watched.ticket.customer_id or 0
                root = then.roots.get(customer, groups.roots.get(customer, customer))
                if root:
                    summaries.setdefault(root, []).append(summary_of(watched, opened))
    for root, some in summaries.items():
        for ticket, fact in facts_of_customer(some, sales.get(root, [])):
            found.rows.append(row_of(fact, found.keys.get(ticket.key), organization.zone))
    found.roots = then.roots
    facts = FactRow.objects.filter(organization=organization, ticket__in=found.tickets)
    # Each as an index has it.
    for days in (facts.filter(event_id=0), facts.exclude(event_id=0)):
        found._days |= set(days.values_list("day", flat=True).distinct())
    return found


def _fold(
    organization: Organization, threads: Collection[str], then: KnownThen, now: datetime, found: AsOf
) -> Iterable[ThreadFacts]:
    rules = rules_of(organization)
    stored = Ticket.objects.filter(organization=organization, thread__in=threads)
    for pk, opened in stored.values_list("pk", "opened_event_id"):
        found.tickets.add(pk)
        found.keys[opened] = pk
    events = {
        thread: [then.told(event) for event in some if event.time <= now]
        for thread, some in events_of_threads(organization, threads).items()
    }
    scores = scores_of(organization, (event for some in events.values() for event in some))
    for thread, some in events.items():
        told = facts_of_thread(thread, some, rules, scores)
        # Of no stored ticket: a survey's fact where there was no ticket stands as it is stored.
        found.rows += [row_of(fact, found.keys.get(opened), rules.zone) for opened, fact in told.facts if opened]
        yield told


def _sales(organization: Organization, groups: Groups, then: KnownThen, now: datetime) -> dict[int, list[datetime]]:
    found = {root: list(sales) for root, sales in then.sales.items()}
    members = [pk for pk, root in groups.roots.items() if root and pk not in then.customers]
    since = now - timedelta(days=3660)
    for customer, at in sales_of(organization, members, since=since):
        if at <= now:
            found.setdefault(groups.roots[customer], []).append(at)
    for sales in found.values():
        sales.sort()
    return found
