"""How many conversations say something of a topic: what alarms, digests and comparisons count.

Sentences of one conversation are not independent of each other; conversations nearly are. What belongs to no conversation
(a review, an answer to a survey) is one of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.models import Organization
from voc.models import Voice, VoiceTopic

Span = tuple[datetime, datetime]

# What a sentence is that does not praise: a complaint, or a question that should not have been needed.
NOT_PRAISE = Q(sentiment__lte=0)
BAD = Q(sentiment=-1)


def conversation(prefix: str = "") -> Case:
    """The expression that names the conversation of a voice, or of the voice under `prefix`."""
    own = Concat(Value("#"), Cast(F(f"{prefix}pk"), CharField()), output_field=CharField())
    return Case(When(**{f"{prefix}thread": ""}, then=own), default=F(f"{prefix}thread"), output_field=CharField())


def first_level() -> Coalesce:
    """The topic of the first level that a row belongs to."""
    return Coalesce("topic__parent", "topic")


def by_topic(rows: QuerySet[VoiceTopic], spans: Sequence[Span]) -> dict[int, list[int]]:
    """First-level topic's key, and each part's → the conversations of each span. Two statements."""
    of_parts = _by(rows.filter(topic__parent__isnull=False).annotate(key=F("topic")), spans)
    return _by(rows.annotate(key=first_level()), spans) | of_parts


def one_of_each(chosen: Sequence[int], parents: Mapping[int, int | None], growth: Mapping[int, float]) -> list[int]:
    """Of topics that grew, in their order, a whole or its part, never both: the part where it brings half of the growth."""
    found = []
    for pk in chosen:
        whole = parents.get(pk)
        parts = [one for one in chosen if parents.get(one) == pk]
        if any(growth[part] >= growth[pk] / 2 for part in parts):
            continue
        if whole is not None and whole in chosen and growth[pk] < growth[whole] / 2:
            continue
        found.append(pk)
    return found


def by_center(rows: QuerySet[VoiceTopic], spans: Sequence[Span]) -> dict[int, list[int]]:
    return _by(rows.filter(center__isnull=False).annotate(key=F("center")), spans)


def count_conversations(rows: QuerySet[Voice]) -> int:
    """One statement."""
    return rows.aggregate(count=Count(conversation(), distinct=True))["count"] or 0


def count_of_topics(rows: QuerySet[VoiceTopic]) -> int:
    return rows.aggregate(count=Count(conversation("voice__"), distinct=True))["count"] or 0


def heard_since(organization: Organization) -> datetime | None:
    """When the first voice was said; None where there is none."""
    first: datetime | None = Voice.objects.filter(organization=organization).aggregate(first=Min("time"))["first"]
    return first


def _by(rows: QuerySet[VoiceTopic], spans: Sequence[Span]) -> dict[int, list[int]]:
    within = rows.filter(time__gte=min(since for since, _ in spans), time__lt=max(until for _, until in spans))
    counts = {
        f"span_{number}": Count(conversation("voice__"), distinct=True, filter=Q(time__gte=since, time__lt=until))
        for number, (since, until) in enumerate(spans)
    }
    found: QuerySet[VoiceTopic, dict[str, Any]] = within.values("key").annotate(**counts).order_by()  # type: ignore[misc]
    return {row["key"]: [row[name] for name in counts] for row in found}
