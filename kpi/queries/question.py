"""What is asked of the figures, and what is wrong with a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kpi.figures.answer import FIGURES
from kpi.figures.table import BYS

LONGEST_DAYS = 3660  # ten years
EARLIEST, LATEST = date(1970, 1, 2), date(2200, 1, 1)


class BadQuestion(Exception):
    """A question that has no answer. `field` is the parameter, `reason` one of: backwards, empty, too_long, unknown."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


@dataclass(frozen=True, slots=True)
class Period:
    """Days `[first, end)` of the organization's zone. Raises `BadQuestion` where there is no such period."""

    first: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.first:
            raise BadQuestion("to", "backwards")
        if self.end == self.first:
            raise BadQuestion("to", "empty")
        if self.days > LONGEST_DAYS:
            raise BadQuestion("to", "too_long")
        if self.first < EARLIEST:
            raise BadQuestion("from", "too_far")
        if self.end > LATEST:
            raise BadQuestion("to", "too_far")

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    @property
    def before(self) -> Period:
        """The period of equal length before."""
        return Period(self.first - timedelta(days=self.days), self.first)

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The midnights at which it begins and ends."""
        return midnight(self.first, zone), midnight(self.end, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


@dataclass(frozen=True, slots=True)
class Question:
    """`filters`: by the names of `BYS`, which values are wanted; `now` is the instant asked of, with later events left out.

    `figures` are those to be counted, all of them where nothing is said.
    """

    period: Period
    now: datetime
    by: str = "none"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    previous: bool = False
    figures: tuple[str, ...] = FIGURES

    def __post_init__(self) -> None:
        if self.by not in BYS:
            raise BadQuestion("by", "unknown")
