"""The six figures of the dashboard's head, each with its change, its goal, its course and what it counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kpi.figures.arithmetic import Figure
from kpi.figures.comparing import FEW, Change, median_change, score_change, share_change
from kpi.figures.table import Key
from kpi.models import Day
from kpi.queries.figures import Asked, ask
from kpi.queries.goals import goals_on
from kpi.queries.question import Period
from kpi.queries.sales import Sales, sales_by_day
from kpi.queries.waiting import Waiting, waiting_now
from kpi.queries.wanted import Wanted
from kpi.shown import is_better, n_of, value_of
from kpi.words import DURATIONS

# The head's own, and what is told beside them.
HEAD = ("first_response", "fcr", "csat", "nps")
HEAD_ASKED = (*HEAD, "first_response_within_target")
# A course of fewer days says nothing: it shows the days before as well.
FEWEST_DAYS = 7

Judge = Callable[[Figure | None, Figure | None], Change | None]


@dataclass(frozen=True, slots=True)
class Tile:
    """`course` are values of days in order, None where there was nothing; `goal` in the figure's unit, shares in per cent."""

    name: str
    figure: Figure | None
    n: int
    value: float | None
    change: Change | None = None
    is_better: bool = False
    goal: int | None = None
    is_goal_met: bool | None = None
    course: Sequence[float | None] = ()
    course_days: Sequence[date] = ()

    @property
    def is_few(self) -> bool:
        return 0 < self.n < FEW

    @property
    def pending(self) -> int:
        return int((self.figure or {}).get("pending") or 0)


@dataclass(slots=True)
class Head:
    """`asked` and `before` hold the period's facts: what else a page asks of them is not read again."""

    tiles: list[Tile]
    asked: Asked
    before: Asked
    within: Figure | None = None
    within_goal: int | None = None
    # The first day that there is anything of, where it lies within the period before: that one was shorter.
    began_on: date | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def within_goal_is_missed(self) -> bool:
        within = value_of("first_response_within_target", self.within)
        return is_met("first_response_within_target", within, self.within_goal) is False


def head_for(wanted: Wanted, more: Collection[str] = ()) -> Head:
    """The four figures that surveys and conversations make. Reads the period and the one before once; what else will be asked
    of them is named in `more`."""
    asked = ask(wanted.organization, wanted.period, wanted.now, (*HEAD_ASKED, *more))
    before = Asked(wanted.organization, wanted.period.before, wanted.now, asked.then, asked.slugs, asked.figures)
    now = _one(asked, wanted)
    then = _one(before, wanted)
    goals = goals_on(wanted.organization, min(wanted.last, wanted.today))
    began = began_on(wanted)
    days, courses = _courses(asked, before, wanted)
    tiles = []
    for name in HEAD:
        change = None if began else judge(name)(now[name], then[name])
        # The target of the first response is in seconds, by channel and center; its goal is the share that keeps it.
        goal = None if name == "first_response" else goals.get(name)
        value = value_of(name, now[name])
        tiles.append(
            Tile(
                name=name,
                figure=now[name],
                n=n_of(name, now[name]),
                value=value,
                change=change,
                is_better=change is not None and is_better(name, change),
                goal=goal,
                is_goal_met=is_met(name, value, goal),
                course=courses[name],
                course_days=days,
            )
        )
    return Head(
        tiles,
        asked,
        before,
        within=now["first_response_within_target"],
        within_goal=goals.get("first_response_within_target"),
        began_on=began,
        extra={"now": now, "before": then},
    )


def began_on(wanted: Wanted) -> date | None:
    """The first day that there is anything of, where it lies within the period before: that one was shorter."""
    days = Day.objects.filter(organization=wanted.organization).order_by("day")
    first = days.values_list("day", flat=True).first()
    before = wanted.period.before
    return first if first is not None and before.first < first < wanted.period.first else None


def judge(name: str) -> Judge:
    return median_change if name in DURATIONS else score_change if name == "nps" else share_change


def is_met(name: str, value: float | None, goal: int | None) -> bool | None:
    """Whether a goal is reached; None where there is no goal or no value."""
    if goal is None or value is None:
        return None
    return (value if name == "nps" else value * 100) >= goal


def _one(asked: Asked, wanted: Wanted) -> Figure:
    (group,) = asked.groups(filters=wanted.filters, figures=asked.figures)
    return group


def _courses(asked: Asked, before: Asked, wanted: Wanted) -> tuple[list[date], dict[str, list[float | None]]]:
    groups = asked.groups(by="day", filters=wanted.filters, figures=HEAD)
    if wanted.period.days < FEWEST_DAYS:
        groups = _days_before(before, wanted) + groups
    days = [date.fromisoformat(group["key"]) for group in groups]
    return days, {name: [value_of(name, group[name]) for group in groups] for name in HEAD}


def _days_before(before: Asked, wanted: Wanted) -> list[Figure]:
    first = wanted.period.end - timedelta(days=FEWEST_DAYS)
    earlier = Asked(
        before.organization, Period(first, wanted.period.first), before.now, before.then, before.slugs, HEAD
    )
    return earlier.groups(by="day", filters=wanted.filters, figures=HEAD)


@dataclass(frozen=True, slots=True)
class Sold:
    """`course` is what was sold on each day in order, None where nothing was."""

    now: Sales
    before: Sales
    course: Sequence[float | None] = ()

    @property
    def change(self) -> float | None:
        """The share by which it grew; None where there was nothing."""
        if self.before.hundredths <= 0:
            return None
        return self.now.hundredths / self.before.hundredths - 1


def sold_for(wanted: Wanted) -> Sold:
    """Days are compared with as many days before. A short course shows days before as well."""
    period = wanted.period
    first = period.end - timedelta(days=max(period.days, FEWEST_DAYS))
    by_day = sales_by_day(wanted.organization, min(period.before.first, first), period.end, wanted.filters)
    days = [first + timedelta(days=number) for number in range((period.end - first).days)]
    course = [by_day[day].hundredths / 100 if day in by_day else None for day in days]
    return Sold(_sum_of(by_day, period), _sum_of(by_day, period.before), course)


def _sum_of(by_day: Mapping[date, Sales], period: Period) -> Sales:
    sold = [sales for day, sales in by_day.items() if day in period]
    return Sales(sum(sales.n for sales in sold), sum(sales.hundredths for sales in sold))


def waiting_for(wanted: Wanted) -> Waiting:
    return waiting_now(wanted.organization, wanted.filters, wanted.now)


def by_key(groups: Sequence[Figure]) -> dict[Key, Figure]:
    return {group["key"]: group for group in groups}
