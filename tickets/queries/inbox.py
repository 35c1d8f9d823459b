"""The lists of the inbox: which tickets stand in a view, in which order, and how many there are.

Pages go by key and not by number, so that a list that moves while somebody reads it skips nothing. What moves up
between two pages may come twice; the page drops it by its id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import Person
from accounts.queries import organization_for
from customers.policies import sight_of
from customers.queries.profiles import names_of
from cxhub.prepared import Prepared, Told
from tickets.countdown import Countdown
from tickets.models import Ticket
from tickets.models.ticket import TicketQuerySet
from tickets.policies import Reach
from tickets.queries.clocks import countdowns_of
from tickets.queries.counting import COUNTED_UP_TO, counts_of_views
from tickets.queries.cursors import microseconds_of, read_cursor, write_cursor
from tickets.queries.hints import MOOD_LASTS, with_mood
from tickets.queries.lists import (
    COLUMNS,
    SOMEBODY,
    Asked,
    Listed,
    View,
    at_once,
    in_view,
    later,
    shape,
    told,
    within,
)
from tickets.queries.mentions import NO_MARKS, Marks, marked_tickets, marks_of, with_marks
from tickets.queries.names import agent_names, topic_names
from tickets.queries.places import is_narrow, looked_up
from tickets.queries.search import matching
from tickets.queries.tags import tag_names

# Two screens full: the first page is drawn on every click.
PAGE_SIZE = 30
# What a page that has loaded more may refresh at once.
LONGEST_REFRESH = 200
# Single rows that a page may ask for; beyond, the whole list costs less than finding each place in it.
ROWS_AT_ONCE = 20
# Rows are read by so many.
_SIZES = 32


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
    tag_names: tuple[str, ...] = ()
    order: str = ""
    countdown: Countdown | None = None
    marks: Marks = NO_MARKS


@dataclass(frozen=True, slots=True)
class Page:
    """`end` is the order of the last row where others follow; "" where none do."""

    rows: list[Row]
    next_cursor: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets stand in each view, `counting.COUNTED_UP_TO` at most; of mentions, the unread.

    `is_tag_common` where the list in its order soon meets enough that have the tag.
    """

    by_view: Mapping[View, int]
    # Of whoever asked, on all tickets under the same filters.
    marks: Mapping[int, Marks] = field(default_factory=dict)
    is_tag_common: bool = False

    @property
    def waiting(self) -> int:
        return self.by_view[View.WAITING]


@dataclass(frozen=True, slots=True)
class Known:
    """What a page has read already, so that its rows need not: names of all tags, and marks on all that it may show."""

    tags: Mapping[str, str]
    marks: Mapping[int, Marks]


class _Part(NamedTuple):
    """A stretch of a list with one order: `by` and then the key, falling if `is_newest_first`."""

    letter: str
    condition: Q
    by: str
    is_newest_first: bool = False


def page_of(
    reach: Reach,
    person: Person,
    asked: Asked,
    *,
    cursor: str = "",
    size: int = PAGE_SIZE,
    known: Known | None = None,
) -> Page:
    """Returns the next `size` tickets after the cursor; an unreadable cursor begins anew. At most seven statements."""
    parts = _parts(asked)
    letter, after = read_cursor(cursor)
    letters = [part.letter for part in parts]
    start = letters.index(letter) if letter in letters else 0
    found: list[tuple[_Part, Listed]] = []
    for number, part in enumerate(parts[start:]):
        wanted = size + 1 - len(found)
        if wanted > 0:
            follows = after if number == 0 and letter in letters else None
            found += [(part, ticket) for ticket in _first_of(reach, person, asked, part, wanted, follows)]
    shown = found[:size]
    next_cursor = _cursor_after(*shown[-1]) if len(found) > size else ""
    ordered = _placed(person, [(part.letter, ticket) for part, ticket in shown], known)
    return Page(ordered, next_cursor, ordered[-1].order if next_cursor else "")


def _placed(person: Person, tickets: Sequence[tuple[str, Listed]], known: Known | None) -> list[Row]:
    """Rows as they stand in a list: each with the letter of its part, and with what only this person sees there."""
    rows = rows_of(person, [ticket for _letter, ticket in tickets], tags=known.tags if known else None)
    marks = known.marks if known else marks_of(person, [ticket.pk for _letter, ticket in tickets])
    return [
        replace(row, order=_order(letter, ticket), marks=marks.get(ticket.pk, NO_MARKS))
        for row, (letter, ticket) in zip(rows, tickets, strict=True)
    ]


