"""What went better or worse than before, and where it is worst: a few sentences' worth, honest about few cases."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kpi.figures.arithmetic import Figure
from kpi.figures.comparing import FEW, Change
from kpi.figures.table import Key
from kpi.queries.morning import Head, by_key, judge
from kpi.queries.spread import HeatCell, heat_of
from kpi.queries.wanted import Wanted
from kpi.shown import is_better, n_of

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
PLACES = ("center", "channel", "topic")
# Groups of the period, and those of the one before by their keys.
Cut = tuple[list[Figure], dict[Key, Figure]]
WORSE_TOLD, BETTER_TOLD = 2, 1
FEWEST_IN_AN_HOUR = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure went wrong most: `wrong` of `n` there, more by `more` than its share before would have given."""

    by: str
    key: Key
    wrong: int
    n: int
    more: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is worse, better, missed (no change, yet most misses are somewhere), same, or none (no data)."""

    kind: str
    name: str = ""
    change: Change | None = None
    n: int = 0
    wrong: int = 0
    part: str = ""
    place: Place | None = None
    # The hour of the week with most misses, where that says something.
    hour: HeatCell | None = None

    @property
    def is_few(self) -> bool:
        return 0 < self.n < FEW


def findings_for(wanted: Wanted, head: Head) -> list[Finding]:
    """Two or three: clear changes for the worse first, then what got better, then where most misses are."""
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
    cuts = {by: _cut(by, names, wanted, head) for by in PLACES}
    found = [_finding("worse", name, change, now, wanted, head, cuts) for name, change in told_worse]
    if not worse and judged:
        found.append(Finding("same"))
    found += [Finding("better", name, change, n_of(name, now[name])) for name, change in _apart(better)[:BETTER_TOLD]]
    if not any(finding.name == "first_response_within_target" for finding in found if finding.kind == "worse"):
        found += _missed(now, wanted, head, cuts)
    return found


def _apart(changes: list[tuple[str, Change]]) -> list[tuple[str, Change]]:
    """The median says what the share within target says: one of the two is told."""
    names = {name for name, _ in changes}
    if "first_response_within_target" in names:
        return [(name, change) for name, change in changes if name != "first_response"]
    return changes


def _cut(by: str, names: Collection[str], wanted: Wanted, head: Head) -> Cut:
    """The groups of what became worse, in both periods; and where targets are missed, now."""
    told: dict[str, Any] = {"by": by, "filters": wanted.filters}
    now = head.asked.groups(**told, figures={*names, "first_response_within_target"})
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


def _missed(now: Figure, wanted: Wanted, head: Head, cuts: Mapping[str, Cut]) -> Iterator[Finding]:
    name = "first_response_within_target"
    wrong = wrong_of(name, now[name])
    if not wrong:
        return
    places = sorted(_places(name, cuts), key=lambda place: -place.wrong)
    place = next(iter(places), None)
    yield Finding("missed", name, None, n_of(name, now[name]), wrong, WRONG[name], place, _worst_hour(wanted, head))


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
