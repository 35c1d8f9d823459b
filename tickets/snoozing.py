"""Until when a ticket may be snoozed by one press. Pure: an instant and a center's opening hours in, instants out.

A room of its own beside `queries` because one ticket and many of several centers are snoozed by the same words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from accounts.schedules import WEEKDAYS

# Where a center says no hours: when most shops begin.
USUAL_OPENING = time(9, 0)
# A center that is closed for so long keeps its tickets by the calendar.
DAYS_AHEAD = 31


class Preset(StrEnum):
    HOUR = "hour"
    TOMORROW = "tomorrow"
    MONDAY = "monday"


@dataclass(frozen=True, slots=True)
class Opening:
    """When a center opens: `hours` by weekday as schedules have them, days off as ISO dates, and the zone of both."""

    zone: tzinfo
    hours: Mapping[str, Sequence[Sequence[str]]]
    holidays: Collection[str]

    def on_or_after(self, day: date) -> datetime:
        """The first opening on this day or the next that has one."""
        for ahead in range(DAYS_AHEAD):
            tried = day + timedelta(days=ahead)
            spans = self.hours.get(WEEKDAYS[tried.weekday()])
            if spans and tried.isoformat() not in self.holidays:
                hour, minute = spans[0][0].split(":")
                return datetime.combine(tried, time(int(hour), int(minute)), tzinfo=self.zone)
        return datetime.combine(day, USUAL_OPENING, tzinfo=self.zone)


def until(preset: Preset, opening: Opening, *, now: datetime) -> datetime:
    """The instant that a preset means."""
    today = now.astimezone(opening.zone).date()
    match preset:
        case Preset.HOUR:
            return now + timedelta(hours=1)
        case Preset.TOMORROW:
            return opening.on_or_after(today + timedelta(days=1))
        case Preset.MONDAY:
            return opening.on_or_after(today + timedelta(days=7 - today.weekday()))
