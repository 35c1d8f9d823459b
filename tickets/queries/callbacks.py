"""The call-back list as a person reaches it, and what a missed call needs to be settled.

As many tickets are read as wait to be called back, however many calls there have been (index `ticket_missed_call`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from accounts.in_force import Schedules, kept_schedules_of
from accounts.models import Organization, Person, Role
from accounts.policies import center_is_reached
from accounts.queries import NotFound, organization_for
from customers.models import Customer, Event
from customers.phone_numbers import PhoneKind, parse_phone
from customers.policies import sight_of
from customers.queries.profiles import Profile, profiles_of
from cxhub.prepared import Prepared, Told
from tickets.call_states import ON_CALL, OVER
from tickets.callbacks import Attempt, CallBack, Missed, call_backs, reason_of
from tickets.countdown import Countdown, countdown
from tickets.models import Ticket
from tickets.models.ticket import TicketQuerySet
from tickets.policies import may_answer, reach_of
from tickets.queries.names import agent_names

# Who has waited longest comes first; nobody reads further than this, and somebody must have stopped calling back.
MOST_READ = 500
# Within how much business time to call back, where the center has no target to the resolution of calls.
CALL_BACK_SECONDS = 60 * 60
COUNTDOWN = "call_back"


@dataclass(frozen=True, slots=True)
class ShownAttempt:
    at: datetime
    agent: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ShownCallBack:
    """An entry as its reader may see it. `number` is what to dial, "" where it was withheld; `phone` is what is shown."""

    entry: CallBack
    ticket_id: UUID
    profile: Profile | None
    number: str
    phone: str
    center: str
    agent: str
    attempts: tuple[ShownAttempt, ...]
    due: Countdown | None

    @property
    def call_count(self) -> int:
        return len(self.entry.calls)


@dataclass(frozen=True, slots=True)
class _Call:
    """A missed call's ticket, and what its events tell."""

    ticket: Ticket
    number: str = ""
    reason: str = ""
    left_at: datetime | None = None
    attempts: tuple[Attempt, ...] = ()

    @property
    def caller(self) -> str:
        customer = self.ticket.customer
        if customer is not None:
            return f"customer {customer.root_id}"
        return f"number {self.number}" if self.number else f"call {self.ticket.thread}"


def missed_calls() -> TicketQuerySet:
    """Calls that came in, were not answered, and of which nobody has said that they are settled."""
    is_waiting = Q(waiting_since__isnull=False) | Q(first_response_at=None)
    return Ticket.objects.open().filter(
        is_waiting, call_state=Ticket.CallState.ABANDONED, opened_by="customer", channel="call"
    )


def call_backs_for(person: Person, *, center: UUID | None = None) -> list[ShownCallBack]:
    """Who is to be called back in the centers that she reaches. A constant number of statements."""
    rows = _reached(person)
    if center is not None:
        rows = rows.filter(center__public_id=center)
    return _shown(person, _calls(_read(rows)))


def _counted(reached: Q) -> Prepared[tuple[str, int | None, int | None]]:
    def build() -> QuerySet[Ticket, tuple[str, int | None, int | None]]:
        rows = missed_calls().filter(reached, organization_id=Told("organization_id")).order_by("opened_at", "pk")
        return rows.values_list("thread", "customer_id", "customer__merged_into_id")[:MOST_READ]

    return Prepared(build)


# Every page of those who answer asks.
_COUNTED = _counted(Q(center=None) | center_is_reached(Told("person"), "center"))
_COUNTED_ANYWHERE = _counted(Q())


def call_back_count(person: Person) -> int:
    """How many entries her list has. One statement; two where numbers of nobody known have called."""
    if not may_answer(person) or person.organization_id is None:
        return 0
    asked = _COUNTED_ANYWHERE if person.role == Role.OWNER else _COUNTED
    found = asked(organization_id=person.organization_id, person=person.pk)
    known = {merged_into or customer for _thread, customer, merged_into in found if customer}
    strangers = [thread for thread, customer, _merged_into in found if not customer]
    numbers = _numbers(person.organization_id, strangers)
    return len(known) + len({numbers.get(thread) or thread for thread in strangers})


def call_back_for(person: Person, ticket_id: UUID) -> tuple[ShownCallBack, list[Ticket]]:
    """The entry that this ticket belongs to, and the tickets of all its calls. Raises NotFound where there is none."""
    mine = _reached(person).filter(public_id=ticket_id).select_related("customer").first()
    if mine is None:
        raise NotFound
    rows = _reached(person)
    if mine.customer is not None:
        root = mine.customer.root_id
        rows = rows.filter(Q(customer=root) | Q(customer__merged_into=root))
    else:
        rows = rows.filter(customer=None)
    calls = _calls(_read(rows))
    caller = next(call.caller for call in calls if call.ticket.pk == mine.pk)
    same = [call for call in calls if call.caller == caller]
    (shown,) = _shown(person, same)
    return shown, [call.ticket for call in same]


