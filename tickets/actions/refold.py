"""Brings the stored tickets of some threads in line with their events.

Only what a change can reach is folded again: from the ticket that was standing when the earliest new event
happened. A ticket keeps its row, and so its address, for as long as the event that opened it is in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.in_force import schedules_of
from accounts.models import Center, Organization
from customers.actions import EventRow, note_suggestions
from customers.incoming import IncomingEvent
from customers.models import Customer, MergeSuggestion
from cxhub.identifiers import uuid7
from tickets.actions.breaches import Clocked, keep_breaches
from tickets.actions.rows import (
    BEGINNING,
    TicketRow,
    events_at_hand,
    events_from,
    insert_tickets,
    lock_threads,
    tickets_of,
    update_tickets,
)
from tickets.fold import MERGED, NAMES_A_CENTER, UNMERGED, fold
from tickets.merging import carried_over, merged_into_it, without_undone
from tickets.state import Order, ThreadEvent, TicketState


@dataclass(slots=True)
class Refolded:
    """A ticket that was opened or changed, and what it was before."""

    ticket: TicketRow
    is_new: bool
    center_before: int | None
    was_in_queue: bool = False
    call_before: str = ""
    agent_before: str = ""


@dataclass(slots=True)
class Refolding:
    """What came of refolding some threads."""

    changes: list[Refolded] = field(default_factory=list)
    starts: dict[str, list[tuple[Order, TicketRow]]] = field(default_factory=dict)

    def ticket_of(self, event: EventRow) -> TicketRow | None:
        """The ticket that holds an event of a refolded thread, new since the last time."""
        before = [ticket for order, ticket in self.starts.get(event.thread, ()) if order <= event.order]
        return before[-1] if before else None


Arrived = Mapping[str, Sequence[tuple[IncomingEvent, EventRow]]]


@dataclass(slots=True)
class _Part:
    """The part of a thread that is folded: its events, and the tickets those were in before.

    With `standing` the events are only those that follow what this state, of the one ticket stored, came to.
    """

    events: list[ThreadEvent]
    stored: list[TicketRow] = field(default_factory=list)
    standing: TicketState | None = None


def refold_threads(organization: Organization, threads: Mapping[str, datetime], *, arrived: Arrived) -> Refolding:
    """Refolds `threads` (key → time of the earliest event that is new or changed), of which `arrived` is new.

    Call inside the intake transaction, which holds the lock of these threads. A bounded number of statements,
    however many threads.
    """
    if not threads:
        return Refolding()
    begun = {
        thread: rows
        for thread, rows in arrived.items()
        # Where a decision of the same batch gave events to another customer, what is at hand is out of date.
        if threads[thread] > BEGINNING and any(row.thread_seq == 1 for _, row in rows) and not _decides_merge(rows)
    }
    stored = tickets_of(organization, threads.keys() - begun.keys())
    threads = _with_those_that_go_on(organization, threads, arrived, stored)
    parts = _parts(organization, threads, arrived, begun, stored)
    window = timedelta(days=organization.reopen_days)
    centers = _moved_to(organization, parts.values())
    schedules = schedules_of(organization)

    new: list[TicketRow] = []
    changed: list[TicketRow] = []
    results: list[Refolded] = []
    opened: dict[str, list[tuple[Order, TicketRow]]] = defaultdict(list)
    others: list[tuple[int, int]] = []
    clocked: list[Clocked] = []
    gone: dict[TicketRow, str] = {}
    for thread, part in parts.items():
        states = fold(part.events, reopen_window=window, centers=centers, schedules=schedules, standing=part.standing)
        matched, left_over = _match(part.stored, states, part.events)
        for state, found in matched:
            ticket = found or TicketRow(thread, 0, uuid7())
            before: tuple[int | None, bool, str, str] = (None, False, "", "")
            if found:
                before = (found.center_id, found.is_in_queue, found.call_state, found.agent_email)
            opened[thread].append((state.opened.order, ticket))
            if ticket.take(state):
                (changed if found else new).append(ticket)
                results.append(Refolded(ticket, found is None, *before))
            if state.clocks.breached or state.clocks.kept or (found and state is not part.standing):
                clocked.append(Clocked(ticket, state.clocks, is_whole=state is not part.standing, is_new=found is None))
            if state.customer_id is not None:
                others += [(state.customer_id, other) for other in state.other_customer_ids]
        gone |= dict.fromkeys(left_over, thread)
    insert_tickets(organization, new)
    if gone:
        _replace(gone, results, stored)
        changed += list(gone)
    update_tickets(changed)
    keep_breaches(organization, clocked, gone=gone)
    if others:
        _suggest(organization, others)
    return Refolding(results, opened)


def _parts(
    organization: Organization,
    threads: Mapping[str, datetime],
    arrived: Arrived,
    begun: Arrived,
    stored: Mapping[str, list[TicketRow]],
) -> dict[str, _Part]:
    """What of each thread must be folded: what is new, where it follows all that was; else from the ticket before."""
    parts = {thread: _Part(events_at_hand(begun[thread])) for thread in threads if thread in begun}
    starts: dict[str, datetime | None] = {}
    for thread in threads.keys() - begun.keys():
        if any(row.is_merging for row in stored[thread]) or _decides_merge(arrived.get(thread, ())):
            starts[thread] = None
            continue
        latest = _followed(stored[thread], threads[thread], arrived.get(thread, ()))
        if latest is None:
            starts[thread] = _start(stored[thread], threads[thread])
        else:
            parts[thread] = _Part(events_at_hand(arrived[thread]), [latest], latest.state())
    for thread, events in events_from(organization, starts).items():
        start = starts[thread]
        if any(event.type == MERGED for event in events):
            events = with_merged(organization, thread, events)
        parts[thread] = _Part(
            events, [ticket for ticket in stored[thread] if start is None or ticket.opened_at >= start]
        )
    return parts


def _decides_merge(rows: Iterable[tuple[IncomingEvent, EventRow]]) -> bool:
    return any(event.type in (MERGED, UNMERGED) for event, _ in rows)


def _with_those_that_go_on(
    organization: Organization,
    threads: Mapping[str, datetime],
    arrived: Arrived,
    stored: dict[str, list[TicketRow]],
) -> dict[str, datetime]:
    """With the conversations that some of these were merged into, since they hear what is said there.

    Locks them as if they had an event of their own, and adds their tickets to what is `stored`. No statement where
    nothing is merged.
    """
    going_on = {row.merged_thread for rows in stored.values() for row in rows if row.merged_thread}
    for some in arrived.values():
        going_on |= {event.text for event, _ in some if event.type in (MERGED, UNMERGED)}
    since = dict.fromkeys(going_on - threads.keys(), BEGINNING)
    if since:
        lock_threads(organization, since)
        stored.update(tickets_of(organization, since))
    return {**threads, **since}


def with_merged(organization: Organization, thread: str, events: list[ThreadEvent]) -> list[ThreadEvent]:
    """All of a conversation: without merges that were undone, with what was said since in those merged into it."""
    own = without_undone(events)
    merges = merged_into_it(own)
    if not merges:
        return own
    others = events_from(organization, dict.fromkeys(merges))
    heard = [event for other in others.values() for event in carried_over(other, into=thread)]
    return sorted([*own, *heard], key=lambda event: event.order)


def _followed(
    tickets: Sequence[TicketRow], since: datetime, arrived: Sequence[tuple[IncomingEvent, EventRow]]
) -> TicketRow | None:
    """The latest ticket of a thread, if all that has changed there follows its last event."""
    known = [(ticket.last_order, ticket) for ticket in tickets if ticket.replaced_by_id is None]
    if not known or not arrived:
        return None
    order, latest = max(known, key=lambda pair: (pair[1].opened_at, pair[1].last_order or ()))
    if order is None or since < order[0] or min(row.order for _, row in arrived) < order:
        return None
    return latest


def _start(tickets: Sequence[TicketRow], since: datetime) -> datetime | None:
    """From when on events must be folded: the start of the ticket that stood then; None is from the beginning.

    One that starts at that very instant may lose its place to an event that sorts before it: the one before counts.
    """
    before = [ticket.opened_at for ticket in tickets if ticket.replaced_by_id is None and ticket.opened_at < since]
    return before[-1] if before else None


def _moved_to(organization: Organization, parts: Iterable[_Part]) -> dict[str, int]:
    slugs = {event.qualifier for part in parts for event in part.events if event.type in NAMES_A_CENTER}
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
