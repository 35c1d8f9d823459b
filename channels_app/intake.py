"""The one way in: whatever happened, on whichever channel, becomes history here and nowhere else.

`receive` is one transaction. What it announces afterwards may be lost or repeated without harm; what it has
answered for is in the database, once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from accounts.models import Organization
from channels_app.envelope import Refused, parse
from channels_app.models import RefusedEvent, RepeatedEvent
from channels_app.models.received import told_id
from channels_app.outcomes import CREATED, DUPLICATE, REFUSED, Outcome
from customers.actions import (
    NeedsExclusiveLock,
    Recorded,
    Recording,
    SomeAreKnown,
    finish_recording,
    record_events,
    refold_promises,
)
from customers.events import announce_history
from customers.incoming import IncomingEvent
from tickets.actions import Refolding, refold_threads
from tickets.actions.rule_work import leave_to_rules
from tickets.events import announce_tickets
from tickets.queries import tickets_holding

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands events in, and under which sources it may write: each source named, and any path below it."""

    label: str
    sources: tuple[str, ...]
    key_id: int | None = None
    person_id: int | None = None

    def may_write(self, source: str) -> bool:
        return _covers(self.sources, source)


@lru_cache(maxsize=1024)
def _covers(sources: tuple[str, ...], source: str) -> bool:
    return any(source == own or source.startswith(own.rstrip("/") + "/") for own in sources)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One envelope, decoded and not checked yet, and who hands it in."""

    envelope: Any
    sender: Sender


HUB = "/hub"
# Looks at what was just recorded, in the same transaction; whatever it raises takes all of it back.
Check = Callable[[Recording], None]


def hub_sender(*, person_id: int | None = None) -> Sender:
    """The hub's own screens, which may write as `/hub`."""
    return Sender(label="hub", sources=(HUB,), person_id=person_id)


def receive(
    organization: Organization, envelopes: Sequence[Any], *, sender: Sender, at: datetime, check: Check | None = None
) -> list[Outcome]:
    """Takes up to a batch of decoded envelopes; returns one `Outcome` for each, in their order.

    A bad event refuses itself alone, and is kept where an administrator can mend it. Raises nothing for bad
    content, and what `check` raises. Owns its transaction: call it outside of any.
    """
    return receive_deliveries(organization, [Delivery(envelope, sender) for envelope in envelopes], at=at, check=check)


def receive_deliveries(
    organization: Organization, deliveries: Sequence[Delivery], *, at: datetime, check: Check | None = None
) -> list[Outcome]:
    """As `receive`, where each envelope may have a sender of its own."""
    taken: list[tuple[int, IncomingEvent]] = []
    refused: list[tuple[int, Refused]] = []
    for index, delivery in enumerate(deliveries):
        try:
            taken.append((index, parse(delivery.envelope, now=at, may_write=delivery.sender.may_write)))
        except Refused as error:
            refused.append((index, error))
    events = [event for _, event in taken]
    kept = [
        RefusedEvent.of(
            organization,
            deliveries[index].envelope,
            refusal.problem,
            sender_label=deliveries[index].sender.label,
            at=at,
        )
        for index, refusal in refused
    ]
    done = _store_carefully(organization, events, kept, at=at, check=check)
    outcomes = {index: outcome for (index, _), outcome in zip(taken, done, strict=True)}
    for index, refusal in refused:
        outcomes[index] = Outcome(REFUSED, id=told_id(deliveries[index].envelope), problem=refusal.problem)
    return [outcomes[index] for index in range(len(deliveries))]


def _store_carefully(
    organization: Organization,
    events: list[IncomingEvent],
    refused: list[RefusedEvent],
    *,
    at: datetime,
    check: Check | None,
) -> list[Outcome]:
    """Takes all for new first, as nearly all are; looks which are repeats where some are; then alone."""
    try:
        try:
            return _store(organization, events, refused, at=at, check=check, look_first=False)
        except SomeAreKnown:
            return _store(organization, events, refused, at=at, check=check)
    except (SomeAreKnown, NeedsExclusiveLock, IntegrityError, OperationalError) as collision:
        # Another delivery made the same row first, or this one must merge. Alone there is nothing to collide with.
        logger.info("Intake begins again alone", extra={"cause": type(collision).__name__})
        return _store(organization, events, refused, at=at, check=check, exclusive=True)


