"""What the clock brings: tickets that wake. A list tells who is awake by the instant; this only tells open pages to look."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from tickets.waking import announce_woken_tickets


@shared_task(name="tickets.announce_woken", time_limit=60, max_retries=0)  # type: ignore[untyped-decorator]
def announce_woken(**_unknown: Any) -> None:
    """Every quarter of a minute, by the beat."""
    announce_woken_tickets(at=now())
