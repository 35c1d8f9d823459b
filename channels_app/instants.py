"""Instants as events write them: RFC 3339 with an offset, and nothing that only looks like it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from channels_app.problems import Problem, Refused, shorten

MAX_AHEAD = timedelta(minutes=5)  # what senders' clocks may be wrong by
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,20})?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)


def read_instant(value: object, name: str) -> datetime:
    """Returns the instant in UTC, to the microsecond. Raises `Refused` naming `name` where it is none."""
    match = _RFC_3339.fullmatch(value) if isinstance(value, str) else None
    if match is None or not isinstance(value, str):
        raise Refused(Problem("invalid-field", name, "time", received=shorten(value)))
    if match[1] is None:
        raise Refused(Problem("time-without-offset", name, "time_with_offset", received=shorten(value)))
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:  # 2026-02-30, 25:00, or year 1 east of Greenwich
        raise Refused(Problem("invalid-field", name, "time", received=shorten(value))) from error


def event_time(value: object, *, now: datetime) -> datetime:
    """An event's `time`: an instant between 1970 and 5 minutes after `now`."""
    at = read_instant(value, "time")
    if at > now + MAX_AHEAD:
        raise Refused(Problem("time-in-the-future", "time", "time", received=shorten(value)))
    if at < EARLIEST:
        raise Refused(Problem("time-too-old", "time", "time", received=shorten(value)))
    return at


def check_day_or_instant(value: str, name: str) -> None:
    """Raises `Refused` unless the value is a day (`2026-11-25`) or an instant."""
    if len(value) != len("2026-11-25"):
        read_instant(value, name)
        return
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise Refused(Problem("invalid-field", name, "day_or_time", received=shorten(value))) from error
