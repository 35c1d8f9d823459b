"""Where the worker finds this room's tasks, by name; those of surveys are written beside them."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.db.models import Q
from django.utils.timezone import now

from accounts.models import Organization
from kpi.actions import catch_up, exports, pack_days
from kpi.actions.digests import plan_digests, send_digests
from kpi.events import announce_figures
from kpi.models import Export
from kpi.surveys.tasks import follow_all_answers, plan_all_surveys, send_all_surveys

__all__ = [
    "follow",
    "follow_all_answers",
    "make_export",
    "pick_up_exports",
    "plan_all_surveys",
    "send_all_digests",
    "send_all_surveys",
]


@shared_task(name="kpi.follow", time_limit=600, max_retries=0)  # type: ignore[untyped-decorator]
def follow(**_unknown: object) -> None:
    """Every two seconds: where nothing has happened it costs a few looks into an index."""
    for organization in Organization.objects.order_by("pk"):
        catch_up(organization, at=now())
        if pack_days(organization):
            announce_figures(organization)


@shared_task(name="kpi.make_export", time_limit=3600, max_retries=0)  # type: ignore[untyped-decorator]
def make_export(*, export_id: int, **_unknown: object) -> None:
    exports.make_export(export_id)


@shared_task(name="kpi.pick_up_exports", time_limit=60, max_retries=0)  # type: ignore[untyped-decorator]
def pick_up_exports(**_unknown: object) -> None:
    """Every half minute: sends again what waits or has fallen silent, and removes files whose day is over."""
    at = now()
    silent = at - timedelta(seconds=exports.CLAIM_SECONDS)
    waiting = Export.objects.filter(Q(claim=None) | Q(beat_at__lt=silent), status=Export.Status.WAITING)
    for export_id in waiting.filter(created_at__lt=at - timedelta(seconds=10)).values_list("pk", flat=True):
        make_export.delay(export_id=export_id)
    exports.drop_expired(at=at)


@shared_task(name="kpi.send_digests", time_limit=600, max_retries=0)  # type: ignore[untyped-decorator]
def send_all_digests(**_unknown: object) -> None:
    """Every minute: intends this morning's mails and sends what is due."""
    for organization in Organization.objects.order_by("pk"):
        plan_digests(organization, at=now())
        send_digests(organization)
