"""Full-text search over what was said, in the tickets that a person reaches, newest first.

Two ways, each bounded: a word that many messages have is among the newest; one that few have is found by the index of
pairs. On SQLite, which has no such index, all of it is looked through: a shop's hundred thousand messages take a moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.fields import BooleanField
from django.utils import timezone

from accounts.models import Person
from accounts.queries import organization_for
from customers.models import Event
from tickets.message_words import Piece, is_too_short, pairs_of, snippet, words_of
from tickets.models import MessageText, Ticket
from tickets.policies import reach_of
from tickets.queries.cursors import read_cursor, write_cursor
from tickets.queries.inbox import Row, listed, rows_of

PAGE_SIZE = 30
# Looked through first: a word that stands in one of 130 messages fills a page from these. With 20,000 the words between were dear (measured).
NEWEST_SEARCHED = 4_000


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; "" or None: whatever it is. `author` is customer or agent, `until` a day that still counts."""

    words: str
    channel: str = ""
    center: int | None = None
    author: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def parts(self) -> list[str]:
        return words_of(self.words)

    @property
    def is_too_short(self) -> bool:
        return is_too_short(self.parts)


@dataclass(frozen=True, slots=True)
class Found:
    """A message with the ticket it stands in, and what of it is shown."""

    id: UUID
    at: datetime
    author: str
    is_note: bool
    pieces: list[Piece]
    row: Row


@dataclass(frozen=True, slots=True)
class FoundPage:
    messages: list[Found]
    next_cursor: str = ""


def messages_found(person: Person, search: Search, *, cursor: str = "", size: int = PAGE_SIZE) -> FoundPage:
    """A page of hits. A fixed number of statements."""
    organization = organization_for(person)
    rows = _matching(person, search)
    _letter, after = read_cursor(cursor)
    if rows is None:
        return FoundPage([])
    if after is not None:
        at, pk = after
        rows = rows.filter(time__lte=at).filter(Q(time__lt=at) | Q(event__lt=pk))
    found = _newest(organization.pk, rows, search, size=size + 1)
    shown = found[:size]
    end = write_cursor("m", shown[-1].time, shown[-1].event_id) if len(found) > size else ""
    return FoundPage(_shown(person, search, shown), end)


def _matching(person: Person, search: Search) -> QuerySet[MessageText] | None:
    """All that may be found; None where nothing can."""
    reach = reach_of(person)
    if reach is None or search.is_too_short:
        return None
    rows = MessageText.objects.filter(organization_id=reach.organization_id)
    for word in search.parts:
        rows = rows.filter(text__contains=word)
    if search.channel:
        rows = rows.filter(channel=search.channel)
    if search.author:
        rows = rows.filter(author=search.author)
    if search.since:
        rows = rows.filter(time__gte=_midnight(search.since))
    if search.until:
        rows = rows.filter(time__lt=_midnight(search.until + timedelta(days=1)))
    rows = rows.annotate(holder=Subquery(_holding().values("pk")[:1]))
    reached = Ticket.objects.filter(reach.rows, pk=OuterRef("holder"))
    if search.center is not None:
        reached = reached.filter(center=search.center)
    return rows.filter(Exists(reached))


def _holding() -> QuerySet[Ticket]:
    """The ticket that holds a message: the last of its conversation to have begun by then."""
    return (
        Ticket.objects.standing()
        .filter(organization_id=OuterRef("organization_id"), thread=OuterRef("thread"), opened_at__lte=OuterRef("time"))
        .order_by("-opened_at", "-pk")
    )


def _newest(organization_id: int, rows: QuerySet[MessageText], search: Search, *, size: int) -> list[MessageText]:
    in_order = rows.order_by("-time", "-event")
    if connection.vendor != "postgresql":
        return list(in_order[:size])
    # How far back the newest reach, told by the index alone.
    all_of_them = MessageText.objects.filter(organization_id=organization_id).order_by("-time", "-event")
    since = all_of_them.values_list("time", flat=True)[NEWEST_SEARCHED : NEWEST_SEARCHED + 1].first()
    if since is None:
        return list(in_order[:size])
    found = list(in_order.filter(time__gte=since)[:size])
    if len(found) >= size:
        return found
    # Few have it, and the index knows which. By the time itself the planner would rather walk through all, hoping for an
    # early hit; no index has this sum of it.
    has_pairs = RawSQL(
        "message_pairs(tickets_messagetext.text) @> %s::text[]", (pairs_of(search.parts),), output_field=BooleanField()
    )
    by_sum = ExpressionWrapper(F("time") + timedelta(0), output_field=DateTimeField())
    older = rows.filter(has_pairs, time__lt=since).order_by(by_sum.desc(), "-event")
    return found + list(older[: size - len(found)])


def _shown(person: Person, search: Search, rows: Sequence[MessageText]) -> list[Found]:
    events = {
        event.pk: event
        for event in Event.objects.filter(pk__in=[row.event_id for row in rows]).only("public_id", "type", "text")
    }
    holders = {row.event_id: row.holder for row in rows}  # type: ignore[attr-defined]
    tickets = {
        row.ticket.pk: row for row in rows_of(person, listed(Ticket.objects.filter(pk__in=set(holders.values()))))
    }
    return [
        Found(
            events[row.event_id].public_id,
            row.time,
            row.author,
            not row.author,
            snippet(events[row.event_id].text, search.parts),
            tickets[holders[row.event_id]],
        )
        for row in rows
        if holders[row.event_id] in tickets
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