def spoken_since(organization: Organization, roots: Collection[int], since: datetime) -> dict[int, datetime]:
    """When each of these customers (roots of their groups) was last spoken to on the phone. Two statements."""
    members = Customer.objects.filter(organization=organization).in_groups(roots)
    root_of = {pk: merged_into or pk for pk, merged_into in members.values_list("pk", "merged_into_id")}
    talked = Ticket.objects.standing().filter(
        Q(call_state__in=ON_CALL) | Q(call_state__in=OVER, call_seconds__isnull=False),
        organization=organization,
        customer__in=root_of,
        channel="call",
        call_since__gt=since,
    )
    latest: dict[int, datetime] = {}
    for customer, at in talked.values_list("customer_id").annotate(at=Max("call_since")):
        root = root_of[customer]
        latest[root] = max(at, latest.get(root, at))
    return latest


def _reached(person: Person) -> TicketQuerySet:
    reach = reach_of(person)
    if reach is None or not may_answer(person):
        return Ticket.objects.none()
    return missed_calls().filter(reach.rows, organization_id=reach.organization_id)


def _read(rows: TicketQuerySet) -> list[Ticket]:
    return list(rows.select_related("customer", "center").order_by("opened_at", "pk")[:MOST_READ])


def _calls(tickets: Sequence[Ticket]) -> list[_Call]:
    """With what the events of their threads tell. One statement."""
    if not tickets:
        return []
    rows = Event.objects.filter(
        organization_id=tickets[0].organization_id,
        thread__in=[ticket.thread for ticket in tickets],
        type__in=("call.queued", "call.abandoned", "callback.tried"),
    ).exclude(thread="")
    by_thread: dict[str, list[Any]] = defaultdict(list)
    for row in rows.order_by("time", "pk").values_list("thread", "type", "time", "agent_email", "qualifier", "data"):
        by_thread[row[0]].append(row)
    return [_told(ticket, by_thread[ticket.thread]) for ticket in tickets]


def _told(ticket: Ticket, events: Iterable[Any]) -> _Call:
    number, reason, left_at, attempts = "", "", None, []
    for thread, kind, time, agent_email, qualifier, data in events:
        if kind == "call.queued":
            number = _dialled(data)
        elif kind == "call.abandoned":
            reason, left_at = str(data.get("reason") or ""), time
        else:
            attempts.append(Attempt(thread, time, agent_email, qualifier))
    return _Call(ticket, number, reason, left_at, tuple(attempts))


def _numbers(organization_id: int, threads: Collection[str]) -> dict[str, str]:
    if not threads:
        return {}
    rows = Event.objects.filter(organization_id=organization_id, thread__in=threads, type="call.queued")
    return {thread: _dialled(data) for thread, data in rows.exclude(thread="").values_list("thread", "data")}


def _dialled(data: dict[str, Any]) -> str:
    """The number that called, where one can call it back; "" where it was withheld or is none."""
    phone = parse_phone(str(data.get("from") or ""))
    return "" if phone.kind in (PhoneKind.WITHHELD, PhoneKind.INVALID) else phone.e164 or phone.digits


def _shown(person: Person, calls: Sequence[_Call]) -> list[ShownCallBack]:
    organization, sight, now = organization_for(person), sight_of(person), timezone.now()
    schedules = kept_schedules_of(organization)
    by_thread = {call.ticket.thread: call for call in calls}
    entries = call_backs(
        (_missed(call, schedules) for call in calls), (attempt for call in calls for attempt in call.attempts)
    )
    roots = {call.ticket.customer.root_id for call in calls if call.ticket.customer is not None}
    profiles = profiles_of(organization, list(roots), sight=sight) if roots else {}
    emails = {entry.agent_email for entry in entries} | {one.agent_email for e in entries for one in e.attempts}
    names = agent_names(organization.pk, emails)
    found = []
    for entry in entries:
        call = by_thread[entry.last.thread]
        ticket = call.ticket
        profile = profiles[ticket.customer.root_id] if ticket.customer is not None else None
        number = call.number or _own_number(profile)
        found.append(
            ShownCallBack(
                entry,
                ticket.public_id,
                profile,
                number,
                sight.phone(number) if number else "",
                ticket.center.name if ticket.center else "",
                names.get(entry.agent_email, entry.agent_email),
                tuple(ShownAttempt(o.at, names.get(o.agent_email, o.agent_email), o.outcome) for o in entry.attempts),
                _due(by_thread[entry.first.thread].ticket, entry, schedules, now),
            )
        )
    return found


def _own_number(profile: Profile | None) -> str:
    return next(iter(profile.phones_to_dial), "") if profile is not None else ""


def _missed(call: _Call, schedules: Schedules) -> Missed:
    ticket = call.ticket
    left_at = call.left_at or ticket.last_event_at
    was_open = schedules.at(ticket.center_id, ticket.opened_at).hours.is_open(ticket.opened_at)
    called_at = ticket.response_started_at or ticket.opened_at
    reason = reason_of(call.reason, was_open=was_open)
    return Missed(call.caller, ticket.thread, called_at, left_at, reason, ticket.agent_email)


def _due(ticket: Ticket, entry: CallBack, schedules: Schedules, now: datetime) -> Countdown | None:
    """By when to call back: the center's target to the resolution of calls, in its business time."""
    called_at = entry.first.called_at
    in_force = schedules.at(ticket.center_id, called_at)
    seconds = in_force.resolution_seconds("call") or CALL_BACK_SECONDS
    due_at = in_force.hours.after(called_at, timedelta(seconds=seconds))
    return countdown(COUNTDOWN, due_at, seconds, hours=in_force.hours, now=now) if due_at else None
