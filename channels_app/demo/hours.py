"""When the invented shop is open: Seoul time, center hours, shop hours, public holidays. Pure arithmetic."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from channels_app.demo.organization import Week

SEOUL = ZoneInfo("Asia/Seoul")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY_NAMES = ("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일")

STORE_OPENS, STORE_CLOSES = time(10, 30), time(21, 0)

# Public holidays with their substitutes. The lunar ones follow no short rule, so they are a list; a year that is not
# in it simply has none.
_HOLIDAYS = """
2025-01-01 2025-01-28 2025-01-29 2025-01-30 2025-03-01 2025-03-03 2025-05-05 2025-05-06 2025-06-06 2025-08-15
2025-10-03 2025-10-05 2025-10-06 2025-10-07 2025-10-08 2025-10-09 2025-12-25
2026-01-01 2026-02-16 2026-02-17 2026-02-18 2026-03-01 2026-03-02 2026-05-05 2026-05-24 2026-05-25 2026-06-06
2026-08-15 2026-08-17 2026-09-24 2026-09-25 2026-09-26 2026-10-03 2026-10-05 2026-10-09 2026-12-25
2027-01-01 2027-02-06 2027-02-07 2027-02-08 2027-02-09 2027-03-01 2027-05-05 2027-05-13 2027-06-06 2027-08-15
2027-08-16 2027-09-14 2027-09-15 2027-09-16 2027-10-03 2027-10-04 2027-10-09 2027-10-11 2027-12-25 2027-12-27
2028-01-01 2028-01-26 2028-01-27 2028-01-28 2028-03-01 2028-05-02 2028-05-05 2028-06-06 2028-08-15 2028-10-02
2028-10-03 2028-10-04 2028-10-05 2028-10-09 2028-12-25
"""
HOLIDAYS = frozenset(date.fromisoformat(day) for day in _HOLIDAYS.split())


def at_clock(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SEOUL)


def spans_on(hours: Week, day: date) -> list[tuple[datetime, datetime]]:
    """The spans in which a center with these hours answers on that day; none on a holiday."""
    if day in HOLIDAYS:
        return []
    return [
        (at_clock(day, time.fromisoformat(opens)), at_clock(day, time.fromisoformat(closes)))
        for opens, closes in hours.get(DAYS[day.weekday()], [])
    ]


def is_open(hours: Week, moment: datetime) -> bool:
    return any(opens <= moment < closes for opens, closes in spans_on(hours, moment.astimezone(SEOUL).date()))


def next_open(hours: Week, moment: datetime) -> datetime:
    """The moment itself if the center is open then, else when it next opens."""
    day = moment.astimezone(SEOUL).date()
    for ahead in range(30):
        for opens, closes in spans_on(hours, day + timedelta(days=ahead)):
            if moment < closes:
                return max(opens, moment)
    raise ValueError("These hours never open.")


def last_open(hours: Week, moment: datetime) -> datetime:
    """The moment itself if the center is open then, else one minute before it last closed."""
    day = moment.astimezone(SEOUL).date()
    for ago in range(30):
        for opens, closes in reversed(spans_on(hours, day - timedelta(days=ago))):
            if moment >= opens:
                return moment if moment < closes else closes - timedelta(minutes=1)
    raise ValueError("These hours never open.")


def store_is_open(moment: datetime) -> bool:
    return STORE_OPENS <= moment.astimezone(SEOUL).time() < STORE_CLOSES


def last_store_moment(moment: datetime) -> datetime:
    """The moment itself if shops are open then, else shortly before they last closed."""
    local = moment.astimezone(SEOUL)
    if local.time() < STORE_OPENS:
        return at_clock(local.date() - timedelta(days=1), STORE_CLOSES) - timedelta(minutes=12)
    return min(local, at_clock(local.date(), STORE_CLOSES) - timedelta(minutes=12))


def next_working_day(hours: Week, after: date, days: int) -> date:
    """The first day at least `days` after on which the center is open: when a promise can fall due."""
    day = after + timedelta(days=days)
    while not spans_on(hours, day):
        day += timedelta(days=1)
    return day


def next_wednesday(after: date) -> date:
    """The Wednesday that comes at least two days later."""
    return after + timedelta(days=2 + (2 - (after.weekday() + 2)) % 7)
