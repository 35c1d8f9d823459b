"""The lists of the inbox: which tickets stand in a view, in which order, and how many there are.

Pages go by key and not by number, so that a list that moves while somebody reads it skips nothing. What moves up
between two pages may come twice; the page drops it by its id.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Value
from django.utils import timezone

from accounts.models import Person
from accounts.queries import organization_for
from customers.policies import sight_of
from customers.queries.profiles import profiles_of
from cxhub.prepared import Prepared, Told
from tickets.countdown import Countdown
from tickets.models import Ticket, Topic
from tickets.models.ticket import TicketQuerySet
from tickets.policies import Reach
from tickets.queries.clocks import countdowns_of
from tickets.queries.cursors import microseconds_of, read_cursor, write_cursor
from tickets.queries.search import matching

# Two screens full: the first page is drawn on every click.
PAGE_SIZE = 30
# What a page that has loaded more may refresh at once.
LONGEST_REFRESH = 200
# Single rows that a page may ask for; beyond, the whole list costs less than finding each place in it.
ROWS_AT_ONCE = 20

_NAMES = Prepared(
    lambda: Person.objects.filter(organization_id=Told("organization_id"), email__any_of=Told("emails")).values_list(
        "email", "name"
    )
)
_TOPICS = Prepared(
    lambda: (
        Topic.objects.filter(organization_id=Told("organization_id"))
        .order_by("position", "slug")
        .values_list("slug", "name")
    )
)


class View(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    BREACHED = "breached"
    RESOLVED = "resolved"


CHANNELS = ("chat", "call", "message", "mail", "store")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person wants to see. `center` is a key of `accounts.Center`; `words` searches in all tickets.

    `resolved_since` bounds the resolved ones: of years of them nobody reads a list, and none could be counted live.
    `at` is as of when a target is missed; None: now.
    """

    view: View = View.OPEN
    center: int | None = None
    channel: str = ""
    words: str = ""
    resolved_since: datetime | None = None
    at: datetime | None = None


class Listed(NamedTuple):
    """A ticket with no more than a list shows: fifty rows of whole models take longer to make than to draw."""

    pk: int
    public_id: UUID
    thread: str
    channel: str
    status: str
    agent_email: str
    topic: str
    call_state: str
    opened_at: datetime
    waiting_since: datetime | None
    due_at: datetime | None
    due_kind: str
    last_event_at: datetime
    last_author: str
    last_text: str
    customer_id: int | None
    center_id: int | None
    merged_into_id: int | None
    center_name: str | None
    store_name: str | None

    @property
    def is_open(self) -> bool:
        return self.status == Ticket.Status.OPEN

    @property
    def is_waiting(self) -> bool:
        return self.is_open and self.waiting_since is not None

    @property
    def is_call(self) -> bool:
        return self.channel == "call"

    @property
    def root_id(self) -> int | None:
        """The customer whom the ticket's customer is part of now."""
        return self.merged_into_id or self.customer_id


_COLUMNS = (*Listed._fields[:-3], "customer__merged_into_id", "center__name", "store__name")


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket as the list shows it. `name` is whom the ticket's customer is part of now; "" where nobody is known.

    `order` sorts rows as strings, as the list they were asked for does; "" where there is no list.
    """

    ticket: Listed
    name: str
    agent_name: str
    topic_name: str
    order: str = ""
    countdown: Countdown | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`end` is the order of the last row where others follow; "" where none do."""

    rows: list[Row]
    next_cursor: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets stand in each view."""

    open: int = 0
    waiting: int = 0
    mine: int = 0
    unassigned: int = 0
    breached: int = 0
    resolved: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a list with one order: `by` and then the key, falling if `is_newest_first`."""

    letter: str
    rows: TicketQuerySet
    by: str
    is_newest_first: bool = False
    after: tuple[datetime, int] | None = field(default=None)


def page_of(reach: Reach, person: Person, asked: Asked, *, cursor: str = "", size: int = PAGE_SIZE) -> Page:
    """Returns the next `size` tickets after the cursor; an unreadable cursor begins anew. At most seven statements."""
    parts = _parts(_asked_for(reach, person, asked), asked)
    letter, after = read_cursor(cursor)
    letters = [part.letter for part in parts]
    start = letters.index(letter) if letter in letters else 0
    found: list[tuple[_Part, Listed]] = []
    for number, part in enumerate(parts[start:]):
        wanted = size + 1 - len(found)
        if wanted > 0:
            following = _after(part, after if number == 0 and letter in letters else None)
            found += [(part, ticket) for ticket in listed(following[:wanted])]
    shown = found[:size]
    next_cursor = _cursor_after(*shown[-1]) if len(found) > size else ""
    rows = rows_of(person, [ticket for _part, ticket in shown])
    ordered = [replace(row, order=_order(part.letter, ticket)) for row, (part, ticket) in zip(rows, shown, strict=True)]
    return Page(ordered, next_cursor, ordered[-1].order if next_cursor else "")


