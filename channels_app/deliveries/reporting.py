"""What a provider tells later of something it has taken: it has arrived, or it has not, and then the delivery failed after all."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from channels_app.deliveries.events import announce_delivery
from channels_app.deliveries.telling import tell_what_became_of
from channels_app.models import ChannelAccount, Delivery, DeliveryAttempt

# Networks keep a text for a switched-off telephone for some days; whoever waits longer for word would never count it.
REPORT_AWAITED = timedelta(hours=24)


def has_gone(at: datetime) -> Q:
    """Of deliveries: sent, as far as can be known now. One whose provider reports has arrived, or was not reported on in
    time."""
    is_told = ~Q(delivery__report=Delivery.Report.AWAITED) | Q(delivery__done_at__lte=at - REPORT_AWAITED)
    return Q(delivery__state=Delivery.State.SENT) & is_told


def note_report(account: ChannelAccount, key: str, *, has_arrived: bool, reason: str, at: datetime) -> bool:
    """Returns whether it changed anything; a repeat does not, nor what comes after the last word: an arrival is one."""
    rows = Delivery.objects.filter(account=account, key=UUID(key), state=Delivery.State.SENT)
    if has_arrived:
        return bool(
            rows.exclude(report=Delivery.Report.DELIVERED).update(report=Delivery.Report.DELIVERED, reported_at=at)
        )
    with transaction.atomic():
        open_ones = rows.exclude(report=Delivery.Report.DELIVERED)
        changed = open_ones.update(
            state=Delivery.State.FAILED,
            report=Delivery.Report.FAILED,
            reported_at=at,
            done_at=at,
            cause="not_arrived",
            is_told=False,
            attempts=F("attempts") + 1,
        )
        if not changed:
            return False
        delivery = Delivery.objects.select_related("organization").get(account=account, key=UUID(key))
        DeliveryAttempt.objects.create(
            organization_id=delivery.organization_id,
            delivery=delivery,
            number=delivery.attempts,
            outcome=DeliveryAttempt.Outcome.PERMANENT,
            began_at=at,
            duration_ms=0,
            cause="not_arrived",
            detail=reason[:300],
        )
        announce_delivery(delivery)
    tell_what_became_of(delivery.organization, at=at)
    return True
