"""By when something is promised, by one press: "by closing time today", "by Wednesday". Pure: opening hours in, instants out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.business_hours import BusinessHours

# Where a center is always open, or on a day of one's own choice when it is closed: when most shops close.
USUAL_CLOSING = time(18, 0)
# A working week is offered; later days are chosen from the calendar.
DAYS_OFFERED = 5
DAYS_AHEAD = 31


@dataclass(frozen=True, slots=True)
class PromiseTime:
    """`ahead` is in days: 0 is today. The word of its choice is the day in ISO 8601."""

    day: date
    ahead: int
    due_at: datetime

    @property
    def word(self) -> str:
        return self.day.isoformat()


def times_offered(hours: BusinessHours, now: datetime) -> list[PromiseTime]:
    """The closing times of today, if that is still to come, and of the next business days."""
    today = now.astimezone(hours.zone).date()
    found: list[PromiseTime] = []
    for ahead in range(DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        closing = _closing_on(hours, day)
        if closing is not None and closing > now:
            found.append(PromiseTime(day, ahead, closing))
        if len(found) == DAYS_OFFERED:
            break
    return found


def closing_of(hours: BusinessHours, day: date) -> datetime:
    """When a promise "by this day" falls due: at closing time, at the usual one where the center is closed that day."""
    return _closing_on(hours, day) or datetime.combine(day, USUAL_CLOSING, tzinfo=hours.zone)


def _closing_on(hours: BusinessHours, day: date) -> datetime | None:
    """The end of the last span that begins on this day; None on a day off."""
    if hours.is_always_open:
        # Nobody promises for Sunday evening unless she says so.
        return None if day.weekday() > 4 else datetime.combine(day, USUAL_CLOSING, tzinfo=hours.zone)
    begins = datetime.combine(day, time.min, tzinfo=hours.zone)
    ends = datetime.combine(day + timedelta(days=1), time.min, tzinfo=hours.zone)
    closings = [closes for opens, closes in hours.spans(begins, ends) if opens.astimezone(hours.zone).date() == day]
    return closings[-1] if closings else None
