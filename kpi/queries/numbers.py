"""The tickets behind any number of the dashboard: what an address says of it, and those tickets, as far as one reaches them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Person
from kpi.figures.columns import Table
from kpi.figures.parts import SECOND_US
from kpi.figures.table import BYS, NONE
from kpi.queries.behind import tickets_behind
from kpi.queries.journey import flows_of, paths_for
from kpi.queries.question import BadQuestion
from kpi.queries.spread import weekday_and_hour
from kpi.queries.waiting import waiting_period
from kpi.queries.wanted import Params, Wanted
from tickets.policies import tickets_reached

FLOW = "flow"


@dataclass(frozen=True, slots=True)
class Number:
    """`cut` and `key` name a group; `weekday`, `hour`, `over`, `upto` (seconds) narrow further."""

    figure: str
    part: str
    cut: str = "none"
    key: str | None = None
    weekday: int | None = None
    hour: int | None = None
    over: int | None = None
    upto: int | None = None

    @property
    def said(self) -> dict[str, str]:
        """Its words in an address."""
        told = {
            "figure": self.figure,
            "part": self.part,
            "cut": self.cut if self.cut != "none" else "",
            "key": NONE if self.key is None and self.cut != "none" else self.key or "",
        }
        numbers = {"weekday": self.weekday, "hour": self.hour, "over": self.over, "upto": self.upto}
        return {name: value for name, value in told.items() if value} | {
            name: str(value) for name, value in numbers.items() if value is not None
        }


@dataclass(frozen=True, slots=True)
class Found:
    """`ticket_ids` within her reach, the latest fact first. `facts` is the number itself; those of none are answers to
    surveys, by the events in `event_ids`; `events_of` are those of the others by their tickets; `out_of_reach` are those of tickets that she does not see."""

    ticket_ids: list[int] = field(default_factory=list)
    facts: int = 0
    event_ids: list[int] = field(default_factory=list)
    events_of: dict[int, int] = field(default_factory=dict)
    out_of_reach: int = 0

    @property
    def without_ticket(self) -> int:
        return len(self.event_ids)


def number_in(params: Params) -> Number | None:
    """What an address says; None where it names no figure."""
    figure, part = params.get("figure") or "", params.get("part") or ""
    cut = params.get("cut") or "none"
    if not figure or not part or cut not in BYS:
        return None
    key = params.get("key") or None
    whole = {name: _whole(params.get(name) or "") for name in ("weekday", "hour", "over", "upto")}
    return Number(figure, part, cut, None if key == NONE else key, **whole)


def _whole(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else None


def found_for(person: Person, wanted: Wanted, number: Number) -> Found:
    """The tickets behind a number. Raises `BadQuestion` for a figure or part that there is not."""
    if number.figure == FLOW:
        ids = _of_flow(wanted, number.part)
        facts, event_ids, events_of = len(ids), [], {}
    else:
        # Who waits now is no matter of the period that is shown.
        period = waiting_period(wanted.organization, wanted.now) if number.figure == "waiting" else wanted.period
        question = wanted.question(by=number.cut, period=period)
        told = tickets_behind(
            wanted.organization, question, number.figure, number.part, key=number.key, only=_only(wanted, number)
        )
        ids, facts, event_ids, events_of = told.ticket_ids, told.facts, told.event_ids, told.events_of
    reached = set(tickets_reached(person).filter(pk__in=ids).values_list("pk", flat=True))
    within = [pk for pk in ids if pk in reached]
    return Found(within, facts, event_ids, events_of, len(ids) - len(within))


def _only(wanted: Wanted, number: Number) -> Callable[[Table], Any] | None:
    if number.weekday is None and number.hour is None and number.over is None and number.upto is None:
        return None

    def only(facts: Table) -> Any:
        weekday, hour = weekday_and_hour(facts["at_us"], wanted.organization.zone)
        waited_us = facts["calendar_us"]
        keep = waited_us >= 0
        if number.weekday is not None:
            keep &= weekday == number.weekday
        if number.hour is not None:
            keep &= hour == number.hour
        # The first stretch holds those who did not wait at all.
        if number.over:
            keep &= waited_us > number.over * SECOND_US
        if number.upto is not None:
            keep &= waited_us <= number.upto * SECOND_US
        return keep

    return only


def _of_flow(wanted: Wanted, part: str) -> list[int]:
    step, _, ends = part.partition(".")
    start, _, end = ends.partition(".")
    for flow in flows_of(paths_for(wanted)):
        if (str(flow.step), flow.start, flow.end) == (step, start, end):
            return list(reversed(flow.ticket_ids))
    if not step.isdigit() or not start or not end:
        raise BadQuestion("part", "unknown")
    return []
