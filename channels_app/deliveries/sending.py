"""Sends what is due: claimed by one worker, handed to the adapter outside of any transaction, then recorded.

A worker that dies between the two leaves an attempt of which nobody knows the outcome. It is tried again, with the same
Message-ID: a mail program shows such a mail once, and a customer who gets an answer twice has it, one who gets none not.
"""

from __future__ import annotations

import logging
import random
import time
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Organization
from channels_app.adapters import ADAPTERS
from channels_app.deliveries.adapter import DeliveryFailed
from channels_app.deliveries.announcements import may_go
from channels_app.deliveries.carrying_on import look_before_sending
from channels_app.deliveries.events import announce_delivery
from channels_app.deliveries.outage import is_away, note_outage
from channels_app.deliveries.telling import tell_what_became_of
from channels_app.models import Delivery, DeliveryAttempt

logger = logging.getLogger(__name__)

# A worker that has held a delivery for longer is dead: three times what an adapter may take (mail.smtp.SEND_SECONDS).
CLAIM_SECONDS = 180
# A provider that is away over a night and a morning delays a mail. What is later than that needs a person.
PATIENCE = timedelta(hours=24)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
# In one round, which begins every few seconds: a long one would keep other organizations waiting.
SENT_AT_ONCE = 50


def with_work(now: datetime) -> QuerySet[Organization]:
    """Those of which a round would find anything to do. One statement for all."""
    left = Q(state=Delivery.State.SENDING, claimed_at__lt=now - timedelta(seconds=CLAIM_SECONDS))
    untold = Q(state=Delivery.State.FAILED, is_told=False) | Q(state=Delivery.State.SENT, is_told=True)
    owed = Delivery.objects.filter(Q(state=Delivery.State.WAITING, due_at__lte=now) | left | untold)
    return Organization.objects.filter(pk__in=owed.values("organization_id")).order_by("pk")


def send_due(organization: Organization) -> int:
    """One round: takes up what dead workers left, sends what is due, tells what has failed. Returns how many were sent."""
    now = timezone.now()
    _take_up_left(organization, now)
    due = Delivery.objects.filter(organization=organization, state=Delivery.State.WAITING, due_at__lte=now)
    sent = 0
    gone_wrong: set[str] = set()
    for pk, adapter in due.order_by("due_at", "pk").values_list("pk", "account__adapter")[:SENT_AT_ONCE]:
        if adapter in gone_wrong:
            continue
        state, is_everybodys = send_one(pk)
        sent += state == Delivery.State.SENT
        if is_everybodys:
            gone_wrong.add(adapter)
    tell_what_became_of(organization, at=timezone.now())
    return sent


def send_at_once(delivery_id: int) -> None:
    """What was just written goes now, and not with the next round; unless its provider is known to be away."""
    delivery = Delivery.objects.select_related("organization", "account").filter(pk=delivery_id).first()
    if delivery is None or is_away(delivery.account.adapter):
        return
    send_one(delivery_id)
    tell_what_became_of(delivery.organization, at=timezone.now())


def send_one(delivery_id: int) -> tuple[str, bool]:
    """Claims and sends one. Returns its state now, "" where another has it; and whether nothing would get through now."""
    delivery = _claim(delivery_id)
    if delivery is None:
        return "", False
    began = time.monotonic()
    failure: DeliveryFailed | None = None
    try:
        if not delivery.account.is_active:
            raise DeliveryFailed("switched_off", is_permanent=True)
        ADAPTERS[delivery.account.adapter].send(delivery)
    except DeliveryFailed as error:
        failure = error
        logger.warning(
            "A delivery was not sent",
            extra={"delivery": str(delivery.public_id), "cause": error.cause, "attempt": delivery.attempts},
        )
    state = _record(delivery, failure, duration_ms=round((time.monotonic() - began) * 1000))
    is_down = failure is not None and failure.is_everybodys
    if is_down or failure is None:
        note_outage(delivery.account.adapter, is_down=is_down)
    return state, is_down


