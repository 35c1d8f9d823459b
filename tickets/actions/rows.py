"""The rows that refolding reads and writes: tickets, and the events of their threads. Statements for whole batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec

from accounts.models import Organization
from customers.actions import EventRow
from customers.incoming import IncomingEvent
from customers.models.event import Thread
from cxhub.bulk import Insert, Update
from cxhub.plain_sql import as_instant, as_list, as_uuid, fetch, instant, look_up
from tickets.models import Ticket
from tickets.state import Order, ThreadEvent, TicketState, order_of_last

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
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
    "call_since",
    "call_seconds",
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
    "due_at",
    "due_kind",
    "next_alarm_at",
    "priority",
    "tags",
    "snoozed_until",
    "links",
    "merged_thread",
    "absorbed",
)
_copied = attrgetter(*COPIED)
_CENTER, _CUSTOMER, _CALL_STATE, _LAST_AT, _LAST_SEQ, _STATUS, _CHANNEL, _WAITING, _AGENT, _MERGED, _ABSORBED = (
    COPIED.index(name)
    for name in (
        *("center_id", "customer_id", "call_state", "last_event_at", "last_seq"),
        *("status", "channel", "waiting_since", "agent_email", "merged_thread", "absorbed"),
    )
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
    memory: dict[str, Any] | None = None
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

    @property
    def agent_email(self) -> str:
        return str(self.values[_AGENT])

    @property
    def merged_thread(self) -> str:
        return str(self.values[_MERGED]) if self.values else ""

    @property
    def is_merging(self) -> bool:
        """Whether it was merged into another, or another into it: what stands is told by the whole of both."""
        return bool(self.values and (self.values[_MERGED] or self.values[_ABSORBED]))

    @property
    def is_open(self) -> bool:
        return bool(self.values[_STATUS] == "open")

    @property
    def is_waiting(self) -> bool:
        """Whether somebody waits for a written answer; calls are given out by the telephone system."""
        values = self.values
        is_written = bool(values) and values[_CHANNEL] != "call"
        return is_written and values[_STATUS] == "open" and values[_WAITING] is not None

    @property
    def is_in_queue(self) -> bool:
        return self.is_waiting and not self.values[_AGENT]

    @property
    def last_order(self) -> Order | None:
        """Where its last event stands; None where that is not remembered, or was before there were clocks."""
        is_remembered = self.memory is not None and "clocks" in self.memory
        return order_of_last(self.values[_LAST_AT], self.memory) if self.memory and is_remembered else None

    def state(self) -> TicketState:
        """What it came to so far, to be folded on; only where it has a memory."""
        assert self.memory is not None
        opened = ThreadEvent.opening(self.opened_event_id, self.opened_at)
        return TicketState.resume(opened, dict(zip(COPIED, self.values, strict=True)), self.memory)

    def take(self, state: TicketState) -> bool:
        """Brings the row in line with a state; says whether anything differed."""
        stands = (None, state.opened.pk, state.opened.time, state.memory, _copied(state))
        differs = stands != (self.replaced_by_id, self.opened_event_id, self.opened_at, self.memory, self.values)
        self.replaced_by_id, self.opened_event_id, self.opened_at, self.memory, self.values = stands
        return differs


_WRITTEN = ("replaced_by_id", "opened_event_id", "opened_at", "memory", *COPIED)
_INSERT = Insert(Ticket, ("organization_id", "public_id", "thread", *_WRITTEN))
_UPDATE = Update(Ticket, _WRITTEN)


def insert_tickets(organization: Organization, new: Sequence[TicketRow]) -> None:
    """Inserts rows and gives them their keys. One statement."""
    keys = _INSERT([(organization.pk, row.public_id, row.thread, *_written(row)) for row in new])
    for row, (pk,) in zip(new, keys, strict=True):
        row.pk = pk


def update_tickets(changed: Sequence[TicketRow]) -> None:
    """Writes rows that were read before. One statement; the caller holds the locks of their threads."""
    _UPDATE([(row.pk, *_written(row)) for row in changed])


def _written(row: TicketRow) -> tuple[Any, ...]:
    return (row.replaced_by_id, row.opened_event_id, row.opened_at, row.memory, *row.values)


_INSTANTS = {
    COPIED.index(name)
    for name in COPIED
    if name.endswith("_at") or name in ("waiting_since", "snoozed_until", "call_since")
}  # places among the values that SQLite gives as text


def tickets_of(organization: Organization, threads: Iterable[str]) -> dict[str, list[TicketRow]]:
    """The tickets of each thread in order, those a late event once joined included: it may divide them again."""
    found: dict[str, list[TicketRow]] = defaultdict(list)
    wanted = [(thread,) for thread in threads]
    if not wanted:
        return found
    told = {"thread": "text"}
    statement = look_up(
        told,
        "t.thread, t.id, t.public_id, t.replaced_by_id, t.opened_event_id, t.opened_at, t.memory,"
        + ", ".join(f"t.{name}" for name in COPIED),
        "tickets_ticket t",
        "t.organization_id = %s AND t.thread = told.thread",
    )
    for thread, pk, public_id, replaced_by_id, event_id, opened_at, memory, *values in fetch(
        statement, [as_list(told, wanted), organization.pk]
    ):
        row = TicketRow(thread, pk, as_uuid(public_id), replaced_by_id, event_id, as_instant(opened_at))
        row.memory = msgspec.json.decode(memory) if isinstance(memory, str) else memory
        row.values = tuple(as_instant(value) if place in _INSTANTS else value for place, value in enumerate(values))
        found[thread].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.opened_at, row.pk))
    return found


def events_from(organization: Organization, starts: Mapping[str, datetime | None]) -> dict[str, list[ThreadEvent]]:
    """Each thread's events in their order, from its start on; None is from the beginning. One statement."""
    found: dict[str, list[ThreadEvent]] = {thread: [] for thread in starts}
    if not starts:
        return found
    told = {"thread": "text", "start": "timestamptz"}
    statement = look_up(
        told,
        "e.thread, e.id, e.time, e.rank, e.source, e.event_id, e.type, e.author, e.agent_email, e.text, e.topic,"
        " e.qualifier, e.customer_id, e.center_id, e.store_id, e.thread_seq",
        "customers_event e",
        # The last condition is for the planner, which may then use the index of what stands in a thread.
        "e.organization_id = %s AND e.thread = told.thread AND e.time >= told.start AND NOT e.thread = ''",
    )
    wanted = as_list(told, [(thread, instant(start or BEGINNING)) for thread, start in starts.items()])
    for thread, pk, time, *values in fetch(statement, [wanted, organization.pk]):
        found[thread].append(ThreadEvent(pk, as_instant(time), *values))
    for some in found.values():
        some.sort(key=lambda event: event.order)
    return found


def events_at_hand(held: Sequence[tuple[IncomingEvent, EventRow]]) -> list[ThreadEvent]:
    """Some of a thread's events in their order, as they have just been written."""
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


def lock_threads(organization: Organization, threads: Iterable[str]) -> None:
    """Holds these threads' rows as an event of their own would, in one order for everybody."""
    rows = Thread.objects.select_for_update().filter(organization=organization, key__in=set(threads)).order_by("key")
    list(rows.values_list("pk"))
