"""What is said how often, and how it is meant: by topic, by place, by day; beside the period before.

Each is one statement over the index of a period, and as many rows as there are topics and places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from accounts.models import Organization, Person
from accounts.queries import organization_for
from tickets.models import Topic
from voc.queries.slices import Slice, topics_in

DIMENSIONS = ("channel", "center", "store", "product")
PLACES_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Count3:
    """How many said it badly, plainly, well; `before` in the period before."""

    bad: int = 0
    plain: int = 0
    good: int = 0
    before: int = 0
    bad_before: int = 0

    @property
    def total(self) -> int:
        return self.bad + self.plain + self.good

    @property
    def change(self) -> float | None:
        """The part by which it grew; None where there was nothing before."""
        return (self.total - self.before) / self.before if self.before else None

    @property
    def bad_share(self) -> float:
        return self.bad / self.total if self.total else 0.0

    def __add__(self, other: Count3) -> Count3:
        names = ("bad", "plain", "good", "before", "bad_before")
        return Count3(*(getattr(self, name) + getattr(other, name) for name in names))


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic of the first level with all that is said of it and its parts; `parts` are the parts alone."""

    topic: Topic
    count: Count3
    parts: list[TopicCount] = field(default_factory=list)


def counts_by_topic(person: Person, chosen: Slice) -> list[TopicCount]:
    """All topics that were said something of, in this period or the one before, the most first. Two statements.

    A sentence counts once for each of its topics.
    """
    found = {row["topic"]: _count(row) for row in _counted(person, chosen, "topic")}
    topics = topics_by_id(organization_for(person))
    parts: dict[int, list[TopicCount]] = defaultdict(list)
    own: dict[int, Count3] = defaultdict(Count3)
    for pk, count in found.items():
        topic = topics.get(pk)
        if topic is None:
            continue
        if topic.parent_id is None:
            own[pk] += count
        else:
            parts[topic.parent_id].append(TopicCount(topic, count))
            own[topic.parent_id] += count
    rows = [
        TopicCount(topics[pk], count, sorted(parts[pk], key=lambda part: -part.count.total))
        for pk, count in own.items()
    ]
    return sorted(rows, key=lambda row: (-row.count.total, -row.count.before, row.topic.position))


def counts_by_place(person: Person, chosen: Slice, dimension: str) -> list[tuple[Any, Count3]]:
    """By one of DIMENSIONS: its key (a channel's word, a row's key, a product's name; None or "" where none is known)
    with the count, the most first. One statement."""
    assert dimension in DIMENSIONS
    rows = [(row[dimension], _count(row)) for row in _counted(person, chosen, dimension)]
    return sorted(rows, key=lambda row: (-row[1].total, str(row[0])))[:PLACES_AT_MOST]


def counts_by_day(person: Person, chosen: Slice) -> dict[date, dict[int, Count3]]:
    """Day of the organization → topic's key → count (without `before`). One statement."""
    zone = organization_for(person).zone
    rows: Any = (
        topics_in(person, chosen)
        .annotate(day=TruncDate("time", tzinfo=zone))
        .values("day", "topic")
        .annotate(**_moods())
        .order_by("day")
    )
    found: dict[date, dict[int, Count3]] = defaultdict(dict)
    for row in rows:
        found[row["day"]][row["topic"]] = Count3(row["bad"], row["plain"], row["good"])
    return dict(found)


def topics_by_id(organization: Organization) -> dict[int, Topic]:
    """Topics that stand, by key, in their order. One statement."""
    rows = Topic.objects.filter(organization=organization, merged_into=None).select_related("parent")
    return {topic.pk: topic for topic in rows.order_by("position", "slug")}


def with_parts(topic: Topic) -> tuple[int, ...]:
    """The keys by which all that is said of a topic is found. One statement."""
    return (topic.pk, *topic.children.filter(merged_into=None).values_list("pk", flat=True))


def _counted(person: Person, chosen: Slice, by: str) -> Iterable[dict[str, Any]]:
    """Both periods in one walk along the index."""
    now = Q(time__gte=chosen.since)
    both = replace(chosen, since=chosen.before.since)
    rows: Any = (
        topics_in(person, both)
        .values(by)
        .annotate(
            **_moods(now),
            earlier=Count("pk", filter=~now),
            bad_earlier=Count("pk", filter=~now & Q(sentiment=-1)),
        )
        .order_by()
    )
    return cast("Iterable[dict[str, Any]]", rows)


def _moods(within: Q | None = None) -> dict[str, Count]:
    within = within if within is not None else Q()
    moods = (("bad", -1), ("plain", 0), ("good", 1))
    return {name: Count("pk", filter=within & Q(sentiment=mood)) for name, mood in moods}


def _count(row: Mapping[str, Any]) -> Count3:
    return Count3(row["bad"], row["plain"], row["good"], row["earlier"], row["bad_earlier"])