def _claim(delivery_id: int) -> Delivery | None:
    """Takes a due delivery for this worker alone, and writes that an attempt begins. None: nothing to do."""
    now = timezone.now()
    if not look_before_sending(delivery_id, at=now) or not may_go(delivery_id, at=now):
        return None
    claim = uuid4()
    with transaction.atomic():
        due = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.WAITING, due_at__lte=now)
        if not due.update(state=Delivery.State.SENDING, claim=claim, claimed_at=now, attempts=F("attempts") + 1):
            return None
        delivery = Delivery.objects.select_related("organization", "account").get(pk=delivery_id)
        DeliveryAttempt.objects.create(
            organization_id=delivery.organization_id, delivery=delivery, number=delivery.attempts, began_at=now
        )
        announce_delivery(delivery)
    return delivery


def _record(delivery: Delivery, failure: DeliveryFailed | None, *, duration_ms: int) -> str:
    """Writes what came of the attempt, and when the next one is. Returns the delivery's state."""
    now = timezone.now()
    outcome = _outcome_of(failure)
    change: dict[str, object] = {"claim": None, "claimed_at": None}
    if failure is None:
        awaits = ADAPTERS[delivery.account.adapter].awaits_report(delivery.account)
        report = Delivery.Report.AWAITED if awaits else Delivery.Report.NONE
        change |= {"state": Delivery.State.SENT, "done_at": now, "cause": "", "report": report, "reported_at": None}
    elif failure.is_permanent or now >= delivery.queued_at + PATIENCE:
        change |= {"state": Delivery.State.FAILED, "done_at": now, "cause": failure.cause, "is_told": False}
    else:
        due_at = now + pause_after(now - delivery.queued_at)
        change |= {"state": Delivery.State.WAITING, "due_at": due_at, "cause": failure.cause}
    with transaction.atomic():
        DeliveryAttempt.objects.filter(
            organization_id=delivery.organization_id, delivery=delivery, number=delivery.attempts
        ).update(
            outcome=outcome,
            duration_ms=duration_ms,
            cause=failure.cause if failure else "",
            detail=failure.detail[:300] if failure else "",
        )
        mine = Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim)
        if not mine.update(**change):
            # Held for longer than a claim lasts: another has taken it up. What has gone out has gone out all the same.
            logger.warning("A delivery took longer than its claim", extra={"delivery": str(delivery.public_id)})
        announce_delivery(delivery)
    return str(change["state"])


def pause_after(elapsed: timedelta) -> timedelta:
    """As long again as it has been tried for, within limits, and never the same for two that failed together."""
    pause = min(max(elapsed, FIRST_PAUSE), LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, guards nothing


def _outcome_of(failure: DeliveryFailed | None) -> str:
    if failure is None:
        return DeliveryAttempt.Outcome.SENT
    if failure.is_unknown:
        return DeliveryAttempt.Outcome.UNKNOWN
    return DeliveryAttempt.Outcome.PERMANENT if failure.is_permanent else DeliveryAttempt.Outcome.TEMPORARY


def _take_up_left(organization: Organization, now: datetime) -> None:
    """Puts in the queue again what a worker took and did not record."""
    left = Delivery.objects.filter(
        organization=organization,
        state=Delivery.State.SENDING,
        claimed_at__lt=now - timedelta(seconds=CLAIM_SECONDS),
    )
    for delivery in left.order_by("claimed_at", "pk")[:SENT_AT_ONCE]:
        with transaction.atomic():
            mine = Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim)
            # What kills each worker that takes it must not do so for ever.
            is_over = now >= delivery.queued_at + PATIENCE
            change = {"state": Delivery.State.FAILED, "done_at": now} if is_over else {"state": Delivery.State.WAITING}
            if not mine.update(claim=None, claimed_at=None, due_at=now, cause="interrupted", is_told=False, **change):
                continue
            DeliveryAttempt.objects.filter(
                organization=organization,
                delivery=delivery,
                number=delivery.attempts,
                outcome=DeliveryAttempt.Outcome.BEGUN,
            ).update(outcome=DeliveryAttempt.Outcome.UNKNOWN, cause="interrupted")
            announce_delivery(delivery)
