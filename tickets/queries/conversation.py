"""A ticket's conversation: which events of its thread are its own, and what came before in the same thread.

Shown in the order in which things happened; what is new is asked for in the order in which it arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from customers.models import Event
from customers.models.event import EventQuerySet
from customers.queries import Wording
from customers.sight import Sight
from cxhub.identifiers import is_uuid
from cxhub.prepared import Prepared, Told
from tickets.line import Line
from tickets.lines import EDIT, lines_of
from tickets.models import Ticket
from tickets.queries.cursors import read_cursor, write_cursor
from tickets.queries.merges import merged_into
from tickets.queries.names import agent_names, topic_names
from tickets.queries.tags import tag_names

# What is drawn when a conversation is opened; older ones are a click away.
LINES_AT_FIRST = 100
# Where one of them was searched for: so far back at most, and so many before it.
LINES_TO_FIND, LINES_BEFORE_FOUND = 2000, 20
# One answer to a page that was away. It asks again until nothing is left.
LINES_AT_ONCE = 200
# Earlier matters of the same thread that are offered above a conversation.
EARLIER_AT_MOST = 20
# Of what is quoted, so much is repeated.
EXCERPT_LENGTH = 300


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
            *(
                "public_id",
                "thread",
                "thread_seq",
                "time",
                "rank",
                "source",
                "event_id",
                "type",
                "text",
                "data",
                "author",
            ),
            *("agent_email", "topic", "qualifier", "amount_hundredths", "channel", "store__name"),
        )
        .order_by("thread_seq")[: LINES_AT_ONCE + 1]
    )
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """`last_seq`: ask for what arrived after it. `older`: cursor to what this ticket has before, or empty.

    `names` are those of its agents and of whoever has the ticket, by e-mail; `topics` those that it and its lines name.
    """

    lines: list[Line]
    last_seq: int
    older: str
    names: Mapping[str, str]
    topics: Mapping[str, str]


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
    """Returns the newest lines of the ticket, or those before the cursor, in order. At most five statements."""
    rows = _own_events(ticket)
    _letter, end = read_cursor(before)
    if end is not None:
        time, pk = end
        rows = rows.filter(Q(time__lt=time) | Q(time=time, pk__lt=pk))
    newest = list(rows.defer("content_hash").select_related("store").order_by("-time", "-pk")[: size + 1])
    shown = newest[:size]
    older = write_cursor("l", shown[-1].time, shown[-1].pk) if len(newest) > size else ""
    own = _from_opening(ticket, shown)
    # An edit follows its note, so the newest lines of what is still going on hold all of theirs.
    has_all = ticket.is_open and not before
    edits = own if has_all else _edits(ticket) if any(event.type == "note.added" for event in own) else []
    edits = [event for event in edits if event.type == EDIT]
    agents = agent_names(ticket.organization_id, {ticket.agent_email, *_people_in(own)})
    topics = _topics(ticket.organization_id, [ticket.topic, *(event.topic for event in own)])
    lines = _lines(ticket, own, sight, names, edits, agents, topics)
    return Conversation(lines, ticket.last_seq, older, agents, topics)


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
    own = _from_opening(ticket, events)
    if ticket.absorbed:
        # Numbered by their own conversations: the newest each time, of which a page takes those that it lacks.
        heard = Event.objects.filter(_heard(ticket), organization_id=ticket.organization_id).select_related("store")
        newest = heard.defer("content_hash").order_by("-time", "-pk")[:LINES_AT_ONCE]
        own = sorted([*own, *newest], key=lambda event: event.order)
    edits: list[Event] = []
    if any(event.type == EDIT for event in own):
        own, edits = _with_edited(ticket, own), _edits(ticket)
    return Arrived(_lines(ticket, own, sight, names, edits), last, has_more)


def lines_back_to(ticket: Ticket, public_id: UUID) -> int:
    """How many of the newest lines hold this event and what led to it; as many as at first where it is not there."""
    found = event_of(ticket, public_id)
    if found is None:
        return LINES_AT_FIRST
    newer = _own_events(ticket).filter(time__gte=found.time)[:LINES_TO_FIND].count()
    return max(LINES_AT_FIRST, newer + LINES_BEFORE_FOUND)


def event_of(ticket: Ticket, public_id: UUID) -> Event | None:
    """Returns an event of the ticket's thread, or of one merged into it, with what was said in it."""
    threads = [ticket.thread, *ticket.absorbed_threads]
    rows = Event.objects.filter(organization_id=ticket.organization_id, thread__in=threads, public_id=public_id)
    return rows.first()


