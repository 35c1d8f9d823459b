"""Envelopes for the worker: hearing what was said, tagging again, learning from corrections."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache
from django.utils.timezone import now

from accounts.models import Organization
from voc.actions.layers import learn
from voc.actions.listening import HEARD_AT_ONCE, listen
from voc.actions.tagging_again import TAGGED_AT_ONCE, tag_again

AGAIN_LIMIT_SECONDS = 600


@shared_task(name="voc.listen", time_limit=300, max_retries=0)  # type: ignore[untyped-decorator]
def listen_to_all(**_unknown: object) -> None:
    """Every second: where nobody has said anything it costs two looks into indexes for each organization."""
    for organization in Organization.objects.order_by("pk"):
        while listen(organization, at=now()) == HEARD_AT_ONCE:
            pass


@shared_task(name="voc.tag_again", time_limit=AGAIN_LIMIT_SECONDS, max_retries=0)  # type: ignore[untyped-decorator]
def tag_all_again(**_unknown: object) -> None:
    """Every quarter of a minute; one at a time, for the one before may still be at it."""
    if not cache.add("voc.tag_again", 1, timeout=AGAIN_LIMIT_SECONDS):
        return
    try:
        for organization in Organization.objects.order_by("pk"):
            learn(organization, at=now())
            while tag_again(organization, at=now()) == TAGGED_AT_ONCE:
                pass
    finally:
        cache.delete("voc.tag_again")
