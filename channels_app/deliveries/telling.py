"""Tells the ticket that an answer did not reach the customer, and calls its author; and takes the mark off where it did.

It becomes history as an event, a tag by which lists find the ticket, and a call as by a note. Each has an effect once,
so that a worker killed in between begins again from what the delivery says.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.utils import translation

from accounts.models import Organization, Person
from channels_app.adapters import ADAPTERS
from channels_app.hub.writing import envelope
from channels_app.intake import hub_sender, receive
from channels_app.models import Delivery
from customers.models import Event
from customers.undelivered import TAG, words_of_own_tag
from tickets.actions.mentions import call_people
from tickets.actions.tags import keep_tags
from tickets.models import Ticket

logger = logging.getLogger(__name__)

TOLD_AT_ONCE = 50


def tell_what_became_of(organization: Organization, *, at: datetime) -> int:
    """Brings tickets up to what their deliveries say. Returns how many deliveries were told of."""
    rows = Delivery.objects.filter(organization=organization).select_related("account")
    failed = list(rows.filter(state=Delivery.State.FAILED, is_told=False).order_by("pk")[:TOLD_AT_ONCE])
    mended = list(rows.filter(state=Delivery.State.SENT, is_told=True).order_by("pk")[:TOLD_AT_ONCE])
    for delivery in failed:
        if delivery.thread:
            _tell_failure(organization, delivery, at=at)
        rows.filter(pk=delivery.pk, state=Delivery.State.FAILED).update(is_told=True)
    for delivery in mended:
        if delivery.thread:
            _tell_success(organization, delivery, at=at)
        rows.filter(pk=delivery.pk, state=Delivery.State.SENT).update(is_told=False)
    return len(failed) + len(mended)


def _tell_failure(organization: Organization, delivery: Delivery, *, at: datetime) -> None:
    with translation.override(organization.language):
        keep_tags(organization, {TAG: words_of_own_tag(TAG)})
    mark = f"{delivery.public_id.hex}-{delivery.attempts}"
    told: dict[str, Any] = {
        "thread": delivery.thread,
        "channel": ADAPTERS[delivery.account.adapter].channel,
        "kind": delivery.kind,
        "cause": delivery.cause,
    }
    if message := _message_of(delivery):
        told["message"] = message
    if delivery.agent_email:
        told["agent"] = delivery.agent_email
    acts = [
        envelope("delivery.failed", told, at=at, key=f"undelivered-{mark}"),
        envelope("ticket.tagged", {"thread": delivery.thread, "add": [TAG]}, at=at, key=f"undelivered-{mark}-tag"),
    ]
    if delivery.kind == Delivery.Kind.REPLY and (ticket := _ticket_of(delivery)) is not None and not ticket.is_open:
        # Settled by an answer that nobody has read.
        acts.append(envelope("ticket.reopened", {"thread": delivery.thread}, at=at, key=f"undelivered-{mark}-open"))
    outcomes = receive(organization, acts, sender=hub_sender(), at=at)
    if any(outcome.is_refused for outcome in outcomes):
        logger.error("A failed delivery could not be told", extra={"delivery": str(delivery.public_id)})
        return
    author = Person.objects.filter(organization=organization, email=delivery.agent_email, is_active=True).first()
    ticket = _ticket_of(delivery)
    if author is not None and ticket is not None and outcomes[0].event is not None:
        call_people(ticket, [author], event_id=outcomes[0].event, at=at)


def _tell_success(organization: Organization, delivery: Delivery, *, at: datetime) -> None:
    """Takes the tag off where nothing else of the conversation has failed."""
    others = Delivery.objects.filter(
        organization=organization, thread=delivery.thread, state=Delivery.State.FAILED
    ).exclude(pk=delivery.pk)
    if others.exists():
        return
    mark = f"delivered-{delivery.public_id.hex}-{delivery.attempts}"
    act = envelope("ticket.tagged", {"thread": delivery.thread, "remove": [TAG]}, at=at, key=mark)
    receive(organization, [act], sender=hub_sender(), at=at)


def _message_of(delivery: Delivery) -> str:
    if delivery.kind == Delivery.Kind.TRANSCRIPT:
        return ""
    rows = Event.objects.filter(
        organization_id=delivery.organization_id, thread=delivery.thread, thread_seq=delivery.last_seq
    )
    public_id = rows.values_list("public_id", flat=True).first()
    return public_id.hex if public_id else ""


def _ticket_of(delivery: Delivery) -> Ticket | None:
    rows = Ticket.objects.standing().filter(organization_id=delivery.organization_id, thread=delivery.thread)
    return rows.order_by("-opened_at", "-pk").first()
