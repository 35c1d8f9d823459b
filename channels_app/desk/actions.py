"""What a desk's page tells by its socket: that somebody looks at a ticket, writes there, and has seen what was said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import Person
from channels_app.widget.actions import note_seen_by_agents
from tickets.actions.mentions import read_mentions
from tickets.policies import may_answer, reads_along
from tickets.queries import ticket_for


def see_ticket(person: Person, ticket_id: UUID, *, upto: int, at: datetime) -> None:
    """Her page has shown the messages up to that number. What is told beyond the ticket's last is taken as the last."""
    ticket = ticket_for(person, ticket_id)
    upto = min(upto, ticket.last_seq)
    read_mentions(ticket, upto=upto, by=person, at=at)
    # A lead who reads along answers nobody: the customer is not told that she was read.
    if may_answer(person) and not reads_along(person, ticket):
        note_seen_by_agents(ticket.organization_id, ticket.thread, upto=upto)
