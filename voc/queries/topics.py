"""The topics of the settings screens, and how much was said of each lately."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from accounts.models import Person
from accounts.queries import NotFound, organization_for
from tickets.models import Topic
from voc.models import VoiceTopic

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TopicRow:
    """`said` of the last 30 days, its parts not counted in; `absorbed` are names of those merged into it."""

    topic: Topic
    said: int
    cues: list[str]
    absorbed: list[str]
    parts: list[TopicRow] = field(default_factory=list)


def topic_rows(person: Person) -> list[TopicRow]:
    """All topics that stand, the parts under theirs. Three statements."""
    organization = organization_for(person)
    topics = list(Topic.objects.filter(organization=organization).select_related("words").order_by("position", "slug"))
    said = dict(
        VoiceTopic.objects.filter(organization=organization, time__gte=now() - LATELY)
        .values_list("topic")
        .annotate(times=Count("pk"))
        .order_by()
    )
    absorbed: dict[int, list[str]] = defaultdict(list)
    for topic in topics:
        if topic.merged_into_id is not None:
            absorbed[topic.merged_into_id].append(topic.name)
    rows = {
        topic.pk: TopicRow(topic, said.get(topic.pk, 0), _cues(topic), absorbed[topic.pk])
        for topic in topics
        if topic.merged_into_id is None
    }
    for row in rows.values():
        if row.topic.parent_id in rows:
            rows[row.topic.parent_id].parts.append(row)
    return [row for row in rows.values() if row.topic.parent_id not in rows]


def topic_for(person: Person, public_id: UUID) -> Topic:
    """One that stands. Raises NotFound."""
    topic = standing(person).select_related("organization", "parent").filter(public_id=public_id).first()
    if topic is None:
        raise NotFound
    return topic


def standing(person: Person) -> QuerySet[Topic]:
    """Each part after what it is a part of."""
    rows = Topic.objects.filter(organization=organization_for(person), merged_into=None).select_related("parent")
    return rows.order_by(Coalesce("parent__position", "position"), "position", "slug")


def possible_parents(person: Person, topic: Topic | None = None) -> QuerySet[Topic]:
    rows = standing(person).filter(parent=None)
    return rows.exclude(pk=topic.pk) if topic is not None else rows


def _cues(topic: Topic) -> list[str]:
    return topic.words.cue_list if hasattr(topic, "words") else []
