"""Envelopes for the worker: one import's preview or run, and the round that finds those nobody works on."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.db.models import Q
from django.utils.timezone import now

from channels_app.models import SalesImport
from channels_app.sales_file import actions, working

ABANDONED_DAYS = 7
# A file of a million rows takes less than half of this; the round below takes up what is cut off.
TIME_LIMIT_SECONDS = 4 * 60 * 60


@shared_task(name="channels_app.work_on_sales_import", time_limit=TIME_LIMIT_SECONDS, max_retries=0)  # type: ignore[untyped-decorator]
def work_on_sales_import(*, import_id: int, status: str, **_unknown: object) -> None:
    working.work_on(import_id, status)


@shared_task(name="channels_app.pick_up_sales_imports", time_limit=60, max_retries=0)  # type: ignore[untyped-decorator]
def pick_up_sales_imports(**_unknown: object) -> None:
    """Every minute: sends again what waits or has fallen silent, and clears away files that nobody came back to."""
    silent = now() - timedelta(seconds=working.CLAIM_SECONDS)
    waiting = SalesImport.objects.filter(
        Q(claim=None) | Q(beat_at__lt=silent),
        Q(beat_at=None) | Q(beat_at__lt=now() - timedelta(seconds=30)),
        status__in=[SalesImport.Status.MAPPED, SalesImport.Status.RUNNING],
    ).order_by("pk")
    for import_id, status in waiting.values_list("pk", "status"):
        work_on_sales_import.delay(import_id=import_id, status=status)
    actions.clear_abandoned_files(before=now() - timedelta(days=ABANDONED_DAYS))
