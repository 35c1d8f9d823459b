"""When it happens, and how it is spread: hours of the week, lengths of waits, scores; where targets are missed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from kpi.facts.fact import Name
from kpi.figures.parts import SECOND_US
from kpi.figures.table import Facts, filtered
from kpi.queries.as_of import as_of
from kpi.queries.facts import facts_of
from kpi.queries.figures import slugs_of
from kpi.queries.wanted import Wanted

if TYPE_CHECKING:
    from kpi.figures.columns import Column

# Upper ends in seconds, each included; what is longer comes last.
STEPS = (10, 30, 60, 180, 600, 1800, 3600, 4 * 3600, 24 * 3600)
HOURS, DAYS = 24, 7
PLACES_SHOWN = 8


def facts_for(wanted: Wanted, names: Collection[Name]) -> Facts:
    """The facts of these names in what is wanted."""
    organization = wanted.organization
    facts = facts_of(organization, wanted.period, now=wanted.now, as_of=as_of(organization, wanted.now), names=names)
    return filtered(facts, wanted.filters, slugs_of(organization))


def weekday_and_hour(at_us: Any, zone: ZoneInfo) -> tuple[Column, Column]:
    """0 is Monday; hours of the zone's clock."""
    import numpy as np
    import pandas as pd

    local = pd.to_datetime(np.asarray(at_us), unit="us", utc=True).tz_convert(zone)
    return local.day_of_week.to_numpy(), local.hour.to_numpy()


@dataclass(frozen=True, slots=True)
class HeatCell:
    weekday: int
    hour: int
    n: int
    missed: int


def heat_for(wanted: Wanted) -> list[list[HeatCell]]:
    """Seven rows of 24 hours: tickets whose target for the first answer ran out then, and how many missed it."""
    return heat_of(facts_for(wanted, {Name.TARGET}), wanted.organization.zone)


def heat_of(facts: Facts, zone: ZoneInfo) -> list[list[HeatCell]]:
    """The same of some facts, of whatever names."""
    import numpy as np

    targets = facts[Name.TARGET]
    weekday, hour = weekday_and_hour(targets["at_us"], zone)
    place = weekday * HOURS + hour
    n = np.bincount(place, minlength=DAYS * HOURS)
    missed = np.bincount(place[targets["outcome"] == 0], minlength=DAYS * HOURS)
    return [
        [HeatCell(day, at, int(n[day * HOURS + at]), int(missed[day * HOURS + at])) for at in range(HOURS)]
        for day in range(DAYS)
    ]


@dataclass(frozen=True, slots=True)
class Bucket:
    """Waits longer than `over` seconds, up to `upto`; None: without an end."""

    over: int
    upto: int | None
    n: int


@dataclass(frozen=True, slots=True)
class Spread:
    buckets: list[Bucket]
    csat: dict[str, int]
    nps: dict[str, int]

    @property
    def n(self) -> int:
        return sum(bucket.n for bucket in self.buckets)


def spread_for(wanted: Wanted) -> Spread:
    """How many waited how long for the first answer, and how many gave which score."""
    import numpy as np

    facts = facts_for(wanted, {Name.RESPONSE, Name.CSAT, Name.NPS})
    waits_us = facts[Name.RESPONSE]["calendar_us"]
    ends_us = np.array(STEPS, dtype=np.int64) * SECOND_US
    counts = np.bincount(np.searchsorted(ends_us, waits_us, side="left"), minlength=len(STEPS) + 1)
    edges = (0, *STEPS)
    buckets = [
        Bucket(edge, STEPS[number] if number < len(STEPS) else None, int(counts[number]))
        for number, edge in enumerate(edges)
    ]

    def scores(of: Name, scale: range) -> dict[str, int]:
        told = np.bincount(facts[of]["outcome"], minlength=scale.stop)
        return {str(score): int(told[score]) for score in scale}

    return Spread(buckets, scores(Name.CSAT, range(1, 6)), scores(Name.NPS, range(11)))


@dataclass(frozen=True, slots=True)
class MissPlace:
    """Where targets are missed: a center and a channel."""

    center: str | None
    channel: str
    missed: int
    n: int

    @property
    def ratio(self) -> float:
        return self.missed / self.n


def misses_for(wanted: Wanted) -> tuple[int, list[MissPlace]]:
    """All misses of the target to the first answer, and the places with most of them."""
    import numpy as np

    facts = facts_for(wanted, {Name.TARGET})
    targets = facts[Name.TARGET]
    is_missed = targets["outcome"] == 0
    slugs = slugs_of(wanted.organization)["center"]
    channels = facts.values["channel"]
    where = targets["center"] * len(channels) + targets["channel"]
    n = np.bincount(where)
    missed = np.bincount(where[is_missed], minlength=len(n))
    found = []
    for number in np.flatnonzero(missed).tolist():
        center, channel = divmod(number, len(channels))
        slug = slugs.get(facts.values["center"][center])
        found.append(MissPlace(slug, channels[channel], int(missed[number]), int(n[number])))
    found.sort(key=lambda place: (-place.missed, place.channel, place.center or ""))
    return int(is_missed.sum()), found[:PLACES_SHOWN]
