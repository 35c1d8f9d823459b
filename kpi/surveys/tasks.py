"""Envelopes for the worker: who is to be asked, what is to go, what was answered. Each finds its work in the database."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache
from django.utils.timezone import now

from accounts.models import Organization
from kpi.actions.surveys_following import follow_answers
from kpi.actions.surveys_low import open_follow_ups
from kpi.actions.surveys_planning import PLANNED_AT_ONCE, plan_surveys
from kpi.actions.surveys_sending import hand_over_due, tell_what_was_sent
from kpi.models import Survey, SurveyPlan

ROUND_LIMIT_SECONDS = 240


@shared_task(name="kpi.plan_surveys", time_limit=ROUND_LIMIT_SECONDS, max_retries=0)  # type: ignore[untyped-decorator]
def plan_all_surveys(**_unknown: object) -> None:
    """Every minute, for those who ask anybody at all."""
    asking = SurveyPlan.objects.filter(is_on=True).values("organization_id")
    for organization in Organization.objects.filter(pk__in=asking).order_by("pk"):
        while plan_surveys(organization, at=now()) >= PLANNED_AT_ONCE:
            pass


@shared_task(name="kpi.send_surveys", time_limit=ROUND_LIMIT_SECONDS, max_retries=0)  # type: ignore[untyped-decorator]
def send_all_surveys(**_unknown: object) -> None:
    """Every few seconds: one look into an index where nothing is due."""
    waiting = [Survey.State.PLANNED, Survey.State.HANDED, Survey.State.FAILED]
    owed = Survey.objects.filter(state__in=waiting).values("organization_id")
    for organization in Organization.objects.filter(pk__in=owed).order_by("pk"):
        hand_over_due(organization, at=now())
        tell_what_was_sent(organization, at=now())


@shared_task(name="kpi.follow_survey_answers", time_limit=ROUND_LIMIT_SECONDS, max_retries=0)  # type: ignore[untyped-decorator]
def follow_all_answers(**_unknown: object) -> None:
    """Every few seconds; one at a time, for after a large import the one before may still be at it."""
    if not cache.add("kpi.follow_survey_answers", 1, timeout=ROUND_LIMIT_SECONDS):
        return
    try:
        for organization in Organization.objects.order_by("pk"):
            follow_answers(organization, at=now())
            open_follow_ups(organization, at=now())
    finally:
        cache.delete("kpi.follow_survey_answers")