def some_of(
    reach: Reach, person: Person, asked: Asked, public_ids: Collection[UUID], *, known: Known | None = None
) -> list[Row]:
    """The rows of these tickets, those of them that stand in the list. At most seven statements."""
    if asked.words:
        found = listed(_found(reach, asked).filter(public_id__in=public_ids))
    else:
        said = told(reach, asked, person)
        found = [Listed(*values) for values in _some(reach, asked)(**said, public_ids=public_ids)]
    return _placed(person, [(_letter_of(asked, ticket), ticket) for ticket in found], known)


def counts_of(reach: Reach, person: Person, asked: Asked) -> Counts:
    """Counts all views under the same filters, in two statements; of mentions, the unread."""
    marked = _marked(reach, asked)(**told(reach, asked, person))
    unread = sum(1 for _pk, _has_draft, has_mention in marked if has_mention)
    marks = {pk: Marks(bool(has_draft), bool(has_mention)) for pk, has_draft, has_mention in marked}
    by_view, are_many = counts_of_views(reach, person, asked)
    # In an order that holds all places, those of some stand far apart.
    stand_apart = is_narrow(reach, asked) and asked.view in (View.OPEN, View.WAITING)
    is_common = bool(asked.tag) and (are_many or (by_view[View.OPEN] >= COUNTED_UP_TO and not stand_apart))
    return Counts({**by_view, View.MENTIONS: unread}, marks, is_common)


def listed(tickets: QuerySet[Ticket]) -> list[Listed]:
    """The tickets of a list, in its order. One statement."""
    moody = with_mood(tickets, since=timezone.now() - MOOD_LASTS)
    return [Listed(*values) for values in moody.values_list(*COLUMNS)]


def rows_of(person: Person, tickets: Collection[Listed], *, tags: Mapping[str, str] | None = None) -> list[Row]:
    """Gives tickets the names and the clocks that a list shows. At most four statements, three with all `tags` known."""
    organization = organization_for(person)
    countdowns = countdowns_of(organization, tickets)
    agents = agent_names(organization.pk, {ticket.agent_email for ticket in tickets})
    topics = topic_names(organization.pk) if any(ticket.topic for ticket in tickets) else {}
    if tags is None:
        tags = tag_names(organization.pk) if any(ticket.tags for ticket in tickets) else {}
    roots = [ticket.root_id for ticket in tickets if ticket.root_id]
    names = names_of(organization, roots, sight=sight_of(person))
    return [
        Row(
            ticket,
            names[ticket.root_id] if ticket.root_id else "",
            agents.get(ticket.agent_email, ticket.agent_email),
            topics.get(ticket.topic, ticket.topic),
            tuple(tags.get(key, key) for key in ticket.tag_keys),
            countdown=countdowns.get(ticket.pk),
        )
        for ticket in tickets
    ]


# One text for each kind of reach and each set of filters.
_marked_kept: dict[tuple[Any, ...], Prepared[tuple[int, bool, bool]]] = {}
_some_kept: dict[tuple[Any, ...], Prepared[tuple[Any, ...]]] = {}
_stretch_kept: dict[tuple[Any, ...], Prepared[tuple[Any, ...]]] = {}


def _marked(reach: Reach, asked: Asked) -> Prepared[tuple[int, bool, bool]]:
    def build() -> QuerySet[Ticket, tuple[int, bool, bool]]:
        rows = within(reach, asked, later).filter(pk__in=marked_tickets(SOMEBODY))
        return with_marks(rows).values_list("pk", "has_draft", "has_mention")

    return _marked_kept.setdefault(shape(reach, asked), Prepared(build))


def _some(reach: Reach, asked: Asked) -> Prepared[tuple[Any, ...]]:
    def build() -> QuerySet[Ticket, tuple[Any, ...]]:
        rows = within(reach, asked, later).filter(in_view(asked.view, asked, later, who=SOMEBODY))
        rows = rows.filter(public_id__any_of=Told("public_ids"))
        return with_mood(rows, since=Told("angry_since")).values_list(*COLUMNS)

    return _some_kept.setdefault((*shape(reach, asked), asked.view), Prepared(build))


