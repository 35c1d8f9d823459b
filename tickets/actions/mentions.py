"""Calls colleagues into a conversation, and remembers who has read that she was called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Person
from customers.models import Event
from cxhub.live import publish_on_commit
from tickets.models import Mention, Ticket


def call_people(
    ticket: Ticket, people: Sequence[Person], *, event_id: UUID, at: datetime, is_notice: bool = False
) -> None:
    """Notes that the event (by its public id) called these people, and tells their pages. Again, it changes nothing.

    A notice is shown on whatever page she is, until she has read it.
    """
    event = Event.objects.get(organization_id=ticket.organization_id, public_id=event_id)
    with transaction.atomic():
        Mention.objects.bulk_create(
            [
                Mention(
                    organization_id=ticket.organization_id,
                    person=person,
                    ticket=ticket,
                    event=event,
                    seq=event.thread_seq or 0,
                    created_at=at,
                    is_notice=is_notice,
                )
                for person in people
            ],
            ignore_conflicts=True,
        )
        pks = [person.pk for person in people]
        _announce(ticket, pks, kind="notice" if is_notice else "mention", of=event.type)


def read_mentions(ticket: Ticket, *, upto: int, by: Person, at: datetime) -> None:
    """She has had the conversation before her eyes up to that number."""
    unread = Mention.objects.filter(organization_id=ticket.organization_id, person=by, ticket=ticket, read_at=None)
    with transaction.atomic():
        if unread.filter(seq__lte=upto).update(read_at=at):
            _announce(ticket, [by.pk], kind="mention")


def _announce(ticket: Ticket, people: Sequence[int], *, kind: str, of: str = "") -> None:
    told = {"type": "hub.event", "kind": kind, "ticket": str(ticket.public_id)}
    if of:
        told["of"] = of
    publish_on_commit([(f"person.{pk}", told) for pk in people])
