"""When a center is open, and when it opens next, by a schedule as it is stored (see `accounts.business_hours`)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.business_hours import BusinessHours
from accounts.schedules import Hours

# Longer than any holidays; a center that opens on no day of these has nothing to promise.
LOOKED_AHEAD_DAYS = 60


def is_open(hours: Hours, holidays: list[str], at: datetime, zone: ZoneInfo) -> bool:
    """Says whether the instant lies in one of the spans; their ends are outside."""
    return BusinessHours.of(hours, holidays, zone).is_open(at)


def next_opening(hours: Hours, holidays: list[str], at: datetime, zone: ZoneInfo) -> datetime | None:
    """Returns the first instant after `at` at which a span begins; None where none begins within two months."""
    last = at.astimezone(zone).date() + timedelta(days=LOOKED_AHEAD_DAYS)
    spans = BusinessHours.of(hours, holidays, zone).spans(at, datetime.combine(last, time.min, tzinfo=zone))
    return next((opens.astimezone(zone) for opens, _closes in spans if opens > at), None)
