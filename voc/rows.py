"""How what a tagging says gets into rows. Each of these runs in its caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.models import Organization
from voc import tagging
from voc.models import Tagging, Voice, VoiceTopic
from voc.reading import Reader, Said, standing_topics

Topics = Sequence[tuple[str, int, float]]
COUNTED = ("act", "sentiment", "severity", "confidence")


def tagging_of(voice: Voice, said: Said, reader: Reader, *, at: datetime, before: Tagging | None = None) -> Tagging:
    """A machine's row."""
    return Tagging(
        organization_id=voice.organization_id,
        voice=voice,
        version=tagging.VERSION,
        layer_id=reader.layer_id,
        before=before,
        act=said.act,
        sentiment=said.sentiment,
        severity=said.severity,
        confidence=said.confidence,
        topics=said.topics_json,
        made_at=at,
    )


def take_over(voice: Voice, said: Said) -> None:
    """Sets what counts, unsaved."""
    voice.act, voice.sentiment = said.act, said.sentiment
    voice.severity, voice.confidence = said.severity, said.confidence


def rebuild_topics(organization: Organization, said: Sequence[tuple[Voice, Topics]], *, is_new: bool = False) -> None:
    """Makes the rows that the board counts by say what these voices say. Three statements at most."""
    if not is_new:
        VoiceTopic.objects.filter(voice__in=[voice.pk for voice, _topics in said]).delete()
    standing = standing_topics(organization, {slug for _voice, topics in said for slug, _mood, _sure in topics})
    rows: dict[tuple[int, int], VoiceTopic] = {}
    for voice, topics in said:
        for slug, mood, sure in topics:
            topic = standing.get(slug)
            if topic is None or (voice.pk, topic.pk) in rows:
                continue
            rows[voice.pk, topic.pk] = VoiceTopic(
                organization=organization,
                voice=voice,
                topic=topic,
                sentiment=mood,
                confidence=sure,
                time=voice.time,
                channel=voice.channel,
                customer_id=voice.customer_id,
                store_id=voice.store_id,
                center_id=voice.center_id,
                product=voice.product,
            )
    VoiceTopic.objects.bulk_create(rows.values())


def topics_of(tagging_row: Tagging) -> list[tuple[str, int, float]]:
    """The topics of a row as they were written."""
    return [(one["topic"], one["sentiment"], one.get("confidence", 1.0)) for one in tagging_row.topics]
