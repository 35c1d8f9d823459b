"""The board: what is said, how it is meant, how it changed, and in three sentences what to look at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from accounts.models import Center, Person, Store
from accounts.queries import organization_for
from tickets.models import Topic
from voc.chance import change_is_clear, strength_of_rise
from voc.queries.digest import RisingTopic, rising_in
from voc.queries.numbers import Count3, TopicCount, counts_by_day, counts_by_place, counts_by_topic, with_parts
from voc.queries.slices import Slice, topics_in
from voc.queries.words import rising_words
from voc.words import Rise

PLACES_SHOWN = 8
# A column for each day up to here, for each week beyond: more columns than these are a comb.
DAYS_DRAWN = 62
WEEK = timedelta(days=7)
# A place says where it comes from when it has so much of it.
MOST_OF_IT = 0.5


@dataclass(frozen=True, slots=True)
class TopicLine:
    """`is_clear` says that the change is hardly chance."""

    topic: Topic
    count: Count3
    parts: list[TopicCount]

    @property
    def is_clear(self) -> bool:
        return change_is_clear(self.count.total, self.count.before)


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """`key` stands in the address; `name` is "" where none is known."""

    key: str
    name: str
    count: Count3

    @property
    def is_clear(self) -> bool:
        return change_is_clear(self.count.total, self.count.before)


@dataclass(frozen=True, slots=True)
class Column:
    """What was said on a day, or in the week that begins then."""

    day: date
    bad: int
    rest: int

    @property
    def total(self) -> int:
        return self.bad + self.rest


@dataclass(frozen=True, slots=True)
class Concentration:
    """Where most of what rises was said: `part` of it (0–1) in one place of that dimension."""

    dimension: str
    key: str
    name: str
    part: float


@dataclass(frozen=True, slots=True)
class Lead:
    """What the page begins with. `risen` is None where nothing rises; then `worst` is what is complained of most."""

    risen: RisingTopic | None
    where: Concentration | None
    worst: TopicLine | None
    # Of how many days the rise is.
    days: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    total: Count3
    lines: list[TopicLine]
    places: dict[str, list[PlaceLine]]
    columns: list[Column]
    by_week: bool
    words: list[Rise]
    lead: Lead

    @property
    def is_empty(self) -> bool:
        return self.total.total == 0

    @property
    def most(self) -> int:
        """The largest count of a topic: what bars are measured by."""
        return max((line.count.total for line in self.lines), default=0)


def board_for(person: Person, chosen: Slice, *, first: date, last: date, query: Sequence[tuple[str, str]]) -> Board:
    """Everything of the page but the sentences. Some twenty statements, whatever there is to count."""
    lines = [TopicLine(row.topic, row.count, row.parts) for row in counts_by_topic(person, chosen)]
    columns, by_week = columns_of(person, chosen, first, last)
    return Board(
        total=sum((line.count for line in lines), Count3()),
        lines=lines,
        places=places_of(person, chosen),
        columns=columns,
        by_week=by_week,
        words=rising_words(person, chosen, most=12),
        lead=_lead(person, chosen, lines, query),
    )


def columns_of(person: Person, chosen: Slice, first: date, last: date) -> tuple[list[Column], bool]:
    """Each day of the period, or each week; days without a voice too. One statement."""
    counts = {day: sum(by_topic.values(), Count3()) for day, by_topic in counts_by_day(person, chosen).items()}
    by_week = (last - first).days >= DAYS_DRAWN
    step = 7 if by_week else 1
    columns = []
    for begin in range(0, (last - first).days + 1, step):
        days = [first + timedelta(days=begin + number) for number in range(step)]
        count = sum((counts.get(day, Count3()) for day in days), Count3())
        columns.append(Column(days[0], count.bad, count.plain + count.good))
    return columns, by_week


def places_of(person: Person, chosen: Slice) -> dict[str, list[PlaceLine]]:
    """By channel, store, center and product; dimensions in which only one thing is known are left out. Six statements."""
    names = _names(person)
    found = {}
    for dimension in ("channel", "store", "center", "product"):
        lines = []
        for key, count in counts_by_place(person, chosen, dimension):
            lines.append(PlaceLine(*_known(names, dimension, key), count))
        known_lines = [line for line in lines if line.key]
        if known_lines:
            found[dimension] = known_lines[:PLACES_SHOWN] + [line for line in lines if not line.key][:1]
    return found


def _names(person: Person) -> dict[str, dict[int, tuple[str, str]]]:
    """Of stores and centers: key → slug and name. Two statements."""
    organization = organization_for(person)
    return {
        dimension: {pk: (slug, name) for pk, slug, name in rows.values_list("pk", "slug", "name")}
        for dimension, rows in (
            ("store", Store.objects.filter(organization=organization)),
            ("center", Center.objects.filter(organization=organization)),
        )
    }


def _known(names: dict[str, dict[int, tuple[str, str]]], dimension: str, key: Any) -> tuple[str, str]:
    """How a place stands in the address, and its name; both "" where none is known."""
    if dimension in names:
        return names[dimension].get(key, ("", ""))
    return (str(key or ""), str(key or ""))


def _lead(person: Person, chosen: Slice, lines: Sequence[TopicLine], query: Sequence[tuple[str, str]]) -> Lead:
    """The clearest rise of the whole period, or of its last week where that is clearer: what has just begun drowns in a month."""
    spans = [chosen]
    if chosen.until - chosen.since >= 2 * WEEK:
        spans.append(replace(chosen, since=chosen.until - WEEK))
    found = [(one, span) for span in spans for one in _risen(person, span, query)[:1] if one.is_clear]
    worst = max((line for line in lines if line.count.bad), key=lambda line: line.count.bad, default=None)
    if not found:
        return Lead(None, _where(person, chosen, worst.topic) if worst else None, worst)
    risen, span = max(found, key=lambda one: strength_of_rise(one[0].count, one[0].before))
    days = (span.until - span.since).days
    return Lead(risen, _where(person, span, risen.topic), worst, days)


def _risen(person: Person, chosen: Slice, query: Sequence[tuple[str, str]]) -> list[RisingTopic]:
    both = replace(chosen, since=chosen.before.since, sentiment=None)
    rows = topics_in(person, both).filter(sentiment__lte=0)
    return rising_in(rows, organization_for(person), chosen.since, chosen.until, query=query)


def _where(person: Person, chosen: Slice, topic: Topic) -> Concentration | None:
    """The place in which most of a topic was said, where one has most of it and had not always: the strongest."""
    names = _names(person)
    candidates = []
    for dimension in ("store", "product", "center", "channel"):
        counted = counts_by_place(person, replace(chosen, topic_ids=with_parts(topic), sentiment=None), dimension)
        total = sum(count.total for _key, count in counted)
        for key, count in counted:
            known = _known(names, dimension, key)
            if known[0] and total and count.total >= MOST_OF_IT * total and len(counted) > 1:
                place = Concentration(dimension, *known, count.total / total)
                candidates.append((strength_of_rise(count.total, count.before), place))
    return max(candidates, key=lambda one: one[0])[1] if candidates else None
