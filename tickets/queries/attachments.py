"""Which file somebody may have: what was sent in a conversation she reaches, and her own before it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Any
from uuid import UUID

from django.db.models import Q

from accounts.models import Person
from accounts.queries import NotFound
from tickets.models import Attachment, Ticket

# Asked for by their ids; a statement takes no more of them on SQLite than some hundreds.
EVENTS_AT_ONCE = 500


def attachment_for(person: Person, ticket: Ticket, public_id: UUID) -> Attachment:
    """`ticket` is one that she reaches; those that were merged into it count as its own. Raises NotFound."""
    return _one(ticket.organization_id, [ticket.thread, *ticket.absorbed_threads], public_id, Q(person=person))


def attachment_of_customer(organization_id: int, thread: str, public_id: UUID) -> Attachment:
    """For the customer of the conversation herself. Raises NotFound."""
    return _one(organization_id, [thread], public_id, Q(is_from_customer=True))


def uploads_told(organization_id: int, thread: str, *, by: Person | None) -> list[dict[str, Any]]:
    """What somebody has uploaded in a conversation and not sent, oldest first, as pages are told of it. One statement.

    Without `by`, the conversation's customer.
    """
    rows = Attachment.objects.filter(organization=organization_id, thread=thread, event=None, person=by)
    return [kept.as_told() for kept in rows.filter(is_from_customer=by is None).order_by("created_at", "pk")]


def attachments_of(organization_id: int, events: Sequence[UUID]) -> list[Attachment]:
    """The files that belong to these few messages, in the order in which they were uploaded. One statement."""
    return list(Attachment.objects.filter(organization=organization_id, event__in=events).order_by("pk"))


def files_of_events(organization_id: int, events: Sequence[UUID]) -> Iterator[tuple[str, IO[bytes]]]:
    """Every file that came with these messages, under a name that is like no other's. What is lost is left out."""
    for start in range(0, len(events), EVENTS_AT_ONCE):
        some = events[start : start + EVENTS_AT_ONCE]
        for found in Attachment.objects.filter(organization=organization_id, event__in=some).order_by("pk"):
            try:
                content = found.file.open("rb")
            except FileNotFoundError:
                continue
            with content:
                yield f"{found.public_id.hex[:8]}-{found.name}", content


def _one(organization_id: int, threads: Sequence[str], public_id: UUID, is_own: Q) -> Attachment:
    rows = Attachment.objects.filter(~Q(event=None) | is_own, organization=organization_id, thread__in=threads)
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
