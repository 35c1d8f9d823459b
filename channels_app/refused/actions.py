"""Mending what was refused: sent again through the one door, or discarded for a reason. Each once, each on the record.

What is sent again goes in first and is marked after: a hub that dies in between leaves the row waiting, and sending it
once more is a repeat without effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.models import Organization, Person
from accounts.policies import Permission
from channels_app.envelope import parse
from channels_app.intake import HUB, Sender, receive
from channels_app.models import RefusedEvent
from channels_app.outcomes import Outcome
from channels_app.plain_json import decode
from channels_app.problems import Refused

# One press of a button; as large as the API's largest batch.
MOST_AT_ONCE = 500
# What is sent together. A refused body may have 10 MB, so that their number alone would bound nothing.
_ROWS_TOGETHER = 50
_CHARACTERS_TOGETHER = 4_000_000


class AlreadySettled(Exception):
    """Somebody has sent or discarded it meanwhile; `str()` is fit for the screen."""


class ReasonMissing(Exception):
    """Whoever discards says why."""


class AdministratorSender(Sender):
    """Somebody who answers for the organization: may send what any of its sources would have sent.

    Not what the hub's own screens write: that is done there, by the person it names.
    """

    def may_write(self, source: str) -> bool:
        return not is_of_the_hub(source)


def is_of_the_hub(source: str) -> bool:
    """Whether an event of this source is what the hub's own screens write."""
    return source == HUB or source.startswith(f"{HUB}/")


@dataclass(frozen=True, slots=True)
class Resent:
    """How many of the chosen came in, were refused again, or were settled by somebody else meanwhile."""

    taken: int = 0
    refused: int = 0
    settled: int = 0


def send_again(event: RefusedEvent, text: str, *, by: Person, at: datetime) -> Outcome:
    """Sends the mended text (one envelope as JSON) and marks the row mended.

    Raises NotAllowed; `Refused` where it is still wrong (nothing is stored then); `AlreadySettled`.
    """
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=event.organization_id)
    _require_open(event)
    sender = _sender(by)
    envelope = decode(text.encode("utf-8", "surrogatepass"))
    # Before the door: what is refused there is kept, and this text is still on her screen.
    parse(envelope, now=at, may_write=sender.may_write)
    (outcome,) = receive(event.organization, [envelope], sender=sender, at=at)
    if outcome.is_refused:
        raise Refused(outcome.problem)
    _mark_mended(event, outcome, is_changed=envelope != decode(event.body.encode()), by=by, at=at)
    return outcome


def send_again_unchanged(
    organization: Organization, events: Iterable[RefusedEvent], *, by: Person, at: datetime
) -> Resent:
    """Sends chosen rows as they came, oldest first, MOST_AT_ONCE of them: for when a key or a clock was put right.

    What is refused again stays as it is. The rows may come without their bodies. Raises NotAllowed.
    """
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=organization.pk)
    rows = sorted(events, key=lambda event: (event.received_at, event.pk))[:MOST_AT_ONCE]
    assert all(row.organization_id == organization.pk for row in rows), "Rows of one organization."
    sender = _sender(by)
    taken = refused = 0
    for envelopes in _together(rows):
        ready: list[tuple[RefusedEvent, Any]] = []
        for row, envelope in envelopes:
            try:
                parse(envelope, now=at, may_write=sender.may_write)
            except Refused:
                refused += 1
            else:
                ready.append((row, envelope))
        outcomes = receive(organization, [envelope for _row, envelope in ready], sender=sender, at=at)
        for (row, _envelope), outcome in zip(ready, outcomes, strict=True):
            with suppress(AlreadySettled):
                _mark_mended(row, outcome, is_changed=False, by=by, at=at)
                taken += 1
    return Resent(taken, refused, settled=len(rows) - taken - refused)


def _together(rows: list[RefusedEvent]) -> Iterator[list[tuple[RefusedEvent, Any]]]:
    """The envelopes of those that still wait, in batches of bounded size; each is read when its turn has come."""
    batch: list[tuple[RefusedEvent, Any]] = []
    characters = 0
    for row in rows:
        waiting = RefusedEvent.objects.filter(pk=row.pk, mended_at=None, discarded_at=None)
        body = waiting.values_list("body", flat=True).first()
        if body is None:
            continue
        batch.append((row, decode(body.encode())))
        characters += len(body)
        if len(batch) == _ROWS_TOGETHER or characters > _CHARACTERS_TOGETHER:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def discard(event: RefusedEvent, *, reason: str, by: Person, at: datetime) -> None:
    """It will not become history. The row and the reason stay. Raises NotAllowed, ReasonMissing, AlreadySettled."""
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=event.organization_id)
    reason = reason.strip()[:500]
    if not reason:
        raise ReasonMissing
    with transaction.atomic():
        waiting = RefusedEvent.objects.filter(pk=event.pk, mended_at=None, discarded_at=None)
        if not waiting.update(discarded_at=at, discarded_by=by.email, discard_reason=reason):
            raise _settled()
        audit.record(
            event.organization, by=by, action="channels.refused.discard", obj=_named(event), reason=reason, at=at
        )


def _sender(by: Person) -> Sender:
    return AdministratorSender(label=f"sent again by {by.email}", sources=(), person_id=by.pk)


def _require_open(event: RefusedEvent) -> None:
    if not RefusedEvent.objects.filter(pk=event.pk, mended_at=None, discarded_at=None).exists():
        raise _settled()


def _mark_mended(event: RefusedEvent, outcome: Outcome, *, is_changed: bool, by: Person, at: datetime) -> None:
    with transaction.atomic():
        waiting = RefusedEvent.objects.filter(pk=event.pk, mended_at=None, discarded_at=None)
        if not waiting.update(mended_at=at, mended_by=by.email, mended_event=outcome.event):
            raise _settled()
        audit.record(
            event.organization,
            by=by,
            action="channels.refused.send_again",
            obj=_named(event),
            customer_id=outcome.customer,
            after={"event": outcome.event, "status": outcome.status, "changed": is_changed},
            at=at,
        )


def _named(event: RefusedEvent) -> str:
    return f"refused:{event.public_id}"


def _settled() -> AlreadySettled:
    return AlreadySettled(_("Somebody has sent or discarded it meanwhile."))
