"""What went better or worse than before, and where it is worst: a few sentences' worth, honest about few cases."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from kpi.figures.arithmetic import Figure
from kpi.figures.comparing import CLEAR, FEW, FEWEST, Change
from kpi.figures.table import Key
from kpi.queries.cuts import part_of
from kpi.queries.morning import Head, by_key, judge
from kpi.queries.spread import HeatCell, heat_of
from kpi.queries.wanted import Wanted
from kpi.shown import is_better, n_of, value_of

# In the order of what an owner hears first, where two are as bad.
JUDGED = ("first_response_within_target", "fcr", "csat", "nps", "abandonment", "first_response")
# A part of each figure that is what went wrong with it.
WRONG = {
    "first_response_within_target": "missed",
    "fcr": "missed",
    "csat": "missed",
    "nps": "detractors",
    "abandonment": "numerator",
    "first_response": "n",
}
# Those with a goal of their own in the head, in the order in which they are told.
WITH_GOAL = ("csat", "fcr", "nps")
PLACES = ("center", "channel", "topic")
# Groups of the period, and those of the one before by their keys.
Cut = tuple[list[Figure], dict[Key, Figure]]
WORSE_TOLD, BETTER_TOLD, BELOW_TOLD = 2, 1, 2
FEWEST_IN_AN_HOUR = 3
FEWEST_IN_A_PLACE = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure went wrong most: `wrong` of `n` there, more by `more` than was to be expected: by its share before, or
    where nothing is compared, by the share of all."""

    by: str
    key: Key
    wrong: int
    n: int
    more: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is worse, better, below (its goal, though not clearly worse), missed (targets, somewhere most), same, or none (no
    data). `value` and `goal`, where it has one, are as the figure's words tell them."""

    kind: str
    name: str = ""
    change: Change | None = None
    n: int = 0
    wrong: int = 0
    part: str = ""
    place: Place | None = None
    # The hour of the week with most misses, where that says something.
    hour: HeatCell | None = None
    value: float | None = None
    goal: int | None = None

    @property
    def is_few(self) -> bool:
        return 0 < self.n < FEW


def findings_for(wanted: Wanted, head: Head) -> list[Finding]:
    """A few: clear changes for the worse first, then what got better, which goals were not reached, where most misses are."""
    now, before = head.extra["now"], head.extra["before"]
    if not any(n_of(name, now[name]) for name in JUDGED):
        return [Finding("none")]
    # A whole period beside a part of one says nothing.
    judged = () if head.began_on else JUDGED
    changes = [(name, judge(name)(now[name], before[name])) for name in judged]
    clear = [(name, change) for name, change in changes if change is not None and change.is_clear]
    worse = [(name, change) for name, change in clear if not is_better(name, change)]
    better = [(name, change) for name, change in clear if is_better(name, change)]
    told_worse = _apart(worse)[:WORSE_TOLD]
    names = {name for name, _ in told_worse}
    below = [(name, goal) for name, goal in _unmet(head) if name not in names][:BELOW_TOLD]
    cuts = {by: _cut(by, names, [name for name, _ in below], wanted, head) for by in PLACES}
    found = [_finding("worse", name, change, now, wanted, head, cuts) for name, change in told_worse]
    if not worse and judged:
        found.append(Finding("same"))
    found += [
        Finding("better", name, change, n_of(name, now[name]), part=part_of(name))
        for name, change in _apart(better)[:BETTER_TOLD]
    ]
    found += [_short_of(name, goal, now, cuts) for name, goal in below]
    if "first_response_within_target" not in names:
        found += _missed(now, wanted, head, cuts)
    return found


def _unmet(head: Head) -> Iterator[tuple[str, int]]:
    """Figures of enough cases that did not reach their goal, with the goal."""
    tiles = {tile.name: tile for tile in head.tiles}
    for name in WITH_GOAL:
        tile = tiles[name]
        if tile.is_goal_met is False and tile.goal is not None and tile.n >= FEWEST:
            yield name, tile.goal


def _apart(changes: list[tuple[str, Change]]) -> list[tuple[str, Change]]:
    """The median says what the share within target says: one of the two is told."""
    names = {name for name, _ in changes}
    if "first_response_within_target" in names:
        return [(name, change) for name, change in changes if name != "first_response"]
    return changes


