"""Envelopes for the worker: the round that looks for clocks that have run out, the mails, and what must be counted anew."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache
from django.utils.timezone import now

from accounts.models import Organization
from tickets.actions.alarm_mails import send_alarm_mails
from tickets.actions.alarms import WATCHED_AT_ONCE, watch_clocks
from tickets.actions.recount import recount_changed

# A hundred thousand threads take some twenty minutes; what is cut off begins again.
RECOUNT_LIMIT_SECONDS = 60 * 60


@shared_task(name="tickets.watch_clocks", time_limit=60, max_retries=0)  # type: ignore[untyped-decorator]
def watch_all_clocks(**_unknown: object) -> None:
    """Every few seconds: where nothing has run out it costs one look into an index for each organization."""
    for organization in Organization.objects.order_by("pk"):
        while watch_clocks(organization, at=now()) == WATCHED_AT_ONCE:
            pass


@shared_task(name="tickets.send_alarm_mails", time_limit=240, max_retries=0)  # type: ignore[untyped-decorator]
def send_all_alarm_mails(**_unknown: object) -> None:
    for organization in Organization.objects.order_by("pk"):
        send_alarm_mails(organization)


@shared_task(name="tickets.recount_clocks", time_limit=RECOUNT_LIMIT_SECONDS, max_retries=0)  # type: ignore[untyped-decorator]
def recount_all_clocks(**_unknown: object) -> None:
    """Every minute; one at a time, for the one before may still be at it."""
    if not cache.add("tickets.recount_clocks", 1, timeout=RECOUNT_LIMIT_SECONDS):
        return
    try:
        for organization in Organization.objects.order_by("pk"):
            recount_changed(organization, at=now())
    finally:
        cache.delete("tickets.recount_clocks")