def some_of(reach: Reach, person: Person, asked: Asked, public_ids: Collection[UUID]) -> list[Row]:
    """The rows of these tickets, those of them that stand in the list. At most six statements."""
    if asked.words:
        found = listed(_asked_for(reach, person, asked).filter(public_id__in=public_ids))
    else:
        told = _told(reach, person, asked)
        found = [Listed(*values) for values in _some(reach, asked)(**told, public_ids=public_ids)]
    return [replace(row, order=_order(_letter_of(asked, row.ticket), row.ticket)) for row in rows_of(person, found)]


def counts_of(reach: Reach, person: Person, asked: Asked) -> Counts:
    """Counts all views under the same center and channel, in one statement."""
    found = _counting(reach, asked).first(**_told(reach, person, asked))
    return Counts(*found) if found else Counts()


def listed(tickets: QuerySet[Ticket]) -> list[Listed]:
    """The tickets of a list, in its order. One statement."""
    return [Listed(*values) for values in tickets.values_list(*_COLUMNS)]


def rows_of(person: Person, tickets: Collection[Listed]) -> list[Row]:
    """Gives tickets the names and the clocks that a list shows. At most five statements."""
    organization = organization_for(person)
    countdowns = countdowns_of(organization, tickets)
    names = agent_names(organization.pk, {ticket.agent_email for ticket in tickets})
    topics = topic_names(organization.pk) if any(ticket.topic for ticket in tickets) else {}
    roots = [ticket.root_id for ticket in tickets if ticket.root_id]
    profiles = profiles_of(organization, roots, sight=sight_of(person))
    return [
        Row(
            ticket,
            profiles[ticket.root_id].name if ticket.root_id else "",
            names.get(ticket.agent_email, ticket.agent_email),
            topics.get(ticket.topic, ticket.topic),
            countdown=countdowns.get(ticket.pk),
        )
        for ticket in tickets
    ]


def agent_names(organization_id: int, emails: Collection[str]) -> dict[str, str]:
    """Names of the organization's people by e-mail. No statement where nobody is asked for."""
    wanted = [email for email in emails if email]
    return dict(_NAMES(organization_id=organization_id, emails=wanted)) if wanted else {}


def topic_names(organization_id: int) -> dict[str, str]:
    """All of the organization's topics, slug → name, in their order."""
    return dict(_TOPICS(organization_id=organization_id))


# Every hint that concerns a list asks these. There is one text for each kind of reach and each set of filters.
_counting_kept: dict[tuple[Any, ...], Prepared[tuple[int, ...]]] = {}
_some_kept: dict[tuple[Any, ...], Prepared[tuple[Any, ...]]] = {}


def _counting(reach: Reach, asked: Asked) -> Prepared[tuple[int, ...]]:
    def build() -> QuerySet[Ticket, tuple[int, ...]]:
        is_open, is_resolved = Q(status=Ticket.Status.OPEN), _is_resolved(asked.resolved_since and Told("since"))
        rows = _within_told(reach, asked).filter(is_open | is_resolved)
        # One group for all rows: `aggregate` is no queryset.
        return (
            rows.annotate(all=Value(1))
            .values("all")
            .annotate(
                open_count=Count("id", filter=is_open),
                waiting_count=Count("id", filter=is_open & Q(waiting_since__isnull=False)),
                mine_count=Count("id", filter=is_open & Q(agent_email=Told("email"))),
                unassigned_count=Count("id", filter=is_open & Q(agent_email="")),
                breached_count=Count("id", filter=is_open & Q(due_at__lt=Told("at"))),
                resolved_count=Count("id", filter=is_resolved),
            )
            .values_list(*(f"{view}_count" for view in Counts.__dataclass_fields__))
        )

    return _counting_kept.setdefault(_shape(reach, asked), Prepared(build))


def _some(reach: Reach, asked: Asked) -> Prepared[tuple[Any, ...]]:
    def build() -> QuerySet[Ticket, tuple[Any, ...]]:
        rows = _in_view(
            _within_told(reach, asked),
            asked.view,
            email=Told("email"),
            resolved_since=asked.resolved_since and Told("since"),
            at=Told("at"),
        )
        return rows.filter(public_id__any_of=Told("public_ids")).values_list(*_COLUMNS)

    return _some_kept.setdefault((*_shape(reach, asked), asked.view), Prepared(build))