def receive_decided(
    organization: Organization,
    decide: Callable[[], Sequence[Any]],
    *,
    sender: Sender,
    at: datetime,
    check: Check | None = None,
) -> int:
    """Takes what `decide` answers within the transaction, under whatever locks it takes there; returns how many.

    So nothing that was decided is out of date when it is written. For the hub's own decisions, whose envelopes are
    good: a bad one raises Refused, and nothing is written. Asked anew where the intake has to begin again.
    """
    try:
        return _decide(organization, decide, sender=sender, at=at, check=check, exclusive=False)
    except (SomeAreKnown, NeedsExclusiveLock, IntegrityError, OperationalError) as collision:
        logger.info("A decision is taken again alone", extra={"cause": type(collision).__name__})
        return _decide(organization, decide, sender=sender, at=at, check=check, exclusive=True)


def _decide(
    organization: Organization,
    decide: Callable[[], Sequence[Any]],
    *,
    sender: Sender,
    at: datetime,
    check: Check | None,
    exclusive: bool,
) -> int:
    with transaction.atomic(durable=True):
        events = [parse(envelope, now=at, may_write=sender.may_write) for envelope in decide()]
        if events:
            _write(organization, events, at=at, check=check, exclusive=exclusive)
    return len(events)


def _store(
    organization: Organization,
    events: list[IncomingEvent],
    refused: list[RefusedEvent],
    *,
    at: datetime,
    check: Check | None,
    exclusive: bool = False,
    look_first: bool = True,
) -> list[Outcome]:
    with transaction.atomic(durable=True):
        RefusedEvent.objects.bulk_create(refused)
        if events:
            written = _write(organization, events, at=at, check=check, exclusive=exclusive, look_first=look_first)
    # Not before: others may be waiting for what this transaction has locked.
    return _outcomes(organization, events, *written) if events else []


def _write(
    organization: Organization,
    events: list[IncomingEvent],
    *,
    at: datetime,
    check: Check | None = None,
    exclusive: bool,
    look_first: bool = True,
) -> tuple[Recording, Refolding]:
    recording = record_events(organization, events, at=at, exclusive=exclusive, look_first=look_first)
    if check is not None:
        check(recording)
    refolding = refold_threads(organization, recording.threads, arrived=recording.arrived)
    refold_promises(organization, recording.arrived)
    leave_to_rules(organization, chain.from_iterable(recording.arrived.values()))
    _keep_differing_repeats(organization, events, recording.recorded, at=at)
    finish_recording(recording)
    announce_history(organization, recording)
    announce_tickets(organization, refolding.changes, told_customers=recording.customers.keys())
    return recording, refolding


def _keep_differing_repeats(
    organization: Organization, events: list[IncomingEvent], recorded: list[Recorded], *, at: datetime
) -> None:
    """A repeat that says something else is kept beside the first and changes nothing (EVENTS.md)."""
    RepeatedEvent.objects.bulk_create(
        [
            RepeatedEvent(
                organization=organization,
                event_id=place.event.pk,
                content_hash=event.content_hash,
                time=event.time,
                type=event.type,
                data=event.data,
                received_at=at,
            )
            for event, place in zip(events, recorded, strict=True)
            if not place.is_new and place.event.content_hash != event.content_hash
        ],
        ignore_conflicts=True,
    )


def _outcomes(
    organization: Organization, events: list[IncomingEvent], recording: Recording, refolding: Refolding
) -> list[Outcome]:
    repeated = [place.event for place in recording.recorded if not place.is_new]
    held = tickets_holding(organization, repeated)
    outcomes = []
    for event, place in zip(events, recording.recorded, strict=True):
        differs = not place.is_new and place.event.content_hash != event.content_hash
        row = place.event
        ticket = refolding.ticket_of(row) if place.is_new else None
        outcomes.append(
            Outcome(
                CREATED if place.is_new else DUPLICATE,
                id=event.event_id,
                event=row.public_id,
                customer=recording.customers.get(row.customer_id) if row.customer_id else None,
                ticket=ticket.public_id if ticket else held.get(row.pk),
                thread=row.thread,
                seq=row.thread_seq,
                differs=differs,
            )
        )
    return outcomes
