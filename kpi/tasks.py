"""Where the worker finds this room's tasks, by name; that of the figures' follower is here."""

from __future__ import annotations

from celery import shared_task
from django.utils.timezone import now

from accounts.models import Organization
from kpi.actions import catch_up, pack_days
from kpi.surveys.tasks import follow_all_answers, plan_all_surveys, send_all_surveys

__all__ = ["follow", "follow_all_answers", "plan_all_surveys", "send_all_surveys"]


@shared_task(name="kpi.follow", time_limit=600, max_retries=0)  # type: ignore[untyped-decorator]
def follow(**_unknown: object) -> None:
    """Every two seconds: where nothing has happened it costs a few looks into an index."""
    for organization in Organization.objects.order_by("pk"):
        catch_up(organization, at=now())
        while pack_days(organization):
            pass
