"""Envelopes for the worker: who is to be told, what is to go. Each finds its work in the database."""

from __future__ import annotations

from celery import shared_task
from django.utils.timezone import now

from accounts.models import Organization
from channels_app.consents.planning import plan_reminders, plan_results
from channels_app.consents.sending import hand_over_due, tell_what_was_sent
from channels_app.models import ConsentNotice

ROUND_LIMIT_SECONDS = 240


@shared_task(name="channels_app.plan_consent_notices", time_limit=ROUND_LIMIT_SECONDS, max_retries=0)  # type: ignore[untyped-decorator]
def plan_notices(**_unknown: object) -> None:
    """Every minute."""
    for organization in Organization.objects.order_by("pk"):
        plan_results(organization, at=now())


@shared_task(name="channels_app.plan_consent_reminders", time_limit=ROUND_LIMIT_SECONDS, max_retries=0)  # type: ignore[untyped-decorator]
def plan_all_reminders(**_unknown: object) -> None:
    """Every hour: what is due after two years need not go within the minute."""
    for organization in Organization.objects.order_by("pk"):
        plan_reminders(organization, at=now())


@shared_task(name="channels_app.send_consent_notices", time_limit=ROUND_LIMIT_SECONDS, max_retries=0)  # type: ignore[untyped-decorator]
def send_notices(**_unknown: object) -> None:
    """Every few seconds: one look into an index where nothing is due."""
    waiting = [ConsentNotice.State.PLANNED, ConsentNotice.State.HANDED, ConsentNotice.State.FAILED]
    owed = ConsentNotice.objects.filter(state__in=waiting).values("organization_id")
    for organization in Organization.objects.filter(pk__in=owed).order_by("pk"):
        hand_over_due(organization, at=now())
        tell_what_was_sent(organization, at=now())
