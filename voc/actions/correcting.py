"""A person says what a voice is about. Her row counts from then on; no machine takes it from its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organization, Person
from tickets.models import Topic
from voc import policies
from voc.actions.listening import tell_threads
from voc.events import announce_counted
from voc.models import Act, Listening, Mood, Tagging, Voice
from voc.rows import rebuild_topics, topics_of

TOPICS_AT_MOST = 5


class CorrectionRefused(Exception):
    """The message says what to do instead."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be other than it stands; None leaves it. `topics` are all of them: slug → mood."""

    topics: Mapping[str, int] | None = None
    sentiment: int | None = None
    act: str | None = None
    severity: str | None = None


def correct(voice: Voice, correction: Correction, *, by: Person, at: datetime) -> Tagging:
    """Writes her word and returns it; the same again adds nothing. Raises NotAllowed, CorrectionRefused."""
    if not policies.may_correct(by, voice.organization_id):
        raise policies.NotAllowed
    organization = voice.organization
    topics = _checked_topics(organization, correction.topics)
    if correction.act is not None and correction.act not in Act:
        raise CorrectionRefused(_("Choose what kind of sentence it is."))
    if correction.sentiment is not None and correction.sentiment not in Mood:
        raise CorrectionRefused(_("Choose good, plain or bad."))
    with transaction.atomic():
        Listening.objects.get_or_create(organization=organization)
        Listening.objects.select_for_update().get(organization=organization)
        before = Tagging.objects.filter(voice=voice, is_current=True).first()
        made = _merged(voice, before, correction, topics, by=by, at=at)
        if before is not None and before.is_by_person and before.said == made.said:
            return before
        Tagging.objects.filter(voice=voice, is_current=True).update(is_current=False)
        made.save()
        voice.act, voice.sentiment, voice.severity, voice.confidence = made.act, made.sentiment, made.severity, 1.0
        voice.is_corrected = True
        voice.save(update_fields=["act", "sentiment", "severity", "confidence", "is_corrected"])
        rebuild_topics(organization, [(voice, topics_of(made))])
        tell_threads(organization, {voice.thread} - {""}, at=at)
        announce_counted(organization)
        audit.record(
            organization,
            by=by,
            action="voc.correct",
            obj=f"voice {voice.public_id}",
            customer_id=voice.customer.public_id if voice.customer else None,
            before=list(before.said) if before else None,
            after=list(made.said),
            at=at,
        )
    return made


def _merged(
    voice: Voice,
    before: Tagging | None,
    correction: Correction,
    topics: list[tuple[str, int, float]] | None,
    *,
    by: Person,
    at: datetime,
) -> Tagging:
    if topics is None:
        topics = topics_of(before) if before else []
        if correction.sentiment is not None and len(topics) == 1:
            # Of one matter, the mood of the sentence is that of the matter.
            topics = [(topics[0][0], correction.sentiment, 1.0)]
    sentiment = correction.sentiment
    if sentiment is None and correction.topics:
        moods = {mood for _slug, mood, _sure in topics}
        sentiment = moods.pop() if len(moods) == 1 else None
    return Tagging(
        organization_id=voice.organization_id,
        voice=voice,
        person=by,
        is_by_person=True,
        before=before,
        act=voice.act if correction.act is None else correction.act,
        sentiment=voice.sentiment if sentiment is None else sentiment,
        severity=voice.severity if correction.severity is None else correction.severity,
        topics=[{"topic": slug, "sentiment": mood, "confidence": 1.0} for slug, mood, _sure in topics],
        made_at=at,
    )


def _checked_topics(organization: Organization, told: Mapping[str, int] | None) -> list[tuple[str, int, float]] | None:
    if told is None:
        return None
    known = set(
        Topic.objects.filter(organization=organization, slug__in=told, merged_into=None).values_list("slug", flat=True)
    )
    if known != set(told) or any(mood not in Mood for mood in told.values()):
        raise CorrectionRefused(_("Choose a topic of the list."))
    if len(told) > TOPICS_AT_MOST:
        raise CorrectionRefused(_("A sentence can have up to %(limit)d topics.") % {"limit": TOPICS_AT_MOST})
    return [(slug, mood, 1.0) for slug, mood in told.items()]
