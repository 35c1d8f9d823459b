"""Brings the stored tickets of some threads in line with their events.

Only what a change can reach is folded again: from the ticket that was standing when the earliest new event
happened. A ticket keeps its row, and so its address, for as long as the event that opened it is in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.models import Center, Organization
from customers.actions import note_suggestions
from customers.models import Customer, Event, MergeSuggestion
from cxhub.bulk import insert_rows, new_row
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
WRITTEN = [name.removesuffix("_id") for name in COPIED] + ["opened_event", "opened_at", "replaced_by"]


@dataclass(slots=True)
class Refolded:
    """A ticket that was opened or changed, and what it was before."""

    ticket: Ticket
    is_new: bool
    center_before: int | None


@dataclass(slots=True)
class Refolding:
    """What came of refolding some threads."""

    changes: list[Refolded] = field(default_factory=list)
    starts: dict[str, list[tuple[Order, Ticket]]] = field(default_factory=dict)

    def ticket_of(self, event: Event) -> Ticket | None:
        """The ticket that holds an event of a refolded thread, new since the last time."""
        before = [ticket for order, ticket in self.starts.get(event.thread, ()) if order <= event.order]
        return before[-1] if before else None


def refold_threads(organization: Organization, threads: Mapping[str, datetime]) -> Refolding:
    """Refolds `threads` (key → time of the earliest new event).

    Call inside the intake transaction, which holds the lock of these threads. A bounded number of statements,
    however many threads.
    """
    if not threads:
        return Refolding()
    standing = _standing(organization, threads)
    starts = {thread: _start(standing[thread], since) for thread, since in threads.items()}
    events = _events(organization, starts)
    window = timedelta(days=organization.reopen_days)
    centers = _moved_to(organization, events)

    new: list[Ticket] = []
    changed: list[Ticket] = []
    results: list[Refolded] = []
    opened: dict[str, list[tuple[Order, Ticket]]] = defaultdict(list)
    others: list[tuple[int, int]] = []
    gone: dict[Ticket, str] = {}
    for thread, rows in events.items():
        start = starts[thread]
        stored = [ticket for ticket in standing[thread] if start is None or ticket.opened_at >= start]
        states = fold(rows, reopen_window=window, centers=centers)
        matched, left_over = _match(stored, states, rows)
        for state, found in matched:
            ticket = found or new_row(Ticket, {"organization_id": organization.pk, "thread": thread})
            before = ticket.center_id if found else None
            opened[thread].append((state.opened.order, ticket))
            if _copy(ticket, state):
                (changed if found else new).append(ticket)
                results.append(Refolded(ticket, is_new=found is None, center_before=before))
            if state.customer_id is not None:
                others += [(state.customer_id, other) for other in state.other_customer_ids]
        gone |= dict.fromkeys(left_over, thread)
    insert_rows(Ticket, new)
    if gone:
        _replace(gone, results, standing)
        changed += list(gone)
    if changed:
        Ticket.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN)
    if others:
        _suggest(organization, others)
    return Refolding(results, opened)


def _standing(organization: Organization, threads: Mapping[str, datetime]) -> dict[str, list[Ticket]]:
    """The tickets of each thread in order, those a late event once joined included: it may divide them again."""
    found: dict[str, list[Ticket]] = defaultdict(list)
    rows = Ticket.objects.filter(organization=organization, thread__in=threads)
    for ticket in rows.order_by("thread", "opened_at", "id"):
        found[ticket.thread].append(ticket)
    return found


def _start(tickets: Sequence[Ticket], since: datetime) -> datetime | None:
    """From when on events must be folded: the start of the ticket that stood then; None is from the beginning.

    One that starts at that very instant may lose its place to an event that sorts before it: the one before counts.
    """
    before = [ticket.opened_at for ticket in tickets if ticket.replaced_by_id is None and ticket.opened_at < since]
    return before[-1] if before else None


def _events(organization: Organization, starts: Mapping[str, datetime | None]) -> dict[str, list[ThreadEvent]]:
    rows = Event.objects.filter(organization=organization, thread__in=starts)
    known = [start for start in starts.values() if start is not None]
    if len(known) == len(starts):
        rows = rows.filter(time__gte=min(known))
    found: dict[str, list[ThreadEvent]] = {thread: [] for thread in starts}
    fields = ("id", "time", "rank", "source", "event_id", "type", "author", "agent_email", "text", "topic", "qualifier")
    for thread, *values in rows.values_list("thread", *fields, "customer_id", "center_id", "store_id", "thread_seq"):
        event = ThreadEvent(*values)
        start = starts[thread]
        if start is None or event.time >= start:
            found[thread].append(event)
    for some in found.values():
        some.sort(key=lambda event: event.order)
    return found


def _moved_to(organization: Organization, events: Mapping[str, list[ThreadEvent]]) -> dict[str, int]:
    slugs = {event.qualifier for some in events.values() for event in some if event.type == "ticket.moved"}
    if not slugs:
        return {}
    return dict(Center.objects.filter(organization=organization, slug__in=slugs).values_list("slug", "id"))


def _match(
    stored: list[Ticket], states: list[TicketState], rows: list[ThreadEvent]
) -> tuple[list[tuple[TicketState, Ticket | None]], list[Ticket]]:
    """Gives each state the row that was its own: by the opening event, else the first whose opening it holds."""
    by_opening = {ticket.opened_event_id: ticket for ticket in stored}
    order = {event.pk: event.order for event in rows}
    matched: list[tuple[TicketState, Ticket | None]] = [
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


def _copy(ticket: Ticket, state: TicketState) -> bool:
    """Brings a row in line with a state; says whether anything differed."""
    values = {name: getattr(state, name) for name in COPIED}
    values |= {"opened_event_id": state.opened.pk, "opened_at": state.opened.time, "replaced_by_id": None}
    differs = [name for name, value in values.items() if getattr(ticket, name) != value]
    for name in differs:
        setattr(ticket, name, values[name])
    return bool(differs) or ticket.pk is None


def _replace(gone: Mapping[Ticket, str], results: list[Refolded], standing: Mapping[str, list[Ticket]]) -> None:
    """Lets rows whose ticket was joined to another lead to that one: the latest that starts no later."""
    for ticket, thread in gone.items():
        alive = {row.pk: row for row in standing[thread] if row not in gone and row.replaced_by_id is None}
        alive |= {result.ticket.pk: result.ticket for result in results if result.ticket.thread == thread}
        earlier = [row for row in alive.values() if row.opened_at <= ticket.opened_at]
        ticket.replaced_by = max(earlier, key=lambda row: row.opened_at, default=None)


def _suggest(organization: Organization, pairs: list[tuple[int, int]]) -> None:
    """A conversation that names a second customer asks a person whether the two are one."""
    ids = {pk for pair in pairs for pk in pair}
    roots = {row.pk: row.root_id for row in Customer.objects.filter(pk__in=ids).only("id", "merged_into_id")}
    apart = [pair for pair in pairs if roots[pair[0]] != roots[pair[1]]]
    note_suggestions(organization, apart, reason=MergeSuggestion.Reason.THREAD)