def _shape(reach: Reach, asked: Asked) -> tuple[bool, ...]:
    return *reach.shape, asked.center is None, not asked.channel, asked.resolved_since is None


def _told(reach: Reach, person: Person, asked: Asked) -> dict[str, Any]:
    said = {"center": asked.center, "channel": asked.channel, "since": asked.resolved_since}
    said["at"] = asked.at or timezone.now()
    return {**reach.told, **said, "email": person.email}


def _within_told(reach: Reach, asked: Asked) -> TicketQuerySet:
    rows = Ticket.objects.standing().filter(reach.told_rows, organization_id=Told("organization_id"))
    if asked.center is not None:
        rows = rows.filter(center=Told("center"))
    return rows.filter(channel=Told("channel")) if asked.channel else rows


def _within(reach: Reach, asked: Asked) -> TicketQuerySet:
    rows = Ticket.objects.standing().filter(reach.rows, organization_id=reach.organization_id)
    if asked.center is not None:
        rows = rows.filter(center=asked.center)
    return rows.filter(channel=asked.channel) if asked.channel else rows


def _asked_for(reach: Reach, person: Person, asked: Asked) -> TicketQuerySet:
    rows = _within(reach, asked)
    if asked.words:
        return rows.filter(matching(reach.organization_id, asked.words))
    return _in_view(
        rows,
        asked.view,
        email=person.email,
        resolved_since=asked.resolved_since,
        at=asked.at or timezone.now(),
    )


def _in_view(
    rows: TicketQuerySet,
    view: View,
    *,
    email: str | Told,
    resolved_since: datetime | Told | None,
    at: datetime | Told,
) -> TicketQuerySet:
    match view:
        case View.WAITING:
            return rows.waiting()
        case View.MINE:
            return rows.open().filter(agent_email=email)
        case View.UNASSIGNED:
            return rows.open().filter(agent_email="")
        case View.BREACHED:
            return rows.breached(at)
        case View.RESOLVED:
            return rows.filter(_is_resolved(resolved_since))
        case View.OPEN:
            return rows.open()


def _is_resolved(since: datetime | Told | None) -> Q:
    """What was resolved lately has an event of lately: that column has the index."""
    is_resolved = Q(status=Ticket.Status.RESOLVED)
    return is_resolved & Q(last_event_at__gte=since, resolved_at__gte=since) if since else is_resolved


def _parts(rows: TicketQuerySet, asked: Asked) -> list[_Part]:
    """Who waits comes first, the longest first; then what was left alone longest. The past begins with yesterday."""
    if asked.words or asked.view is View.RESOLVED:
        return [_Part("r", rows, "last_event_at", is_newest_first=True)]
    if asked.view is View.BREACHED:
        return [_Part("d", rows, "due_at")]
    waiting = _Part("w", rows.filter(waiting_since__isnull=False), "waiting_since")
    if asked.view is View.WAITING:
        return [waiting]
    return [waiting, _Part("o", rows.filter(waiting_since=None), "last_event_at")]


def _after(part: _Part, after: tuple[datetime, int] | None) -> TicketQuerySet:
    rows = part.rows
    if after is not None:
        at, pk = after
        beyond = "lt" if part.is_newest_first else "gt"
        rows = rows.filter(Q(**{f"{part.by}__{beyond}": at}) | Q(**{part.by: at, f"pk__{beyond}": pk}))
    if part.is_newest_first:
        return rows.order_by(F(part.by).desc(), "-pk")
    return rows.order_by(part.by, "pk")


def _letter_of(asked: Asked, ticket: Listed) -> str:
    """The part of the list in which a ticket stands that is one of its."""
    if asked.words or asked.view is View.RESOLVED:
        return "r"
    if asked.view is View.BREACHED:
        return "d"
    return "o" if ticket.waiting_since is None else "w"


def _order(letter: str, ticket: Listed) -> str:
    at = {"w": ticket.waiting_since, "d": ticket.due_at}.get(letter) or ticket.last_event_at
    microseconds, pk = microseconds_of(at), ticket.pk
    if letter == "r":
        microseconds, pk = 10**17 - microseconds, 10**18 - pk
    # Who waits comes before who does not.
    return f"{'0' if letter == 'w' else '1'}.{microseconds:018d}.{pk:019d}"


def _cursor_after(part: _Part, ticket: Listed) -> str:
    return write_cursor(part.letter, getattr(ticket, part.by), ticket.pk)
