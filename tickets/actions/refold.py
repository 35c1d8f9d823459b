"""Brings the stored tickets of some threads in line with their events.

Only what a change can reach is folded again: from the ticket that was standing when the earliest new event
happened. A ticket keeps its row, and so its address, for as long as the event that opened it is in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from accounts.models import Center, Organization
from customers.actions import EventRow, note_suggestions
from customers.incoming import IncomingEvent
from customers.models import Customer, MergeSuggestion
from cxhub.bulk import Insert, Update
from cxhub.identifiers import uuid7
from cxhub.plain_sql import as_instant, fetch
from cxhub.prepared import Prepared, Told
from tickets.fold import ThreadEvent, TicketState, fold
from tickets.models import Ticket

Order = tuple[datetime, int, str, str]
COPIED = (
    "channel",
    "opened_by",
    "center_id",
    "store_id",
    "customer_id",
    "status",
    "agent_email",
    "topic",
    "call_state",
    "response_started_at",
    "first_response_at",
    "waiting_since",
    "last_event_at",
    "last_message_at",
    "last_author",
    "last_text",
    "last_seq",
    "messages_in",
    "messages_out",
    "first_resolved_at",
    "resolved_at",
    "resolved_by",
    "reopen_count",
)
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_copied = attrgetter(*COPIED)
_CENTER, _CUSTOMER, _CALL_STATE, _LAST_SEQ = (
    COPIED.index(name) for name in ("center_id", "customer_id", "call_state", "last_seq")
)


@dataclass(slots=True, eq=False)
class TicketRow:
    """A ticket's row while its thread is folded; `values` are those of `COPIED`. `pk` is 0 until it is inserted."""

    thread: str
    pk: int
    public_id: UUID
    replaced_by_id: int | None = None
    opened_event_id: int = 0
    opened_at: datetime = BEGINNING
    values: tuple[Any, ...] = ()

    @property
    def center_id(self) -> int | None:
        center_id: int | None = self.values[_CENTER]
        return center_id

    @property
    def customer_id(self) -> int | None:
        customer_id: int | None = self.values[_CUSTOMER]
        return customer_id

    @property
    def call_state(self) -> str:
        return str(self.values[_CALL_STATE])

    @property
    def last_seq(self) -> int:
        return int(self.values[_LAST_SEQ])

    def take(self, state: TicketState) -> bool:
        """Brings the row in line with a state; says whether anything differed."""
        stands = (None, state.opened.pk, state.opened.time, _copied(state))
        differs = stands != (self.replaced_by_id, self.opened_event_id, self.opened_at, self.values)
        self.replaced_by_id, self.opened_event_id, self.opened_at, self.values = stands
        return differs


@dataclass(slots=True)
class Refolded:
    """A ticket that was opened or changed, and what it was before."""

    ticket: TicketRow
    is_new: bool
    center_before: int | None


@dataclass(slots=True)
class Refolding:
    """What came of refolding some threads."""

    changes: list[Refolded] = field(default_factory=list)
    starts: dict[str, list[tuple[Order, TicketRow]]] = field(default_factory=dict)

    def ticket_of(self, event: EventRow) -> TicketRow | None:
        """The ticket that holds an event of a refolded thread, new since the last time."""
        before = [ticket for order, ticket in self.starts.get(event.thread, ()) if order <= event.order]
        return before[-1] if before else None


Begun = Mapping[str, Sequence[tuple[IncomingEvent, EventRow]]]


