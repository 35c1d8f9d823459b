"""Broadcasts: sent, taken back, and read. Ordinary rows; the hint only makes open pages ask."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actions import Refused
from accounts.models import Center, Person
from accounts.policies import NotAllowed, Permission, centers_reached, may
from accounts.queries import organization_for
from cxhub.live import publish_on_commit
from tickets.models import Broadcast, BroadcastReading
from tickets.models.broadcast import TEXT_LENGTH
from tickets.queries.broadcasts import broadcast_to, recipients_of

LONGEST = timedelta(days=31)


def send_broadcast(
    text: str, *, to: Collection[Center], ends_at: datetime, by: Person, at: datetime, key: UUID | None = None
) -> Broadcast:
    """Says it to everybody of these centers. The same `key` twice is one. Raises NotAllowed, or Refused in words."""
    if not may(by, Permission.SEE_PEOPLE):
        raise NotAllowed(Permission.SEE_PEOPLE)
    text = " ".join(text.split())
    if not text:
        raise Refused(_("Write something first."), field="text")
    if len(text) > TEXT_LENGTH:
        raise Refused(
            _("Shorten it to %(count)d characters: it is read in passing.") % {"count": TEXT_LENGTH}, field="text"
        )
    if not at < ends_at <= at + LONGEST:
        raise Refused(_("Choose until when it is shown, within a month."), field="ends")
    centers = list(centers_reached(by).filter(pk__in=[center.pk for center in to]).order_by("pk"))
    if not centers or len(centers) != len(to):
        raise Refused(_("Choose whose people should read it."), field="centers")
    organization = organization_for(by)
    with transaction.atomic():
        # Whoever presses twice has sent it once; another's key finds nothing of hers.
        if key and (sent := Broadcast.objects.filter(organization=organization, public_id=key, by=by).first()):
            return sent
        made = {"public_id": key} if key else {}
        row = Broadcast.objects.create(organization=organization, by=by, text=text, at=at, ends_at=ends_at, **made)
        row.centers.set(centers)
        audit.record(
            organization,
            by=by,
            action="tickets.broadcast.send",
            obj=f"broadcast {row.public_id}",
            after={"text": text, "centers": [center.slug for center in centers]},
            at=at,
        )
        _announce(row)
    return row


def end_broadcast(row: Broadcast, *, by: Person, at: datetime) -> None:
    """Takes it from all pages. Ended already, nothing happens."""
    if not may(by, Permission.SEE_PEOPLE):
        raise NotAllowed(Permission.SEE_PEOPLE)
    with transaction.atomic():
        if Broadcast.objects.filter(pk=row.pk, ends_at__gt=at).update(ends_at=max(at, row.at)):
            obj = f"broadcast {row.public_id}"
            audit.record(organization_for(by), by=by, action="tickets.broadcast.end", obj=obj, at=at)
            _announce(row)


def read_broadcast(public_id: UUID, *, by: Person, at: datetime) -> None:
    """She has read it, and it is gone from her pages. Raises NotFound for what was not said to her; again, nothing changes."""
    row = broadcast_to(by, public_id)
    with transaction.atomic():
        BroadcastReading.objects.get_or_create(
            organization_id=row.organization_id, broadcast=row, person=by, defaults={"at": at}
        )
        publish_on_commit([(f"person.{person}", _TOLD) for person in (by.pk, row.by_id)])


_TOLD = {"type": "hub.event", "kind": "notice"}


def _announce(row: Broadcast) -> None:
    people = recipients_of(row).values_list("pk", flat=True)
    publish_on_commit((f"person.{person}", _TOLD) for person in [*people, row.by_id])
