"""The lists of the inbox: which tickets stand in a view, in which order, and how many there are.

Pages go by key and not by number, so that a list that moves while somebody reads it skips nothing. What moves up
between two pages may come twice; the page drops it by its id.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Value

from accounts.models import Person
from accounts.queries import organization_for
from customers.policies import sight_of
from customers.queries.profiles import profiles_of
from cxhub.prepared import Prepared, Told
from tickets.models import Ticket
from tickets.models.ticket import TicketQuerySet
from tickets.policies import Reach
from tickets.queries.mentions import NO_MARKS, Marks, Who, marks_of, mentioned_tickets
from tickets.queries.names import agent_names, topic_names
from tickets.queries.search import matching

# Two screens full: the first page is drawn on every click.
PAGE_SIZE = 30
# What a page that has loaded more may refresh at once.
LONGEST_REFRESH = 200
# Single rows that a page may ask for; beyond, the whole list costs less than finding each place in it.
ROWS_AT_ONCE = 20

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class View(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    RESOLVED = "resolved"
    MENTIONS = "mentions"


CHANNELS = ("chat", "call", "message", "mail", "store")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person wants to see. `center` is a key of `accounts.Center`; `words` searches in all tickets.

    `resolved_since` bounds the resolved ones: of years of them nobody reads a list, and none could be counted live.
    """

    view: View = View.OPEN
    center: int | None = None
    channel: str = ""
    words: str = ""
    resolved_since: datetime | None = None


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
    last_event_at: datetime
    last_author: str
    last_text: str
    customer_id: int | None
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

    `order` sorts rows as strings, as the list they were asked for does; "" where there is no list. `marks` are of the
    person who looks.
    """

    ticket: Listed
    name: str
    agent_name: str
    topic_name: str
    order: str = ""
    marks: Marks = NO_MARKS


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
    resolved: int = 0
    mentions: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a list with one order: `by` and then the key, falling if `is_newest_first`."""

    letter: str
    rows: TicketQuerySet
    by: str
    is_newest_first: bool = False
    after: tuple[datetime, int] | None = field(default=None)


def page_of(reach: Reach, person: Person, asked: Asked, *, cursor: str = "", size: int = PAGE_SIZE) -> Page:
    """Returns the next `size` tickets after the cursor; an unreadable cursor begins anew. At most six statements."""
    parts = _parts(_asked_for(reach, person, asked), asked)
    letter, after = _read_cursor(cursor)
    letters = [part.letter for part in parts]
    start = letters.index(letter) if letter in letters else 0
    found: list[tuple[_Part, Listed]] = []
    for number, part in enumerate(parts[start:]):
        wanted = size + 1 - len(found)
        if wanted > 0:
            following = _after(part, after if number == 0 and letter in letters else None)
            found += [(part, ticket) for ticket in listed(following[:wanted])]
    shown = found[:size]
    next_cursor = _write_cursor(*shown[-1]) if len(found) > size else ""
    ordered = _placed(person, [(part.letter, ticket) for part, ticket in shown])
    return Page(ordered, next_cursor, ordered[-1].order if next_cursor else "")


def _placed(person: Person, tickets: Sequence[tuple[str, Listed]]) -> list[Row]:
    """Rows as they stand in a list: each with the letter of its part, and with what only this person sees there."""
    rows = rows_of(person, [ticket for _letter, ticket in tickets])
    marks = marks_of(person, [ticket.pk for _letter, ticket in tickets])
    return [
        replace(row, order=_order(letter, ticket), marks=marks.get(ticket.pk, NO_MARKS))
        for row, (letter, ticket) in zip(rows, tickets, strict=True)
    ]


def some_of(reach: Reach, person: Person, asked: Asked, public_ids: Collection[UUID]) -> list[Row]:
    """The rows of these tickets, those of them that stand in the list. At most five statements."""
    if asked.words:
        found = listed(_asked_for(reach, person, asked).filter(public_id__in=public_ids))
    else:
        told = _told(reach, person, asked)
        found = [Listed(*values) for values in _some(reach, asked)(**told, public_ids=public_ids)]
    return _placed(person, [(_letter_of(asked, ticket), ticket) for ticket in found])


def counts_of(reach: Reach, person: Person, asked: Asked) -> Counts:
    """Counts all views under the same center and channel, in two statements; of mentions, the unread."""
    found = _counting(reach, asked).first(**_told(reach, person, asked))
    counts = Counts(*found) if found else Counts()
    unread = _unread(reach, asked).first(**_told(reach, person, asked))
    return replace(counts, mentions=unread[0] if unread else 0)


def listed(tickets: QuerySet[Ticket]) -> list[Listed]:
    """The tickets of a list, in its order. One statement."""
    return [Listed(*values) for values in tickets.values_list(*_COLUMNS)]


def rows_of(person: Person, tickets: Collection[Listed]) -> list[Row]:
    """Gives tickets the names that a list shows. At most four statements."""
    organization = organization_for(person)
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
        )
        for ticket in tickets
    ]


