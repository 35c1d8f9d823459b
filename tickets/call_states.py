"""How a call stands, since when, and how long it was spoken: the part of the fold that knows telephones. Pure.

`call_since` is when began what a clock beside the state counts: the wait, the talk (also across a hold), or the hold.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tickets.state import ThreadEvent, TicketState

# Nobody has answered yet; somebody has the telephone in her hand; and the call is not over.
WAITING = ("queued", "ringing")
ON_CALL = ("talking", "held")
GOING_ON = (*WAITING, *ON_CALL)
OVER = ("ended", "wrapped")


def queue(ticket: TicketState, event: ThreadEvent) -> None:
    if ticket.call_state not in WAITING:
        ticket.call_since, ticket.call_seconds, ticket.call_answered = event.time, None, ""
    ticket.call_state = "queued" if event.qualifier == "queued" else "ringing"


def ring(ticket: TicketState, event: ThreadEvent) -> None:
    if ticket.call_state in WAITING:
        ticket.call_state = "ringing"


def answer(ticket: TicketState, event: ThreadEvent) -> None:
    if ticket.call_state not in ON_CALL:
        ticket.call_since, ticket.call_seconds, ticket.call_answered = event.time, None, event.time.isoformat()
    else:  # whoever takes it over from a colleague talks on
        ticket.call_since = _talk_began(ticket)
    ticket.call_state = "talking"


def hold(ticket: TicketState, event: ThreadEvent) -> None:
    if ticket.call_state == "talking":
        ticket.call_state, ticket.call_since = "held", event.time


def resume(ticket: TicketState, event: ThreadEvent) -> None:
    if ticket.call_state == "held":
        ticket.call_state, ticket.call_since = "talking", _talk_began(ticket)


def abandon(ticket: TicketState, event: ThreadEvent) -> None:
    ticket.call_since = ticket.call_since or event.time
    ticket.call_state = "abandoned"


def end(ticket: TicketState, event: ThreadEvent) -> None:
    if ticket.call_state == "abandoned":
        return
    began = _talk_began(ticket) if ticket.call_answered else None
    if began is not None:
        ticket.call_since, ticket.call_answered = began, ""
        ticket.call_seconds = max(0, round((event.time - began).total_seconds()))
    ticket.call_state = "ended"


def wrap(ticket: TicketState, event: ThreadEvent) -> None:
    if ticket.call_state == "ended":
        ticket.call_state = "wrapped"


def _talk_began(ticket: TicketState) -> datetime | None:
    """Where that is not known, for a ticket from before it was remembered, the clock goes on as it was."""
    return datetime.fromisoformat(ticket.call_answered) if ticket.call_answered else ticket.call_since