def note_of(ticket: Ticket, public_id: UUID) -> tuple[Event, str] | None:
    """Returns a note of the ticket's thread and what it says now."""
    note = event_of(ticket, public_id)
    if note is None or note.type != "note.added":
        return None
    return note, lines_of([note], Wording(), edits=_edits(ticket))[0].text


def excerpt(text: str) -> str:
    """The beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_LENGTH else f"{line[: EXCERPT_LENGTH - 1]}…"


def tickets_beside(ticket: Ticket) -> Beside:
    """The other matters of the thread. One statement."""
    rows = Ticket.objects.standing().filter(organization_id=ticket.organization_id, thread=ticket.thread)
    others = rows.exclude(pk=ticket.pk).order_by("-opened_at", "-pk")[: EARLIER_AT_MOST + 1]
    mine = (ticket.opened_at, ticket.pk)
    earlier = [row for row in others if (row.opened_at, row.pk) < mine]
    later = [row for row in others if (row.opened_at, row.pk) > mine]
    return Beside(earlier[::-1], later[-1] if later else None)


def _own_events(ticket: Ticket) -> EventQuerySet:
    """The thread's events from this ticket's opening to the next one's. Only a resolved ticket can have a next.

    With those of the tickets that were merged into it.
    """
    rows = Event.objects.filter(
        Q(thread=ticket.thread, time__gte=ticket.opened_at) | _heard(ticket), organization_id=ticket.organization_id
    )
    if not ticket.absorbed and not ticket.is_open:
        beside = Ticket.objects.standing().filter(organization_id=ticket.organization_id, thread=ticket.thread)
        end = beside.filter(opened_at__gt=ticket.opened_at).order_by("opened_at").values_list("opened_at", flat=True)
        if (until := end.first()) is not None:
            rows = rows.filter(time__lt=until)
    return rows


def _heard(ticket: Ticket) -> Q:
    found = Q(pk__in=[])
    for one in merged_into(ticket):
        found |= Q(thread=one.thread, time__gte=one.opened_at)
    return found


def _from_opening(ticket: Ticket, events: Sequence[Event]) -> list[Event]:
    """In order, without what happened at the very instant of the opening and yet before it."""
    in_order = sorted(events, key=lambda event: event.order)
    opening = next((event for event in in_order if event.pk == ticket.opened_event_id), None)
    return [
        event for event in in_order if opening is None or event.order >= opening.order or event.thread != ticket.thread
    ]


def _edits(ticket: Ticket) -> list[Event]:
    """All edits of notes in the ticket's thread."""
    rows = Event.objects.filter(organization_id=ticket.organization_id, thread=ticket.thread, type=EDIT)
    return list(rows.defer("content_hash"))


def _with_edited(ticket: Ticket, events: Sequence[Event]) -> list[Event]:
    """With the notes that some of these events have edited: their lines have changed."""
    told = [str(event.data.get("note", "")) for event in events if event.type == EDIT]
    public_ids = [UUID(one) for one in told if is_uuid(one)]
    rows = _own_events(ticket).filter(Q(event_id__in=told) | Q(public_id__in=public_ids), type="note.added")
    known = {event.pk for event in events}
    notes = [note for note in rows.defer("content_hash") if note.pk not in known]
    return sorted([*events, *notes], key=lambda event: event.order)


def _lines(
    ticket: Ticket,
    events: Sequence[Event],
    sight: Sight,
    names: tuple[str, ...],
    edits: Sequence[Event] = (),
    agents: Mapping[str, str] | None = None,
    topics: Mapping[str, str] | None = None,
) -> list[Line]:
    for event in events:
        if event.thread != ticket.thread:
            event.thread_seq = None  # a number of another conversation
    if agents is None:
        agents = agent_names(ticket.organization_id, _people_in(events))
    if topics is None:
        topics = _topics(ticket.organization_id, [event.topic for event in events])
    tags = tag_names(ticket.organization_id) if any(event.type == "ticket.tagged" for event in events) else {}
    words = Wording(agents=agents, topics=topics, tags=tags, sight=sight, customer_names=names)
    return lines_of(events, words, edits=edits)


def _topics(organization_id: int, slugs: Iterable[str]) -> Mapping[str, str]:
    return topic_names(organization_id) if any(slugs) else {}


def _people_in(events: Sequence[Event]) -> set[str]:
    """E-mails of those who say something in these events, or to whom something is whispered."""
    told = {event.data.get("whisper") for event in events if event.type == "note.added"}
    return {event.agent_email for event in events} | {email for email in told if isinstance(email, str)}
