"""Envelopes for the worker: hearing what was said, tagging again, learning from corrections; telling people of it."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache
from django.utils.timezone import now

from accounts.models import Organization
from voc.actions.alarms import watch_voices
from voc.actions.heard import SENT_AT_ONCE, send_heard
from voc.actions.layers import learn
from voc.actions.listening import HEARD_AT_ONCE, listen
from voc.actions.mails import lay_digests, send_voice_mails
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


@shared_task(name="voc.watch", time_limit=120, max_retries=0)  # type: ignore[untyped-decorator]
def watch_all_voices(**_unknown: object) -> None:
    """Every ten seconds: a severe word is told at once. Once a morning it looks for topics that rise as well."""
    for organization in Organization.objects.order_by("pk"):
        watch_voices(organization, at=now())


@shared_task(name="voc.send_mails", time_limit=240, max_retries=0)  # type: ignore[untyped-decorator]
def send_all_voice_mails(**_unknown: object) -> None:
    for organization in Organization.objects.order_by("pk"):
        lay_digests(organization, at=now())
        send_voice_mails(organization)


@shared_task(name="voc.tell_heard", time_limit=240, max_retries=0)  # type: ignore[untyped-decorator]
def tell_all_heard(**_unknown: object) -> None:
    for organization in Organization.objects.order_by("pk"):
        while send_heard(organization, at=now()) == SENT_AT_ONCE:
            pass
