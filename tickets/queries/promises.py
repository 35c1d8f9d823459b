"""Promises as the desk lists them: whose, and how pressing; who can keep one, and the ticket that it was made in."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import Center, Organization, Person, Role
from accounts.queries import NotFound, centers_for, organization_for
from customers.models import Promise
from customers.models.promise import PromiseQuerySet
from customers.policies import may_keep_promises, sight_of
from customers.queries.promises import ShownPromise, emails_of, shown_promise
from customers.queries.wording import Wording
from tickets.models import PromiseSettings, Ticket
from tickets.models.promise_settings import DEFAULT_LEAD_MINUTES
from tickets.policies import reach_of, tickets_reached
from tickets.queries.cursors import read_cursor, write_cursor
from tickets.queries.inbox import Row, listed, rows_of
from tickets.queries.names import agent_names

PAGE_SIZE = 30
# The badge says so much and no more.
MOST_COUNTED = 99
_NO_TIME, _TIMED = "n", "t"
_FAR = datetime(3000, 1, 1, tzinfo=UTC)


class Whose(StrEnum):
    MINE = "mine"
    CENTER = "center"


class When(StrEnum):
    ALL = "all"
    TODAY = "today"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class ListedPromise:
    """`row` is its ticket's; None where that is outside of her reach."""

    shown: ShownPromise
    row: Row | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class PromisePage:
    promises: list[ListedPromise]
    next_cursor: str = ""


def promise_for(person: Person, public_id: UUID) -> Promise:
    """A promise to any customer of her organization: whoever serves one sees what she was promised. Raises NotFound."""
    rows = Promise.objects.filter(organization=person.organization_id, public_id=public_id)
    promise = rows.select_related("organization", "center").first()
    if promise is None or not may_keep_promises(person, promise):
        raise NotFound
    return promise


def promises_listed(
    person: Person, *, whose: Whose, when: When, now: datetime, cursor: str = "", size: int = PAGE_SIZE
) -> PromisePage:
    """Open promises, the earliest due first, those without a time last. A fixed number of statements."""
    organization = organization_for(person)
    rows = _of(person, whose).filter(_due(when, now)).select_related("center", "organization")
    letter, after = read_cursor(cursor)
    if after is not None:
        at, pk = after
        behind = Q(due_at=None, pk__gt=pk)
        if letter == _TIMED:
            behind = Q(due_at__gt=at) | Q(due_at=at, pk__gt=pk) | Q(due_at=None)
        rows = rows.filter(behind)
    found = list(rows.order_by(F("due_at").asc(nulls_last=True), "pk")[: size + 1])
    shown, last = found[:size], found[size - 1] if len(found) > size else None
    end = write_cursor(_TIMED if last.due_at else _NO_TIME, last.due_at or _FAR, last.pk) if last else ""
    wording = Wording(agents=agent_names(organization.pk, emails_of(shown)), sight=sight_of(person))
    by_promise = _rows_of(person, shown)
    return PromisePage(
        [ListedPromise(shown_promise(one, wording), by_promise.get(one.pk), one.is_overdue(now)) for one in shown], end
    )


def pressing_promises(person: Person) -> int:
    """How many of her own promises are due today or should have been kept, for the rail. One statement."""
    mine = _of(person, Whose.MINE).filter(_due(When.TODAY, timezone.now()) | _due(When.OVERDUE, timezone.now()))
    return len(mine.values_list("pk", flat=True)[: MOST_COUNTED + 1])


def counts_of_promises(person: Person, whose: Whose, *, now: datetime) -> dict[When, int]:
    rows = _of(person, whose)
    return {when: rows.filter(_due(when, now)).values("pk")[: MOST_COUNTED + 1].count() for when in When}


def tickets_of_promises(organization_id: int, promises: Iterable[Promise]) -> dict[int, Ticket]:
    """By promise, the ticket it was made in: the one of its conversation that had begun by then. One statement."""
    made = list(promises)
    threads: dict[str, list[Ticket]] = {}
    rows = Ticket.objects.standing().filter(organization=organization_id, thread__in={one.thread for one in made})
    for ticket in rows.select_related("center").order_by("opened_at", "pk"):
        threads.setdefault(ticket.thread, []).append(ticket)
    found = {}
    for one in made:
        if tickets := threads.get(one.thread):
            begun = [ticket for ticket in tickets if ticket.opened_at <= one.made_at]
            found[one.pk] = begun[-1] if begun else tickets[0]
    return found


def keepers_for(promise: Promise, ticket: Ticket | None) -> list[Person]:
    """Who can be asked to keep it: those who answer for its ticket's center; without one, everybody who answers."""
    people = Person.objects.filter(organization=promise.organization_id, is_active=True).exclude(role=Role.STORE_STAFF)
    if ticket is not None and ticket.center_id is not None:
        of_center = Q(centers=ticket.center_id) | Q(role=Role.OWNER) | Q(email=promise.owner_email)
        people = people.filter(of_center).distinct()
    return list(people.order_by("name", "pk"))


def centers_keeping(organization: Organization) -> list[Center]:
    return list(Center.objects.filter(organization=organization).order_by("name", "pk"))


def lead_of(organization: Organization) -> timedelta:
    """How much business time before a promise falls due its owner is told."""
    minutes = PromiseSettings.objects.filter(organization=organization).values_list("lead_minutes", flat=True).first()
    return timedelta(minutes=DEFAULT_LEAD_MINUTES if minutes is None else minutes)


def _of(person: Person, whose: Whose) -> PromiseQuerySet:
    rows = Promise.objects.open().filter(organization=person.organization_id)
    if whose is Whose.MINE:
        return rows.filter(owner_email=person.email)
    reach = reach_of(person)
    if reach is None:
        return rows.none()
    in_reach = Ticket.objects.standing().filter(
        reach.rows, organization=reach.organization_id, thread=OuterRef("thread")
    )
    return rows.filter(Exists(in_reach) | Q(center__in=centers_for(person).order_by().values("pk")))


def _due(when: When, now: datetime) -> Q:
    """Today is the rest of it: what should have been kept this morning is overdue."""
    if when is When.ALL:
        return Q()
    if when is When.OVERDUE:
        return Q(due_at__lt=now)
    return Q(
        due_at__gte=now,
        due_at__lte=datetime.combine(timezone.localdate(now), time.max, tzinfo=timezone.get_current_timezone()),
    )


def _rows_of(person: Person, promises: Collection[Promise]) -> dict[int, Row]:
    if not promises:
        return {}
    tickets = tickets_of_promises(person.organization_id or 0, promises)
    in_reach = listed(tickets_reached(person).filter(pk__in={ticket.pk for ticket in tickets.values()}))
    rows = {row.ticket.pk: row for row in rows_of(person, in_reach)}
    return {pk: rows[ticket.pk] for pk, ticket in tickets.items() if ticket.pk in rows}