def refold_threads(organization: Organization, threads: Mapping[str, datetime], *, begun: Begun) -> Refolding:
    """Refolds `threads` (key → time of the earliest new event); of those `begun` now, all events are at hand.

    Call inside the intake transaction, which holds the lock of these threads. A bounded number of statements,
    however many threads.
    """
    if not threads:
        return Refolding()
    older = {thread: since for thread, since in threads.items() if thread not in begun}
    standing = _standing(organization, older)
    starts = {thread: _start(standing[thread], since) for thread, since in older.items()}
    events = _events(organization, starts) | {thread: _at_hand(begun[thread]) for thread in threads if thread in begun}
    window = timedelta(days=organization.reopen_days)
    centers = _moved_to(organization, events)

    new: list[TicketRow] = []
    changed: list[TicketRow] = []
    results: list[Refolded] = []
    opened: dict[str, list[tuple[Order, TicketRow]]] = defaultdict(list)
    others: list[tuple[int, int]] = []
    gone: dict[TicketRow, str] = {}
    for thread, rows in events.items():
        start = starts.get(thread)
        stored = [ticket for ticket in standing.get(thread, ()) if start is None or ticket.opened_at >= start]
        states = fold(rows, reopen_window=window, centers=centers)
        matched, left_over = _match(stored, states, rows)
        for state, found in matched:
            ticket = found or TicketRow(thread, 0, uuid7())
            before = ticket.center_id if found else None
            opened[thread].append((state.opened.order, ticket))
            if ticket.take(state):
                (changed if found else new).append(ticket)
                results.append(Refolded(ticket, is_new=found is None, center_before=before))
            if state.customer_id is not None:
                others += [(state.customer_id, other) for other in state.other_customer_ids]
        gone |= dict.fromkeys(left_over, thread)
    _insert(organization, new)
    if gone:
        _replace(gone, results, standing)
        changed += list(gone)
    _UPDATE([(row.pk, row.replaced_by_id, row.opened_event_id, row.opened_at, *row.values) for row in changed])
    if others:
        _suggest(organization, others)
    return Refolding(results, opened)


_WRITTEN = ("replaced_by_id", "opened_event_id", "opened_at", *COPIED)
_INSERT = Insert(Ticket, ("organization_id", "public_id", "thread", *_WRITTEN))
_UPDATE = Update(Ticket, _WRITTEN)


def _insert(organization: Organization, new: Sequence[TicketRow]) -> None:
    keys = _INSERT(
        [
            (organization.pk, row.public_id, row.thread, None, row.opened_event_id, row.opened_at, *row.values)
            for row in new
        ]
    )
    for row, (pk,) in zip(new, keys, strict=True):
        row.pk = pk


_STANDING = Prepared(
    lambda: (
        Ticket.objects.filter(organization_id=Told("organization_id"), thread__any_of=Told("threads"))
        .order_by("thread", "opened_at", "id")
        .values_list("thread", "id", "public_id", "replaced_by_id", "opened_event_id", "opened_at", *COPIED)
    )
)


def _standing(organization: Organization, threads: Iterable[str]) -> dict[str, list[TicketRow]]:
    """The tickets of each thread in order, those a late event once joined included: it may divide them again."""
    found: dict[str, list[TicketRow]] = defaultdict(list)
    if threads:
        for thread, pk, public_id, replaced_by_id, event_id, opened_at, *values in _STANDING(
            organization_id=organization.pk, threads=list(threads)
        ):
            row = TicketRow(thread, pk, public_id, replaced_by_id, event_id, opened_at, tuple(values))
            found[thread].append(row)
    return found


def _start(tickets: Sequence[TicketRow], since: datetime) -> datetime | None:
    """From when on events must be folded: the start of the ticket that stood then; None is from the beginning.

    One that starts at that very instant may lose its place to an event that sorts before it: the one before counts.
    """
    before = [ticket.opened_at for ticket in tickets if ticket.replaced_by_id is None and ticket.opened_at < since]
    return before[-1] if before else None


