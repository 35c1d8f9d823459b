"""What a colleague has said to somebody and she has not read yet: whispers, and that a ticket of hers was taken over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Person
from accounts.queries import organization_for
from customers.policies import sight_of
from customers.queries.profiles import profiles_of
from tickets.models import Mention
from tickets.policies import tickets_reached
from tickets.queries.names import agent_names

# More at once is a wall; the others follow as these are read.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """`text` is what was whispered, "" where the ticket was taken over. `name` is the customer's."""

    ticket: UUID
    seq: int
    at: datetime
    by: str
    name: str
    text: str


def unread_notices(person: Person) -> list[Notice]:
    """The latest, newest first, of tickets that she reaches still. Five statements at most, one where there are none."""
    rows = Mention.objects.filter(organization=organization_for(person), person=person, read_at=None, is_notice=True)
    found = list(rows.select_related("event", "ticket__customer").order_by("-created_at", "-pk")[:SHOWN])
    if not found:
        return []
    reached = set(tickets_reached(person).filter(pk__in=[row.ticket_id for row in found]).values_list("pk", flat=True))
    found = [row for row in found if row.ticket_id in reached]
    authors = {row.pk: _author(row) for row in found}
    names = agent_names(person.organization_id or 0, set(authors.values()))
    roots = [row.ticket.customer.root_id for row in found if row.ticket.customer]
    profiles = profiles_of(organization_for(person), roots, sight=sight_of(person))
    return [
        Notice(
            ticket=row.ticket.public_id,
            seq=row.seq,
            at=row.created_at,
            by=names.get(authors[row.pk], authors[row.pk]),
            name=profiles[row.ticket.customer.root_id].name if row.ticket.customer else "",
            text=row.event.text if row.event.type == "note.added" else "",
        )
        for row in found
    ]


def _author(row: Mention) -> str:
    """Who whispered; or who has the ticket since."""
    return row.event.agent_email
