"""A ticket's conversation: which events of its thread are its own, and what came before in the same thread.

Shown in the order in which things happened; what is new is asked for in the order in which it arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from customers.models import Event
from customers.models.event import EventQuerySet
from customers.queries import Wording
from customers.sight import Sight
from cxhub.prepared import Prepared, Told
from tickets.lines import Line, lines_of
from tickets.models import Ticket
from tickets.queries.inbox import agent_names, topic_names
from tickets.queries.tags import tag_names

# What is drawn when a conversation is opened; older ones are a click away.
LINES_AT_FIRST = 100
# One answer to a page that was away. It asks again until nothing is left.
LINES_AT_ONCE = 200
# Earlier matters of the same thread that are offered above a conversation.
EARLIER_AT_MOST = 20


_ARRIVED = Prepared(
    lambda: (
        Event.objects.filter(
            organization_id=Told("organization_id"),
            thread=Told("thread"),
            thread_seq__gt=Told("seq"),
            time__gte=Told("since"),
        )
        .select_related("store")
        .only(
            *("public_id", "thread_seq", "time", "rank", "source", "event_id", "type", "text", "data", "author"),
            *("agent_email", "topic", "qualifier", "amount_hundredths", "channel", "store__name"),
        )
        .order_by("thread_seq")[: LINES_AT_ONCE + 1]
    )
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """`last_seq`: ask for what arrived after it. `older`: cursor to what this ticket has before, or empty."""

    lines: list[Line]
    last_seq: int
    older: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """`last_seq`: the number to ask with next time; `has_more`: at once."""

    lines: list[Line]
    last_seq: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Other tickets of the same thread: those before, oldest first, and the one after."""

    earlier: list[Ticket]
    next: Ticket | None


def conversation_of(
    ticket: Ticket, *, sight: Sight, names: tuple[str, ...] = (), before: str = "", size: int = LINES_AT_FIRST
) -> Conversation:
    """Returns the newest lines of the ticket, or those before the cursor, in order. At most four statements."""
    rows = _own_events(ticket)
    if (at := _read_cursor(before)) is not None:
        time, pk = at
        rows = rows.filter(Q(time__lt=time) | Q(time=time, pk__lt=pk))
    newest = list(rows.defer("content_hash").select_related("store").order_by("-time", "-pk")[: size + 1])
    shown = newest[:size]
    older = f"{shown[-1].time.isoformat()}~{shown[-1].pk}" if len(newest) > size else ""
    return Conversation(_lines(ticket, _from_opening(ticket, shown), sight, names), ticket.last_seq, older)


def arrived_after(ticket: Ticket, seq: int, *, sight: Sight, names: tuple[str, ...] = ()) -> Arrived:
    """Returns what arrived after `seq`, in the order in which it happened.

    The way of every message to an open page: one statement, put together once, and one more for agents' names.
    """
    if ticket.is_open:
        events = _ARRIVED(organization_id=ticket.organization_id, thread=ticket.thread, seq=seq, since=ticket.opened_at)
    else:
        rows = _own_events(ticket).filter(thread_seq__gt=seq).select_related("store").order_by("thread_seq")
        events = list(rows.defer("content_hash")[: LINES_AT_ONCE + 1])
    has_more = len(events) > LINES_AT_ONCE
    events = events[:LINES_AT_ONCE]
    last = max((event.thread_seq or 0 for event in events), default=seq)
    return Arrived(_lines(ticket, _from_opening(ticket, events), sight, names), last, has_more)


def tickets_beside(ticket: Ticket) -> Beside:
    """The other matters of the thread. One statement."""
    rows = Ticket.objects.standing().filter(organization_id=ticket.organization_id, thread=ticket.thread)
    others = rows.exclude(pk=ticket.pk).order_by("-opened_at", "-pk")[: EARLIER_AT_MOST + 1]
    mine = (ticket.opened_at, ticket.pk)
    earlier = [row for row in others if (row.opened_at, row.pk) < mine]
    later = [row for row in others if (row.opened_at, row.pk) > mine]
    return Beside(earlier[::-1], later[-1] if later else None)


def _own_events(ticket: Ticket) -> EventQuerySet:
    """The thread's events from this ticket's opening to the next one's. Only a resolved ticket can have a next."""
    rows = Event.objects.filter(
        organization_id=ticket.organization_id, thread=ticket.thread, time__gte=ticket.opened_at
    )
    if not ticket.is_open:
        beside = Ticket.objects.standing().filter(organization_id=ticket.organization_id, thread=ticket.thread)
        end = beside.filter(opened_at__gt=ticket.opened_at).order_by("opened_at").values_list("opened_at", flat=True)
        if (until := end.first()) is not None:
            rows = rows.filter(time__lt=until)
    return rows


def _from_opening(ticket: Ticket, events: Sequence[Event]) -> list[Event]:
    """In order, without what happened at the very instant of the opening and yet before it."""
    in_order = sorted(events, key=lambda event: event.order)
    opening = next((event for event in in_order if event.pk == ticket.opened_event_id), None)
    return [event for event in in_order if opening is None or event.order >= opening.order]


def _lines(ticket: Ticket, events: Sequence[Event], sight: Sight, names: tuple[str, ...]) -> list[Line]:
    emails = {event.agent_email for event in events}
    topics = topic_names(ticket.organization_id) if any(event.topic for event in events) else {}
    tags = tag_names(ticket.organization_id) if any(event.type == "ticket.tagged" for event in events) else {}
    agents = agent_names(ticket.organization_id, emails)
    words = Wording(agents=agents, topics=topics, tags=tags, sight=sight, customer_names=names)
    return lines_of(events, words)


def _read_cursor(cursor: str) -> tuple[datetime, int] | None:
    text, _, pk = cursor.partition("~")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    # isascii too: "²" is a digit that int() refuses.
    if at.tzinfo is None or not (pk.isascii() and pk.isdigit() and len(pk) <= 18):
        return None
    return at, int(pk)
