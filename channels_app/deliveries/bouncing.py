"""A mail that was taken came back: the delivery failed after all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from channels_app.deliveries.events import announce_delivery
from channels_app.deliveries.telling import tell_what_became_of
from channels_app.models import Delivery, DeliveryAttempt


def note_bounce(delivery: Delivery, *, status: str, diagnosis: str, at: datetime) -> bool:
    """Notes that the provider gave a sent delivery back. Returns False where that is known, or it is under way again."""
    cause = "no_such_address" if status.startswith("5.1.") else "bounced"
    with transaction.atomic():
        sent = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENT)
        changed = sent.update(
            state=Delivery.State.FAILED, cause=cause, done_at=at, is_told=False, attempts=F("attempts") + 1
        )
        if not changed:
            return False
        delivery.refresh_from_db(fields=["attempts"])
        DeliveryAttempt.objects.create(
            organization_id=delivery.organization_id,
            delivery=delivery,
            number=delivery.attempts,
            outcome=DeliveryAttempt.Outcome.PERMANENT,
            began_at=at,
            duration_ms=0,
            cause=cause,
            detail=f"{status} {diagnosis}".strip()[:300],
        )
        announce_delivery(delivery)
    tell_what_became_of(delivery.organization, at=at)
    return True
