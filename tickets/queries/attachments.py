"""Which file somebody may have: what was sent in a conversation she reaches, and her own before it is sent."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from accounts.models import Person
from accounts.queries import NotFound
from tickets.models import Attachment, Ticket


def attachment_for(person: Person, ticket: Ticket, public_id: UUID) -> Attachment:
    """`ticket` is one that she reaches. Raises NotFound."""
    return _one(ticket.organization_id, ticket.thread, public_id, Q(person=person))


def attachment_of_customer(organization_id: int, thread: str, public_id: UUID) -> Attachment:
    """For the customer of the conversation herself. Raises NotFound."""
    return _one(organization_id, thread, public_id, Q(is_from_customer=True))


def _one(organization_id: int, thread: str, public_id: UUID, is_own: Q) -> Attachment:
    rows = Attachment.objects.filter(~Q(event=None) | is_own, organization=organization_id, thread=thread)
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