_TOLD = Who(Told("organization_id"), Told("person"), Told("email"))
# Every hint that concerns a list asks these. There is one text for each kind of reach and each set of filters.
_counting_kept: dict[tuple[Any, ...], Prepared[tuple[int, ...]]] = {}
_unread_kept: dict[tuple[Any, ...], Prepared[tuple[int]]] = {}
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
                resolved_count=Count("id", filter=is_resolved),
            )
            .values_list("open_count", "waiting_count", "mine_count", "unassigned_count", "resolved_count")
        )

    return _counting_kept.setdefault(_shape(reach, asked), Prepared(build))


def _unread(reach: Reach, asked: Asked) -> Prepared[tuple[int]]:
    def build() -> QuerySet[Ticket, tuple[int]]:
        unread = mentioned_tickets(_TOLD, is_unread=True)
        rows = _within_told(reach, asked).filter(pk__in=unread).annotate(all=Value(1)).values("all")
        return rows.annotate(count=Count("id")).values_list("count")

    return _unread_kept.setdefault(_shape(reach, asked), Prepared(build))


def _some(reach: Reach, asked: Asked) -> Prepared[tuple[Any, ...]]:
    def build() -> QuerySet[Ticket, tuple[Any, ...]]:
        rows = _in_view(
            _within_told(reach, asked),
            asked.view,
            who=_TOLD,
            resolved_since=asked.resolved_since and Told("since"),
        )
        return rows.filter(public_id__any_of=Told("public_ids")).values_list(*_COLUMNS)

    return _some_kept.setdefault((*_shape(reach, asked), asked.view), Prepared(build))


def _shape(reach: Reach, asked: Asked) -> tuple[bool, ...]:
    return *reach.shape, asked.center is None, not asked.channel, asked.resolved_since is None


def _told(reach: Reach, person: Person, asked: Asked) -> dict[str, Any]:
    said = {"center": asked.center, "channel": asked.channel, "since": asked.resolved_since}
    return {**reach.told, **said, "email": person.email, "person": person.pk}


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
    who = Who(reach.organization_id, person.pk, person.email)
    return _in_view(rows, asked.view, who=who, resolved_since=asked.resolved_since)


def _in_view(rows: TicketQuerySet, view: View, *, who: Who, resolved_since: datetime | Told | None) -> TicketQuerySet:
    match view:
        case View.WAITING:
            return rows.waiting()
        case View.MINE:
            return rows.open().filter(agent_email=who.email)
        case View.UNASSIGNED:
            return rows.open().filter(agent_email="")
        case View.RESOLVED:
            return rows.filter(_is_resolved(resolved_since))
        case View.MENTIONS:
            return rows.filter(pk__in=mentioned_tickets(who))
        case View.OPEN:
            return rows.open()


def is_newest_first(asked: Asked) -> bool:
    return bool(asked.words) or asked.view in (View.RESOLVED, View.MENTIONS)


def _is_resolved(since: datetime | Told | None) -> Q:
    """What was resolved lately has an event of lately: that column has the index."""
    is_resolved = Q(status=Ticket.Status.RESOLVED)
    return is_resolved & Q(last_event_at__gte=since, resolved_at__gte=since) if since else is_resolved


def _parts(rows: TicketQuerySet, asked: Asked) -> list[_Part]:
    """Who waits comes first, the longest first; then what was left alone longest. The past begins with yesterday."""
    if is_newest_first(asked):
        return [_Part("r", rows, "last_event_at", is_newest_first=True)]
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
    if is_newest_first(asked):
        return "r"
    return "o" if ticket.waiting_since is None else "w"


def _order(letter: str, ticket: Listed) -> str:
    at = (ticket.waiting_since if letter == "w" else None) or ticket.last_event_at
    microseconds, pk = (at - _EPOCH) // timedelta(microseconds=1), ticket.pk
    if letter == "r":
        microseconds, pk = 10**17 - microseconds, 10**18 - pk
    # Who waits comes before who does not.
    return f"{'0' if letter == 'w' else '1'}.{microseconds:018d}.{pk:019d}"


def _write_cursor(part: _Part, ticket: Listed) -> str:
    at: datetime = getattr(ticket, part.by)
    return f"{part.letter}.{(at - _EPOCH) // timedelta(microseconds=1)}.{ticket.pk}"


def _read_cursor(cursor: str) -> tuple[str, tuple[datetime, int] | None]:
    letter, _, rest = cursor.partition(".")
    microseconds, _, pk = rest.partition(".")
    # isascii too: "²" is a digit that int() refuses. 17 digits end beyond the year 5000.
    if not (rest.isascii() and microseconds.isdigit() and pk.isdigit() and len(microseconds) <= 17 and len(pk) <= 18):
        return "", None
    try:
        return letter, (_EPOCH + timedelta(microseconds=int(microseconds)), int(pk))
    except OverflowError:
        return "", None
