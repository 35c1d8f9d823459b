"""What a person has begun to write in a ticket."""

from __future__ import annotations

from accounts.models import Person
from tickets.models import Draft, Ticket


def drafts_for(person: Person, ticket: Ticket) -> dict[str, Draft]:
    """Her drafts in this ticket, by mode. One statement."""
    rows = Draft.objects.filter(organization_id=ticket.organization_id, person=person, ticket=ticket)
    return {draft.mode: draft for draft in rows}


def draft_of(person: Person, ticket: Ticket, mode: str) -> Draft | None:
    return drafts_for(person, ticket).get(mode)