def _events(organization: Organization, starts: Mapping[str, datetime | None]) -> dict[str, list[ThreadEvent]]:
    if not starts:
        return {}
    instant = connection.ops.adapt_datetimefield_value
    told = [{"thread": thread, "start": instant(start or BEGINNING)} for thread, start in starts.items()]
    if connection.vendor == "postgresql":
        listed = "json_to_recordset(%s) AS told(thread text, start timestamptz)"
    else:
        listed = "(SELECT json_extract(value, '$.thread') AS thread, json_extract(value, '$.start') AS start FROM json_each(%s)) AS told"
    # The last condition is for the planner, which may then use the index of what stands in a thread.
    statement = f"""
        SELECT e.thread, e.id, e.time, e.rank, e.source, e.event_id, e.type, e.author, e.agent_email, e.text, e.topic,
            e.qualifier, e.customer_id, e.center_id, e.store_id, e.thread_seq
        FROM {listed} CROSS JOIN customers_event e
        WHERE e.organization_id = %s AND e.thread = told.thread AND e.time >= told.start AND NOT e.thread = ''
    """  # noqa: S608 - constants
    found: dict[str, list[ThreadEvent]] = {thread: [] for thread in starts}
    for thread, pk, time, *values in fetch(statement, [msgspec.json.encode(told).decode(), organization.pk]):
        found[thread].append(ThreadEvent(pk, as_instant(time), *values))
    for some in found.values():
        some.sort(key=lambda event: event.order)
    return found


def _at_hand(held: Sequence[tuple[IncomingEvent, EventRow]]) -> list[ThreadEvent]:
    """A thread's events where all of them have just been written."""
    found = [
        ThreadEvent(
            row.pk,
            event.time,
            event.rank,
            event.source,
            event.event_id,
            event.type,
            event.author,
            event.agent_email,
            event.text,
            event.topic,
            event.qualifier,
            row.customer_id,
            row.center_id,
            row.store_id,
            row.thread_seq or 0,
        )
        for event, row in held
    ]
    found.sort(key=lambda event: event.order)
    return found


def _moved_to(organization: Organization, events: Mapping[str, list[ThreadEvent]]) -> dict[str, int]:
    slugs = {event.qualifier for some in events.values() for event in some if event.type == "ticket.moved"}
    if not slugs:
        return {}
    return dict(Center.objects.filter(organization=organization, slug__in=slugs).values_list("slug", "id"))


def _match(
    stored: list[TicketRow], states: list[TicketState], rows: list[ThreadEvent]
) -> tuple[list[tuple[TicketState, TicketRow | None]], list[TicketRow]]:
    """Gives each state the row that was its own: by the opening event, else the first whose opening it holds."""
    if not stored:
        return [(state, None) for state in states], []
    by_opening = {ticket.opened_event_id: ticket for ticket in stored}
    order = {event.pk: event.order for event in rows}
    matched: list[tuple[TicketState, TicketRow | None]] = [
        (state, by_opening.pop(state.opened.pk, None)) for state in states
    ]
    for index, (state, ticket) in enumerate(matched):
        if ticket is None:
            end = states[index + 1].opened.order if index + 1 < len(states) else None
            held = [
                pk
                for pk, row in by_opening.items()
                if row.replaced_by_id is None
                and pk in order
                and order[pk] > state.opened.order
                and (end is None or order[pk] < end)
            ]
            if held:
                matched[index] = (state, by_opening.pop(min(held, key=lambda pk: order[pk])))
    return matched, [ticket for ticket in by_opening.values() if ticket.replaced_by_id is None]


def _replace(gone: Mapping[TicketRow, str], results: list[Refolded], standing: Mapping[str, list[TicketRow]]) -> None:
    """Lets rows whose ticket was joined to another lead to that one: the latest that starts no later."""
    for ticket, thread in gone.items():
        alive = {row.pk: row for row in standing[thread] if row not in gone and row.replaced_by_id is None}
        alive |= {result.ticket.pk: result.ticket for result in results if result.ticket.thread == thread}
        earlier = [row for row in alive.values() if row.opened_at <= ticket.opened_at]
        heir = max(earlier, key=lambda row: row.opened_at, default=None)
        ticket.replaced_by_id = heir.pk if heir else None


def _suggest(organization: Organization, pairs: list[tuple[int, int]]) -> None:
    """A conversation that names a second customer asks a person whether the two are one."""
    ids = {pk for pair in pairs for pk in pair}
    roots = {row.pk: row.root_id for row in Customer.objects.filter(pk__in=ids).only("id", "merged_into_id")}
    apart = [pair for pair in pairs if roots[pair[0]] != roots[pair[1]]]
    note_suggestions(organization, apart, reason=MergeSuggestion.Reason.THREAD)
