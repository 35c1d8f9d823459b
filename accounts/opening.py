"""When a center is open, and when it opens next. Pure: a schedule's hours and days off in, instants out.

A span belongs to the day it begins on; on a day off no span begins. No hours at all means always open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.schedules import WEEKDAYS, Hours, runs_over_midnight

# Longer than any holidays; a center that opens on no day of these has nothing to promise.
LOOKED_AHEAD_DAYS = 60


def is_open(hours: Hours, holidays: list[str], at: datetime, zone: ZoneInfo) -> bool:
    """Says whether the instant lies in one of the spans; their ends are outside."""
    if not hours:
        return True
    day = at.astimezone(zone).date()
    # Yesterday's last span may run over midnight.
    return any(
        start <= at < end
        for begun in (day - timedelta(days=1), day)
        for start, end in spans_of(hours, holidays, begun, zone)
    )


def next_opening(hours: Hours, holidays: list[str], at: datetime, zone: ZoneInfo) -> datetime | None:
    """Returns the first instant after `at` at which a span begins; None where none begins within two months."""
    day = at.astimezone(zone).date()
    for ahead in range(LOOKED_AHEAD_DAYS):
        for start, _end in spans_of(hours, holidays, day + timedelta(days=ahead), zone):
            if start > at:
                return start
    return None


def spans_of(hours: Hours, holidays: list[str], day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The spans that begin on this day, in order, as instants in the zone."""
    if day.isoformat() in holidays:
        return
    for span in hours.get(WEEKDAYS[day.weekday()], []):
        last = day + timedelta(days=1) if runs_over_midnight(span) else day
        yield _instant(day, span[0], zone), _instant(last, span[1], zone)


def _instant(day: date, clock: str, zone: ZoneInfo) -> datetime:
    if clock == "24:00":
        return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone)
