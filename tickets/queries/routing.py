"""What routing decides by: a center's queue, who could take from it, and whose agent is gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils.timezone import now

from accounts import queries
from accounts.models import Center, Person, Role
from accounts.opening import is_open
from customers.models import Customer, Event
from cxhub.prepared import Prepared, Told
from tickets.models import AgentRouting, Availability, CenterRouting, Ticket
from tickets.models.availability import State
from tickets.queries.availability import limits_of, loads_of
from tickets.routing import Candidate, Waiting


def routing_of(center: Center) -> CenterRouting:
    """How the center routes; by hand, where nothing is set."""
    return CenterRouting.objects.filter(center=center).first() or CenterRouting(
        organization_id=center.organization_id, center=center
    )


def is_open_at(center: Center, at: datetime) -> bool:
    """Whether somebody answers there at that instant, by hours and days off."""
    schedule = queries.schedule_at(center, at)
    return schedule is None or is_open(schedule.hours, schedule.holidays, at, center.organization.zone)


def queue_of(organization_id: int, center_id: int | None) -> QuerySet[Ticket]:
    """Those who wait for a written answer and have nobody, oldest first; what is snoozed is not due."""
    return _queue(Q(center=center_id), organization_id, now()).order_by("waiting_since", "pk")


def _queue(in_center: Q, organization_id: int | Told, at: datetime | Told) -> QuerySet[Ticket]:
    is_awake = Q(snoozed_until=None) | Q(snoozed_until__lte=at)
    rows = Ticket.objects.waiting().filter(is_awake, in_center, organization_id=organization_id, agent_email="")
    return rows.exclude(channel="call")


def _counting_before(in_center: Q) -> Prepared[tuple[int]]:
    def build() -> QuerySet[Ticket, tuple[int]]:
        since, key = Told("since"), Told("ticket_id")
        rows = _queue(in_center, Told("organization_id"), Told("now")).filter(waiting_since__lte=since)
        rows = rows.filter(Q(waiting_since__lt=since) | Q(waiting_since=since, pk__lt=key))
        # One group for all rows: `aggregate` is no queryset.
        return rows.order_by().values("organization").annotate(before=Count("pk")).values_list("before")

    return Prepared(build)


# Each message of somebody who waits asks one of these.
_BEFORE = _counting_before(Q(center=Told("center_id")))
_BEFORE_UNCLAIMED = _counting_before(Q(center=None))


def place_in_queue(organization_id: int, center_id: int | None, since: datetime, ticket_id: int) -> int:
    """1 for whoever is next among those who wait there. One statement on their index."""
    asked = _BEFORE_UNCLAIMED if center_id is None else _BEFORE
    found = asked.first(
        organization_id=organization_id, center_id=center_id, since=since, ticket_id=ticket_id, now=now()
    )
    return found[0] + 1 if found else 1


def available_in(center: Center, default_limit: int, *, at: datetime) -> list[Candidate]:
    """Whom routing may give something to. A bounded number of statements."""
    rows = list(
        Availability.objects.filter(
            organization_id=center.organization_id,
            state=State.ONLINE,
            gone_since=None,
            person__centers=center,
            person__is_active=True,
        )
        .exclude(person__role=Role.STORE_STAFF)
        .select_related("person")
    )
    keys = [row.person_id for row in rows]
    loads = loads_of(center.organization_id, [row.person.email for row in rows], at=at)
    limits, topics = limits_of(keys), _topics_of(keys)
    return [
        Candidate(
            email=row.person.email,
            load=loads[row.person.email],
            limit=limits.get(row.person_id, default_limit),
            topics=frozenset(topics[row.person_id]),
            given_at=row.given_at,
        )
        for row in rows
    ]


def _topics_of(people: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = AgentRouting.objects.filter(person__in=people, topics__isnull=False)
    for person, slug in rows.values_list("person_id", "topics__slug"):
        found[person].add(slug)
    return found


def waiting_of(tickets: Sequence[Ticket]) -> list[Waiting]:
    """What the decision needs to know of tickets in the queue. A bounded number of statements."""
    here, before = _answered_here(tickets), _served_before(tickets)
    return [
        Waiting(
            key=ticket.pk,
            since=ticket.waiting_since,
            topic=ticket.topic,
            served_by=tuple(dict.fromkeys([*here[ticket.thread], *before[ticket.pk]])),
        )
        for ticket in tickets
        if ticket.waiting_since is not None
    ]


def _answered_here(tickets: Sequence[Ticket]) -> dict[str, list[str]]:
    """Who has written in this very conversation: she may have come back meanwhile."""
    found: dict[str, list[str]] = defaultdict(list)
    threads = {ticket.thread: ticket.organization_id for ticket in tickets if ticket.messages_out}
    if threads:
        said = Event.objects.filter(
            organization_id__in=set(threads.values()), thread__in=threads, author="agent"
        ).exclude(agent_email="")
        last = said.values("thread", "agent_email").annotate(last=Max("thread_seq")).order_by("-last")
        for thread, email in last.values_list("thread", "agent_email"):
            found[thread].append(email)
    return found


def _served_before(tickets: Sequence[Ticket]) -> dict[int, list[str]]:
    """Who served the customer in other tickets, the latest first; a merged customer's other halves count."""
    found: dict[int, list[str]] = defaultdict(list)
    roots = {ticket.pk: ticket.customer.root_id for ticket in tickets if ticket.customer}
    if not roots:
        return found
    members = Customer.objects.filter(organization_id=tickets[0].organization_id).in_groups(set(roots.values()))
    root_of = {member.pk: member.root_id for member in members}
    served: dict[int, list[str]] = defaultdict(list)
    earlier = Ticket.objects.standing().filter(customer__in=root_of).exclude(agent_email="")
    for customer, email in earlier.order_by("-last_event_at", "-pk").values_list("customer_id", "agent_email"):
        served[root_of[customer or 0]].append(email)
    for key, root in roots.items():
        found[key] = served[root]
    return found


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A customer waits for somebody who is not there. `came_back`: who has worked on it since she went offline."""

    ticket: Ticket
    came_back: int | None


def left_behind_in(center: Center) -> list[LeftBehind]:
    """Where a customer waits for somebody who went offline or whose account was closed. Three statements at most."""
    gone = _gone_since(center.organization_id)
    waiting = Ticket.objects.waiting().filter(organization_id=center.organization_id, center=center)
    tickets = list(
        waiting.filter(agent_email__in=gone).exclude(channel="call").order_by("waiting_since", "pk") if gone else ()
    )
    worked = _last_worked(center.organization_id, tickets)
    found = []
    for ticket in tickets:
        person, since = gone[ticket.agent_email]
        last = worked.get((ticket.thread, ticket.agent_email))
        has_come_back = since is not None and last is not None and last > since
        found.append(LeftBehind(ticket, person if has_come_back else None))
    return found


def _last_worked(organization_id: int, tickets: Sequence[Ticket]) -> dict[tuple[str, str], datetime]:
    """When each ticket's agent last did something in it: was given it by a person, wrote, noted."""
    if not tickets:
        return {}
    done = Event.objects.filter(organization_id=organization_id, thread__in=[ticket.thread for ticket in tickets])
    done = done.exclude(agent_email="").exclude(type="ticket.unassigned").exclude(qualifier="rule")
    rows = done.values("thread", "agent_email").annotate(last=Max("time"))
    return {(thread, email): last for thread, email, last in rows.values_list("thread", "agent_email", "last")}


def _gone_since(organization_id: int) -> dict[str, tuple[int, datetime | None]]:
    """E-mail → key and since when she has been offline; None for a closed account. Who never came is not here."""
    people = Person.objects.filter(organization_id=organization_id).exclude(role=Role.STORE_STAFF)
    rows = people.filter(Q(is_active=False) | Q(availability__state=State.OFFLINE))
    return {
        email: (key, since if is_active else None)
        for email, key, since, is_active in rows.values_list("email", "pk", "availability__since", "is_active")
    }


def next_numbers(organization_id: int, threads: Collection[str]) -> dict[str, int]:
    """The number that the next event of each thread will have. Grows with whatever happens there."""
    rows = Event.objects.filter(organization_id=organization_id, thread__in=threads)
    found = rows.values("thread").annotate(last=Max("thread_seq")).values_list("thread", "last")
    return {thread: (last or 0) + 1 for thread, last in found}
