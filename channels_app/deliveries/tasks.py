"""Envelopes for the worker: one delivery at once, and the round that finds what is due."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from channels_app.deliveries.events import SEND
from channels_app.deliveries.sending import send_at_once, send_due, with_work

# One mail takes a minute at most, a round of them so many: what is cut off is found by the next.
ROUND_LIMIT_SECONDS = 240


@shared_task(name=SEND, time_limit=120, max_retries=0)  # type: ignore[untyped-decorator]
def send_delivery(*, delivery_id: int, **_unknown: object) -> None:
    send_at_once(delivery_id)


@shared_task(name="channels_app.send_deliveries", time_limit=ROUND_LIMIT_SECONDS, max_retries=0)  # type: ignore[untyped-decorator]
def send_deliveries(**_unknown: object) -> None:
    """Every few seconds; one at a time, for the one before may be waiting for a provider. Costs one look where nothing is due."""
    if not cache.add("channels_app.send_deliveries", 1, timeout=ROUND_LIMIT_SECONDS):
        return
    try:
        for organization in with_work(timezone.now()):
            send_due(organization)
    finally:
        cache.delete("channels_app.send_deliveries")
