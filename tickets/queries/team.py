"""Those who answer, as their lead sees them on the live board: state, work and today's figures of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Role
from accounts.policies import people_reached
from accounts.queries import NotFound
from tickets.models import CenterRouting, Ticket
from tickets.models.availability import Cause, State
from tickets.queries.availability import GOING_ON, limits_of
from tickets.queries.figures import NONE_YET, Done, Figures, figures_by_agent
from tickets.queries.people import state_of_person


class Work(NamedTuple):
    """What somebody has to do: tickets that are hers, those whose customers wait, conversations that go on."""

    open: int = 0
    waiting: int = 0
    going_on: int = 0


class Order(TextChoices):
    """By what the team is sorted."""

    STATE = "state", _("State")
    NAME = "name", _("Name")
    WAITING = "waiting", _("Waiting for them")
    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered today")
    RESOLVED = "resolved", _("Resolved today")


@dataclass(frozen=True, slots=True)
class Member:
    person: Person
    state: State
    cause: Cause | None
    since: datetime | None
    limit: int
    centers: list[str]
    work: Work
    # Since when she has been talking with a customer.
    on_call_since: datetime | None
    today: Figures

    @property
    def is_full(self) -> bool:
        return self.work.going_on >= self.limit

    @property
    def why(self) -> str:
        """Why she is in her state, where that is not plain: "" for who is online, has said so herself, or is on a call."""
        is_plain = self.state == State.ONLINE or (self.cause == Cause.CALL and self.on_call_since is not None)
        return str(self.cause.label) if self.cause in _TOLD and not is_plain else ""


_TOLD = (Cause.IDLE, Cause.DROPPED, Cause.CALL, Cause.LEAD)


_STATES = {state: place for place, state in enumerate(State)}
_BY: dict[Order, Callable[[Member], int]] = {
    Order.STATE: lambda member: _STATES[member.state],
    Order.NAME: lambda member: 0,
    Order.WAITING: lambda member: -member.work.waiting,
    Order.OPEN: lambda member: -member.work.open,
    Order.ANSWERED: lambda member: -member.today.answered,
    Order.RESOLVED: lambda member: -member.today.resolved,
}


def answering_for(reader: Person, *, center: int | None = None) -> list[Person]:
    """Those who answer in the centers she reaches, or in this one, by name. At most four statements."""
    people = people_reached(reader).filter(is_active=True).exclude(role=Role.STORE_STAFF).exclude(centers=None)
    if center is not None:
        people = people.filter(centers=center)
    rows = people.select_related("availability").prefetch_related("centers__routing")
    return list(rows.order_by("name", "pk"))


def states_for(person: Person) -> list[tuple[Person, State]]:
    """Her colleagues and who of them is there: what everybody may know of everybody. The present first."""
    people = [one for one in answering_for(person) if one.pk != person.pk]
    return sorted(((one, state_of_person(one)) for one in people), key=lambda pair: _STATES[pair[1]])


def colleague_for(reader: Person, public_id: UUID) -> Person:
    """Somebody who answers and whom she reaches, but for herself. Raises NotFound."""
    people = people_reached(reader).filter(is_active=True, public_id=public_id).exclude(role=Role.STORE_STAFF)
    if (found := people.exclude(pk=reader.pk).first()) is None:
        raise NotFound
    return found


def team_for(
    reader: Person,
    *,
    center: int | None = None,
    at: datetime,
    done: Iterable[Done] = (),
    on_call: Mapping[str, datetime] | None = None,
) -> list[Member]:
    """Her team by name. `done` today and who is `on_call` are known from the board.

    At most six statements, however many people there are.
    """
    people = answering_for(reader, center=center)
    emails = [person.email for person in people]
    work = work_of(reader.organization_id or 0, emails, at=at)
    limits = limits_of(person.pk for person in people)
    figures = figures_by_agent(done)
    return [
        _member(
            person,
            limits.get(person.pk),
            work.get(person.email, Work()),
            (on_call or {}).get(person.email),
            figures.get(person.email, NONE_YET),
        )
        for person in people
    ]


def sorted_by(members: Iterable[Member], order: Order) -> list[Member]:
    """Sorted, equal ones as they stood."""
    return sorted(members, key=_BY[order])


def work_of(organization_id: int, emails: Collection[str], *, at: datetime) -> dict[str, Work]:
    """What each of them has to do; who has nothing is missing. One statement."""
    is_awake = Q(snoozed_until=None) | Q(snoozed_until__lte=at)
    is_going_on = (Q(waiting_since__isnull=False) | Q(last_message_at__gt=at - GOING_ON)) & ~Q(channel="call")
    rows = (
        Ticket.objects.open()
        .filter(organization_id=organization_id, agent_email__in=emails)
        .order_by()
        .values("agent_email")
        .annotate(
            held=Count("pk", filter=is_awake),
            waiting=Count("pk", filter=is_awake & Q(waiting_since__isnull=False)),
            going_on=Count("pk", filter=is_going_on),
        )
    )
    return {email: Work(*counts) for email, *counts in rows.values_list("agent_email", "held", "waiting", "going_on")}


def _member(person: Person, limit: int | None, work: Work, on_call_since: datetime | None, today: Figures) -> Member:
    row = getattr(person, "availability", None)
    centers = sorted(person.centers.all(), key=lambda center: center.name)
    of_centers = max((getattr(center, "routing", None) or CenterRouting()).chat_limit for center in centers)
    return Member(
        person=person,
        state=state_of_person(person),
        cause=Cause(row.cause) if row else None,
        since=row.since if row else None,
        limit=limit or of_centers,
        centers=[center.name for center in centers],
        work=work,
        on_call_since=on_call_since,
        today=today,
    )
