"""Business time: how much of it lies between two instants, and when so much of it has passed (METRICS.md).

Pure. A center's hours are spans of wall-clock time in the organization's zone; a span over midnight belongs to the
day it starts, and so does a holiday's closing. Without hours a center is always open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from accounts.schedules import WEEKDAYS, Hours, runs_over_midnight

Span = tuple[datetime, datetime]

# Who opens a minute a week, or never for holidays, would be looked through for ever.
HORIZON_DAYS = 2000
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """When a center answers. `week` has the spans of each weekday, Monday first; () throughout: always open."""

    zone: ZoneInfo
    week: tuple[tuple[tuple[str, str], ...], ...] = ()
    holidays: frozenset[date] = frozenset()

    @classmethod
    def of(cls, hours: Hours, holidays: list[str], zone: ZoneInfo) -> BusinessHours:
        """From a schedule as it is stored (`accounts.schedules.normal_hours`, `normal_holidays`)."""
        if not hours:
            return cls(zone)
        week = tuple(tuple((start, end) for start, end in hours.get(day, [])) for day in WEEKDAYS)
        return cls(zone, week, frozenset(date.fromisoformat(day) for day in holidays))

    @property
    def is_always_open(self) -> bool:
        return not self.week

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much business time lies in `[start, end)`; negative where the end comes first."""
        if end < start:
            return -self.between(end, start)
        if self.is_always_open:
            return end - start
        return sum((min(closes, end) - max(opens, start) for opens, closes in self.spans(start, end)), _NOTHING)

    def after(self, start: datetime, worked: timedelta) -> datetime | None:
        """The first instant at which so much business time has passed since the start; a negative time leads back.

        Back, it is the last instant from which so much lies before the start. None where the center is not open for
        so long within `HORIZON_DAYS`.
        """
        if self.is_always_open or not worked:
            return start + worked
        if worked < _NOTHING:
            return self._before(start, -worked)
        for opens, closes in self.spans(start, start + HORIZON_DAYS * _DAY):
            opens = max(opens, start)
            if worked <= closes - opens:
                return opens + worked
            worked -= closes - opens
        return None

    def _before(self, end: datetime, worked: timedelta) -> datetime | None:
        day = end.astimezone(self.zone).date()
        for ago in range(-1, HORIZON_DAYS):
            for opens, closes in reversed(_spans_on(self, day - ago * _DAY)):
                closes = min(closes, end)
                if closes <= opens:
                    continue
                if worked <= closes - opens:
                    return closes - worked
                worked -= closes - opens
        return None

    def goes_on(self, instant: datetime) -> datetime | None:
        """The instant itself while the center is open, else when it next opens; None where it never does."""
        if self.is_always_open:
            return instant
        for opens, _closes in self.spans(instant, instant + HORIZON_DAYS * _DAY):
            return max(opens, instant)
        return None

    def is_open(self, instant: datetime) -> bool:
        return self.goes_on(instant) == instant

    def spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """The spans that overlap `[start, end)`, in order and apart from each other, not cut at its ends."""
        if self.is_always_open:
            if start < end:
                yield start, end
            return
        day, last = start.astimezone(self.zone).date() - _DAY, end.astimezone(self.zone).date()
        while day <= last:
            for opens, closes in _spans_on(self, day):
                if opens < end and closes > start:
                    yield opens, closes
            day += _DAY


# A list of tickets asks for the same days again and again; a month of five centers, and their holidays twice.
@lru_cache(maxsize=4096)
def _spans_on(hours: BusinessHours, day: date) -> tuple[Span, ...]:
    """The spans that begin on this day, without what the day before has reached over midnight."""
    yesterday = _as_written(hours, day - _DAY)
    reached = yesterday[-1][1] if yesterday else None
    spans = [(max(opens, reached) if reached else opens, closes) for opens, closes in _as_written(hours, day)]
    return tuple((opens, closes) for opens, closes in spans if opens < closes)


def _as_written(hours: BusinessHours, day: date) -> list[Span]:
    if day in hours.holidays:
        return []
    return [
        (
            _at(day, start, hours.zone),
            _at(day + _DAY if runs_over_midnight([start, end]) else day, end, hours.zone),
        )
        for start, end in hours.week[day.weekday()]
    ]


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    if clock == "24:00":
        day, clock = day + _DAY, "00:00"
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)
