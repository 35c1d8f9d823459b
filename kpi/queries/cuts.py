"""The figures by channel, center, store, person or topic, and their course over days, weeks or months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi.figures.arithmetic import Figure
from kpi.figures.comparing import FEW, Change
from kpi.figures.table import Key
from kpi.queries.figures import Asked, ask
from kpi.queries.goals import goal_steps
from kpi.queries.morning import began_on, by_key, judge
from kpi.queries.wanted import Wanted
from kpi.shown import is_better, n_of, value_of

CUT_FIGURES = (
    *("volume", "first_response", "first_response_within_target", "reply", "resolution_first"),
    *("fcr", "csat", "nps", "reopen_rate"),
)
# Those of which a change is told; of the others it is seen in their course.
COMPARED = ("first_response", "first_response_within_target", "fcr", "csat", "nps")
TREND_FIGURES = (
    *("first_response", "first_response_within_target", "fcr", "csat", "nps", "volume"),
    *("resolution_first", "abandonment", "service_level", "reply", "reopen_rate", "one_touch", "ces"),
)
# The part of a figure whose tickets stand behind its number.
PART = {
    "first_response": "n",
    "reply": "n",
    "resolution_first": "n",
    "resolution_full": "n",
    "waiting": "n",
    "volume": "tickets",
    "nps": "answered",
}


def part_of(name: str) -> str:
    return PART.get(name, "denominator")


@dataclass(frozen=True, slots=True)
class Cell:
    name: str
    figure: Figure | None
    change: Change | None

    @property
    def n(self) -> int:
        return n_of(self.name, self.figure)

    @property
    def value(self) -> float | None:
        return value_of(self.name, self.figure)

    @property
    def is_few(self) -> bool:
        return 0 < self.n < FEW

    @property
    def is_better(self) -> bool:
        return self.change is not None and is_better(self.name, self.change)

    @property
    def is_clear(self) -> bool:
        return self.change is not None and self.change.is_clear


@dataclass(frozen=True, slots=True)
class Line:
    key: Key
    label: str
    cells: list[Cell]


def cut_for(wanted: Wanted, by: str, figures: Sequence[str] = CUT_FIGURES) -> tuple[Line, list[Line]]:
    """All together, and a line for each group, the one with most tickets first."""
    asked = ask(wanted.organization, wanted.period, wanted.now, figures)
    # A whole period beside a part of one says nothing.
    compared = [] if began_on(wanted) else [name for name in figures if name in COMPARED]
    before = Asked(wanted.organization, wanted.period.before, wanted.now, asked.then, asked.slugs, compared)
    told: dict[str, Any] = {"filters": wanted.filters, "figures": figures}
    then = by_key(before.groups(by=by, filters=wanted.filters, figures=compared)) if compared else {}
    lines = [
        Line(group["key"], wanted.choices.label(by, group["key"]), _cells(group, then.get(group["key"], {}), figures))
        for group in asked.groups(by=by, **told)
    ]
    lines.sort(key=lambda line: (line.key is None, -max((cell.n for cell in line.cells), default=0), line.label))
    (whole,) = asked.groups(**told)
    return Line(None, "", _cells(whole, {}, figures)), lines


def _cells(now: Figure, before: Figure, figures: Sequence[str]) -> list[Cell]:
    return [
        Cell(name, now[name], judge(name)(now[name], before.get(name)) if name in COMPARED else None)
        for name in figures
    ]


@dataclass(frozen=True, slots=True)
class Point:
    key: str
    figure: Figure | None
    value: float | None
    n: int
    goal: int | None


def trend_for(wanted: Wanted, name: str) -> list[Point]:
    """The figure of each day, week or month, with the goal that was in force when it ended."""
    asked = ask(wanted.organization, wanted.period, wanted.now, (name,))
    groups = asked.groups(by=wanted.trend, filters=wanted.filters, figures=(name,))
    days = [_last_day(wanted.trend, group["key"]) for group in groups]
    goals = goal_steps(wanted.organization, name, days)
    return [
        Point(group["key"], group[name], value_of(name, group[name]), n_of(name, group[name]), goal)
        for group, goal in zip(groups, goals, strict=True)
    ]


def _last_day(by: str, key: str) -> date:
    if by == "month":
        year, month = map(int, key.split("-"))
        return date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
    day = date.fromisoformat(key)
    return date.fromordinal(day.toordinal() + 6) if by == "week" else day