def _cut(by: str, names: Collection[str], below: Collection[str], wanted: Wanted, head: Head) -> Cut:
    """The groups of what became worse, in both periods; and where goals and targets are missed, now."""
    told: dict[str, Any] = {"by": by, "filters": wanted.filters}
    now = head.asked.groups(**told, figures={*names, *below, "first_response_within_target"})
    return now, by_key(head.before.groups(**told, figures=names)) if names else {}


def _finding(
    kind: str, name: str, change: Change, now: Figure, wanted: Wanted, head: Head, cuts: Mapping[str, Cut]
) -> Finding:
    wrong = wrong_of(name, now[name])
    places = sorted(_places(name, cuts), key=lambda place: -place.more)
    place = next(iter(places), None)
    hour = _worst_hour(wanted, head) if name == "first_response_within_target" else None
    return Finding(kind, name, change, n_of(name, now[name]), wrong, WRONG[name], place, hour)


def _worst_hour(wanted: Wanted, head: Head) -> HeatCell | None:
    """The hour of the week with most misses; None where it has hardly more than others."""
    facts = head.asked.facts(wanted.filters)
    if facts is None:
        return None
    cells = [cell for row in heat_of(facts, wanted.organization.zone) for cell in row if cell.missed]
    worst = max(cells, key=lambda cell: cell.missed, default=None)
    if worst is None or worst.missed < FEWEST_IN_AN_HOUR:
        return None
    return worst if worst.missed * len(cells) >= 2 * sum(cell.missed for cell in cells) else None


def _short_of(name: str, goal: int, now: Figure, cuts: Mapping[str, Cut]) -> Finding:
    wrong, n = wrong_of(name, now[name]), n_of(name, now[name])
    place = _most_beyond(name, now, cuts)
    return Finding("below", name, None, n, wrong, WRONG[name], place, value=value_of(name, now[name]), goal=goal)


def _missed(now: Figure, wanted: Wanted, head: Head, cuts: Mapping[str, Cut]) -> Iterator[Finding]:
    name = "first_response_within_target"
    wrong, n = wrong_of(name, now[name]), n_of(name, now[name])
    if not wrong:
        return
    yield Finding(
        "missed",
        name,
        None,
        n,
        wrong,
        WRONG[name],
        _most_beyond(name, now, cuts),
        _worst_hour(wanted, head),
        value=value_of(name, now[name]),
        goal=head.within_goal if head.within_goal_is_missed else None,
    )


def _most_beyond(name: str, now: Figure, cuts: Mapping[str, Cut]) -> Place | None:
    """Where most more went wrong than the share of all would have given there: the largest place has most of everything. None
    where no place of enough cases stands out by more than chance would do."""
    share = wrong_of(name, now[name]) / n_of(name, now[name])
    found = [replace(place, more=place.wrong - share * place.n) for place in _places(name, cuts)]
    beyond = [
        place
        for place in found
        if place.n >= FEWEST_IN_A_PLACE and place.more > 0 and place.more >= CLEAR * sqrt(share * (1 - share) * place.n)
    ]
    return max(beyond, key=lambda place: place.more, default=None)


def wrong_of(name: str, figure: Figure | None) -> int:
    """How many of a figure's cases went wrong."""
    if not figure:
        return 0
    if name == "nps":
        return int(figure["detractors"])
    if name == "first_response":
        return 0
    numerator: int = figure["numerator"]
    return numerator if name == "abandonment" else int(figure["denominator"]) - numerator


def _places(name: str, cuts: Mapping[str, Cut]) -> Iterator[Place]:
    """Each center, channel and topic with what went wrong there; a cut with one group says nothing."""
    for by, (groups, before) in cuts.items():
        if sum(1 for group in groups if n_of(name, group[name])) < 2:
            continue
        for group in groups:
            place = _place(name, by, group, before.get(group["key"], {}).get(name))
            if place is not None and group["key"] is not None:
                yield place


def _place(name: str, by: str, group: Figure, then: Figure | None) -> Place | None:
    now = group[name]
    if name == "first_response":
        # Where medians rose most, weighed by how many waited.
        if not now or not then:
            return None
        more = (now["median_seconds"] - then["median_seconds"]) * now["n"]
        return Place(by, group["key"], now["n"], now["n"], more)
    wrong, n = wrong_of(name, now), n_of(name, now)
    if not wrong:
        return None
    usual = wrong_of(name, then) / n_of(name, then) * n if n_of(name, then) else 0.0
    return Place(by, group["key"], wrong, n, wrong - usual)
