"""Who looks at a ticket and who is answering it: kept for seconds in Redis, told to the pages beside it."""

from __future__ import annotations

from uuid import UUID

from accounts.models import Person
from cxhub import attendance
from cxhub.live import publish, thread_group
from tickets.policies import may_answer
from tickets.queries.one import ticket_for
from tickets.queries.presence import WRITING, place_of

# A page says again every ten seconds that it is there: one lost word does not make anybody vanish.
HERE_SECONDS = 25.0
# She says so every three seconds while she types, and when she has stopped.
WRITING_SECONDS = 8.0


def be_at_ticket(person: Person, ticket_id: UUID, *, socket: str, is_writing: bool) -> None:
    """Notes that one of her pages shows the ticket, and whether she is writing an answer there.

    `socket` tells her pages apart. The customer is told that somebody is typing. The caller has checked that she
    may see the ticket.
    """
    writes = is_writing and may_answer(person)
    told = {_name(person, socket): HERE_SECONDS, _name(person, socket) + WRITING: WRITING_SECONDS if writes else 0.0}
    _tell(ticket_id, told)
    if writes:
        ticket = ticket_for(person, ticket_id)
        publish(thread_group(ticket.organization_id, ticket.thread), {"type": "hub.typing"})


def leave_ticket(person: Person, ticket_id: UUID, *, socket: str) -> None:
    """The page was closed, shows another ticket, or nobody looks at it."""
    _tell(ticket_id, {_name(person, socket): 0.0, _name(person, socket) + WRITING: 0.0})


def _tell(ticket_id: UUID, told: dict[str, float]) -> None:
    if attendance.tell(place_of(ticket_id), told):
        publish(place_of(ticket_id), {"type": "hub.event", "kind": "presence"})


def _name(person: Person, socket: str) -> str:
    return f"{person.pk}:{socket}"
