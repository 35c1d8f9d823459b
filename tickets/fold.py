"""Tickets as a function of a thread's events: what opens, joins, resolves and reopens (EVENTS.md).

Pure: rows in, states out; no database, no clock. A room of its own beside `actions` because the figures fold
the same events, and because it is the one place where the rules of a thread are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from accounts.in_force import ALWAYS, Schedules
from tickets import call_states
from tickets.clocks import follow, settle
from tickets.state import ThreadEvent, TicketState
from tickets.tag_keys import with_key, without_key

MESSAGES = frozenset({"chat.message", "mail.message", "message.message"})
# What goes on in the ticket that a conversation was merged into.
CARRIED_OVER = MESSAGES | {"store.inquiry", "chat.handoff"}
# We have opened it ourselves: nobody waits in it.
OPENED = "ticket.opened"
# The types whose one further word is a center's slug.
NAMES_A_CENTER = frozenset({"ticket.moved", OPENED})
MERGED, UNMERGED = "ticket.merged", "ticket.unmerged"
INTO, FROM = "into", "from"
TEXT_LENGTH = 200


def fold(
    events: Iterable[ThreadEvent],
    *,
    reopen_window: timedelta,
    centers: dict[str, int],
    schedules: Schedules = ALWAYS,
    standing: TicketState | None = None,
) -> list[TicketState]:
    """Folds a thread's events, in their order, into its tickets; `centers` maps slugs to keys for `ticket.moved`.

    Clocks run by the `schedules`. With `standing`, the thread's latest ticket so far, the events are those that follow its last one; it comes first.
    """
    tickets = [standing] if standing else []
    for ticket, event in walk(events, reopen_window=reopen_window, centers=centers, standing=standing):
        if not tickets or ticket is not tickets[-1]:
            tickets.append(ticket)
        follow(ticket, event, schedules)
    for ticket in tickets:
        settle(ticket, schedules)
    return tickets


def walk(
    events: Iterable[ThreadEvent],
    *,
    reopen_window: timedelta,
    centers: dict[str, int],
    standing: TicketState | None = None,
) -> Iterator[tuple[TicketState, ThreadEvent]]:
    """The steps of `fold` without its clocks: each event, with the ticket that has just taken it in.

    What belongs to no ticket is left out. The state is the same object throughout, and goes on changing.
    """
    ticket = standing
    for event in events:
        if event.is_foreign and ticket is None:
            continue
        if ticket is None or _is_over(ticket, event, reopen_window):
            if _opens(event):
                ticket = TicketState(event, _opener(event), event.type.split(".", 1)[0])
            elif ticket is None:
                continue  # history only
        _join(ticket, event, centers)
        yield ticket, event


def _is_over(ticket: TicketState, event: ThreadEvent, reopen_window: timedelta) -> bool:
    if event.is_foreign or ticket.merged_thread:
        return False
    return ticket.resolved_at is not None and not ticket.is_open and event.time >= ticket.resolved_at + reopen_window


def _opens(event: ThreadEvent) -> bool:
    if event.type in MESSAGES:
        return event.author in ("customer", "agent")
    return event.type in ("store.inquiry", "call.queued", "chat.handoff", "call.answered", "call.abandoned", OPENED)


def _opener(event: ThreadEvent) -> str:
    if event.type in MESSAGES:
        return event.author
    return "agent" if event.qualifier == "outbound" or event.type == OPENED else "customer"


def _reopens(event: ThreadEvent) -> bool:
    if event.type in MESSAGES:
        return event.author == "customer"
    return event.type in ("store.inquiry", "chat.handoff", "ticket.reopened") or (
        event.type == "call.queued" and event.qualifier != "outbound"
    )


def _wakes(event: ThreadEvent) -> bool:
    """The customer speaks, or asks for a person: what reopens a ticket, but for a person who does."""
    return event.type != "ticket.reopened" and _reopens(event)


def _join(ticket: TicketState, event: ThreadEvent, centers: dict[str, int]) -> None:
    ticket.events += 1
    ticket.last_event_at, ticket.last_order = event.time, event.order
    ticket.last_seq = max(ticket.last_seq, event.seq)
    if ticket.merged_thread and event.type in CARRIED_OVER:
        return  # the ticket that it was merged into hears it
    _belong(ticket, event)
    if _wakes(event):
        ticket.snoozed_until = None
    if not ticket.is_open and _reopens(event):
        ticket.status, ticket.resolved_at, ticket.resolved_by = "open", None, ""
        ticket.reopen_count += 1
    step = STEPS.get(event.type)
    if step is not None:
        step(ticket, event)
    if event.type in NAMES_A_CENTER and event.qualifier in centers:
        ticket.center_id, ticket.is_moved = centers[event.qualifier], True


def _belong(ticket: TicketState, event: ThreadEvent) -> None:
    """The first event that tells of a center, a store, a customer says whose the ticket is."""
    if ticket.center_id is None and not ticket.is_moved:
        ticket.center_id = event.center_id
    if ticket.store_id is None:
        ticket.store_id = event.store_id
    if event.customer_id is not None and event.customer_id != ticket.customer_id:
        if ticket.customer_id is None:
            ticket.customer_id = event.customer_id
        elif event.customer_id not in ticket.other_customer_ids:
            ticket.other_customer_ids += (event.customer_id,)


def _message(ticket: TicketState, event: ThreadEvent) -> None:
    if event.author == "bot" and event.qualifier == "rule":
        return  # a notice: whoever waits goes on waiting, and what she said stays the last word in the list
    ticket.last_message_at = event.time
    # What a machine says is the same in every row of a list: what she asked stays the last word there.
    if not (event.author == "bot" and ticket.last_author == "customer"):
        ticket.last_author = event.author
        ticket.last_text = " ".join(event.text.split())[:TEXT_LENGTH]
    if event.author == "customer":
        ticket.messages_in += not event.is_foreign
        _customer_waits(ticket, event)
    elif event.author == "agent":
        ticket.messages_out += not event.is_foreign
        _person_answers(ticket, event)
    elif event.author == "bot" and not ticket.has_handoff and ticket.first_response_at is None:
        ticket.has_bot_answer = True
        ticket.response_started_at = ticket.waiting_since = None


def _may_begin(ticket: TicketState) -> bool:
    """Whether the response clock may start: once, and not in a ticket that an agent opened (METRICS.md)."""
    return ticket.response_started_at is None and ticket.first_response_at is None and ticket.opened_by == "customer"


def _customer_waits(ticket: TicketState, event: ThreadEvent) -> None:
    if ticket.has_bot_answer and not ticket.has_handoff and ticket.first_response_at is None:
        return  # she is talking to the bot
    if _may_begin(ticket):
        ticket.response_started_at = event.time
    if ticket.waiting_since is None:
        ticket.waiting_since = event.time


def _person_answers(ticket: TicketState, event: ThreadEvent) -> None:
    ticket.waiting_since = None
    ticket.first_answered_by = ticket.first_answered_by or event.agent_email
    if ticket.first_response_at is None and (ticket.response_started_at or ticket.opened_by == "customer"):
        ticket.first_response_at = event.time


def _inquiry(ticket: TicketState, event: ThreadEvent) -> None:
    ticket.messages_in += 1
    ticket.last_message_at, ticket.last_author = event.time, "customer"
    ticket.last_text = " ".join(event.text.split())[:TEXT_LENGTH]


def _opened(ticket: TicketState, event: ThreadEvent) -> None:
    ticket.last_text = " ".join(event.text.split())[:TEXT_LENGTH]


def _handoff(ticket: TicketState, event: ThreadEvent) -> None:
    if not ticket.has_handoff and ticket.first_response_at is None and ticket.opened_by == "customer":
        ticket.response_started_at = event.time
    ticket.has_handoff = True
    if ticket.waiting_since is None:
        ticket.waiting_since = event.time


def _queued(ticket: TicketState, event: ThreadEvent) -> None:
    call_states.queue(ticket, event)
    if event.qualifier != "outbound":
        if _may_begin(ticket):
            ticket.response_started_at = event.time
        if ticket.waiting_since is None:
            ticket.waiting_since = event.time


def _answered(ticket: TicketState, event: ThreadEvent) -> None:
    call_states.answer(ticket, event)
    _person_answers(ticket, event)


def _assigned(ticket: TicketState, event: ThreadEvent) -> None:
    if event.qualifier == "rule" and ticket.agent_email:
        return  # somebody took it meanwhile
    ticket.assigned_to = event.agent_email


def _unassigned(ticket: TicketState, event: ThreadEvent) -> None:
    if event.agent_email in ("", ticket.agent_email):
        # As if nobody had been there: whoever is given it, or answers first from now on, has it.
        ticket.assigned_to = ticket.first_answered_by = ""


def _prioritized(ticket: TicketState, event: ThreadEvent) -> None:
    ticket.priority = event.qualifier


def _tagged(ticket: TicketState, event: ThreadEvent) -> None:
    for line in event.text.splitlines():
        change = with_key if line.startswith("+") else without_key
        ticket.tags = change(ticket.tags, line[1:])


def _snoozed(ticket: TicketState, event: ThreadEvent) -> None:
    if ticket.is_open:
        ticket.snoozed_until = datetime.fromisoformat(event.qualifier)


def _woken(ticket: TicketState, event: ThreadEvent) -> None:
    ticket.snoozed_until = None


def _linked(ticket: TicketState, event: ThreadEvent) -> None:
    ticket.links = with_key(ticket.links, event.text)


def _unlinked(ticket: TicketState, event: ThreadEvent) -> None:
    ticket.links = without_key(ticket.links, event.text)


def _merged(ticket: TicketState, event: ThreadEvent) -> None:
    """What waits is not answered by a merge: the ticket that goes on has it from then on."""
    way, _, since = event.qualifier.partition(" ")
    if way == INTO:
        ticket.merged_thread = event.text
        ticket.waiting_since = ticket.snoozed_until = None
        return
    ticket.absorbed = with_key(ticket.absorbed, event.text)
    if since and ticket.is_open:
        waits = datetime.fromisoformat(since)
        ticket.waiting_since = min(ticket.waiting_since, waits) if ticket.waiting_since else waits


def _resolved(ticket: TicketState, event: ThreadEvent) -> None:
    ticket.topic = event.topic or ticket.topic
    if not ticket.is_open:
        return  # another one only corrects the topic
    ticket.status, ticket.resolved_at, ticket.resolved_by = "resolved", event.time, event.qualifier
    ticket.first_resolved_at = ticket.first_resolved_at or event.time
    ticket.waiting_since = ticket.snoozed_until = None


def _topic(ticket: TicketState, event: ThreadEvent) -> None:
    ticket.topic = event.topic or ticket.topic


STEPS = {
    **dict.fromkeys(MESSAGES, _message),
    "store.inquiry": _inquiry,
    OPENED: _opened,
    "chat.handoff": _handoff,
    "call.queued": _queued,
    "call.ringing": call_states.ring,
    "call.answered": _answered,
    "call.held": call_states.hold,
    "call.resumed": call_states.resume,
    "call.abandoned": call_states.abandon,
    "call.ended": call_states.end,
    "call.wrapped_up": call_states.wrap,
    "ticket.assigned": _assigned,
    "ticket.unassigned": _unassigned,
    "ticket.priority": _prioritized,
    "ticket.tagged": _tagged,
    "ticket.snoozed": _snoozed,
    "ticket.woken": _woken,
    "ticket.linked": _linked,
    "ticket.unlinked": _unlinked,
    "ticket.merged": _merged,
    "ticket.resolved": _resolved,
    "ticket.topic": _topic,
}