def _found(reach: Reach, asked: Asked) -> TicketQuerySet:
    """What a search finds, in whichever view."""
    return within(reach, asked, at_once).filter(matching(reach.organization_id, asked.words))


def _parts(asked: Asked) -> list[_Part]:
    """Who waits comes first, the longest first; then what was left alone longest. The past begins with yesterday."""
    if asked.is_newest_first:
        return [_Part("r", Q(), "last_event_at", is_newest_first=True)]
    if asked.view is View.BREACHED:
        return [_Part("d", Q(), "due_at")]
    if asked.view is View.SNOOZED:
        return [_Part("s", Q(), "snoozed_until")]
    waiting = _Part("w", Q(waiting_since__isnull=False), "waiting_since")
    if asked.view is View.WAITING:
        return [waiting]
    return [waiting, _Part("o", Q(waiting_since=None), "last_event_at")]


def _first_of(
    reach: Reach, person: Person, asked: Asked, part: _Part, size: int, after: tuple[datetime, int] | None
) -> list[Listed]:
    """The first `size` tickets of a stretch, or those after a place in it. One statement."""
    if asked.words:
        rows = _found(reach, asked).filter(part.condition)
        if after is not None:
            rows = rows.filter(_beyond(part, *after))
        return listed(_in_order(rows, part)[:size])
    # So that a page that has loaded more finds a text that is kept already.
    limit = -(-size // _SIZES) * _SIZES
    said = told(reach, asked, person)
    if after is not None:
        said |= {"after_at": after[0], "after_pk": after[1]}
    prepared = _stretch(reach, asked, part, limit, is_begun=after is not None)
    return [Listed(*values) for values in prepared(**said)[:size]]


def _stretch(reach: Reach, asked: Asked, part: _Part, limit: int, *, is_begun: bool) -> Prepared[tuple[Any, ...]]:
    """The keys come from the index alone, whatever is looked through for them; then as many rows are read as are shown."""

    def build() -> QuerySet[Ticket, tuple[Any, ...]]:
        rows = Ticket.objects.shown().filter(in_view(asked.view, asked, later, who=SOMEBODY), part.condition)
        if is_begun:
            rows = rows.filter(_beyond(part, Told("after_at"), Told("after_pk")))
        by = f"-{part.by}" if part.is_newest_first else part.by
        keys = looked_up(asked, asked.view)(reach, asked, rows, later, by=by, limit=limit)
        found = Ticket.objects.filter(pk__in=RawSQL(keys.statement, keys.parameters))  # noqa: S611 - Django's own text
        return with_mood(_in_order(found, part), since=Told("angry_since")).values_list(*COLUMNS)

    key = (*shape(reach, asked), asked.view, part.letter, limit, is_begun)
    return _stretch_kept.setdefault(key, Prepared(build))


def _beyond(part: _Part, at: datetime | Told, pk: int | Told) -> Q:
    beyond = "lt" if part.is_newest_first else "gt"
    # The first condition alone bounds the index scan; PostgreSQL does not see it inside the disjunction.
    bound = Q(**{f"{part.by}__{beyond}e": at})
    return bound & (Q(**{f"{part.by}__{beyond}": at}) | Q(**{part.by: at, f"pk__{beyond}": pk}))


def _in_order(rows: TicketQuerySet, part: _Part) -> TicketQuerySet:
    if part.is_newest_first:
        return rows.order_by(F(part.by).desc(), "-pk")
    return rows.order_by(part.by, "pk")


def _letter_of(asked: Asked, ticket: Listed) -> str:
    """The part of the list in which a ticket stands that is one of its."""
    if asked.is_newest_first:
        return "r"
    if asked.view is View.BREACHED:
        return "d"
    if asked.view is View.SNOOZED:
        return "s"
    return "o" if ticket.waiting_since is None else "w"


def _order(letter: str, ticket: Listed) -> str:
    at = {"w": ticket.waiting_since, "d": ticket.due_at, "s": ticket.snoozed_until}.get(letter) or ticket.last_event_at
    microseconds, pk = microseconds_of(at), ticket.pk
    if letter == "r":
        microseconds, pk = 10**17 - microseconds, 10**18 - pk
    # Who waits comes before who does not.
    return f"{'0' if letter == 'w' else '1'}.{microseconds:018d}.{pk:019d}"


def _cursor_after(part: _Part, ticket: Listed) -> str:
    return write_cursor(part.letter, getattr(ticket, part.by), ticket.pk)
