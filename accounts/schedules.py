"""What hours, holidays and targets of a center may look like. Pure: values in, normal values out.

Refuses with the path of what is wrong, so that a form, the config file and the API can all point at it.
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# METRICS.md: seconds to the first response where neither center nor organization says otherwise.
DEFAULT_TARGETS: dict[str, int] = {"chat": 60, "call": 20, "message": 600, "mail": 14_400}

# The channels with a target to the resolution; ANY stands for those that are not named. Without one there is none.
ANY = "any"
RESOLUTION_CHANNELS = (ANY, *DEFAULT_TARGETS, "store")

# How long an open ticket may have nobody before its center's leads are alarmed, where the center does not say.
DEFAULT_UNASSIGNED_SECONDS = 600

# A center's first schedule holds for everything before it too: history is imported from years back.
FROM_THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

LONGEST_TARGET_SECONDS = 30 * 24 * 3600
MOST_SPANS_A_DAY = 8
MOST_HOLIDAYS = 1000

_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")

Hours = dict[str, list[list[str]]]
Targets = dict[str, int]


class InvalidSchedule(Exception):
    """A part of a schedule is not usable. `path` names it (`hours.mon[0]`), the message what was expected."""

    def __init__(self, path: str, expected: str) -> None:
        self.path = path
        self.expected = expected
        super().__init__(f"{path}: {expected}")


def normal_hours(value: object, *, path: str = "hours") -> Hours:
    """Returns the spans of each weekday in order, without empty days. Raises InvalidSchedule."""
    if not isinstance(value, Mapping):
        raise InvalidSchedule(path, _('expected an object such as {"mon": [["09:00", "18:00"]]}'))
    unknown = sorted(str(day) for day in value if day not in WEEKDAYS)
    if unknown:
        raise InvalidSchedule(f"{path}.{unknown[0]}", _("expected a weekday: mon, tue, wed, thu, fri, sat or sun"))
    hours = {day: _normal_day(value[day], path=f"{path}.{day}") for day in WEEKDAYS if day in value}
    return {day: spans for day, spans in hours.items() if spans}


def _normal_day(value: object, *, path: str) -> list[list[str]]:
    if not isinstance(value, list | tuple) or len(value) > MOST_SPANS_A_DAY:
        raise InvalidSchedule(path, _('expected a list of spans such as [["09:00", "12:00"]]'))
    spans = sorted(_normal_span(span, path=f"{path}[{number}]") for number, span in enumerate(value))
    for number, (earlier, later) in enumerate(pairwise(spans), start=1):
        if earlier[1] > later[0] or runs_over_midnight(earlier):
            raise InvalidSchedule(f"{path}[{number}]", _("expected spans that do not overlap"))
    return spans


def _normal_span(value: object, *, path: str) -> list[str]:
    expected = _('expected a start and an end such as ["09:00", "18:00"]')
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise InvalidSchedule(path, expected)
    start, end = value
    if not isinstance(start, str) or not isinstance(end, str):
        raise InvalidSchedule(path, expected)
    # "9:00" is what people write.
    start, end = start.strip().zfill(5), end.strip().zfill(5)
    if not _TIME.fullmatch(start) or not _TIME.fullmatch(end) or start in (end, "24:00"):
        raise InvalidSchedule(path, expected)
    return [start, end]


def runs_over_midnight(span: list[str]) -> bool:
    """Says whether a span ends on the next day; it belongs to the day it starts."""
    return span[1] < span[0]


def normal_holidays(value: object, *, path: str = "holidays") -> list[str]:
    """Returns the days as sorted ISO dates, each once. Raises InvalidSchedule."""
    if not isinstance(value, list | tuple) or len(value) > MOST_HOLIDAYS:
        raise InvalidSchedule(path, _('expected a list of dates such as ["2026-08-15"]'))
    days: set[str] = set()
    for number, day in enumerate(value):
        try:
            days.add(day.isoformat() if isinstance(day, date) else date.fromisoformat(day).isoformat())
        except (TypeError, ValueError) as error:
            raise InvalidSchedule(f"{path}[{number}]", _('expected a date such as "2026-08-15"')) from error
    return sorted(days)


def normal_targets(
    value: object, *, path: str = "targets", channels: Collection[str] = tuple(DEFAULT_TARGETS)
) -> Targets:
    """Returns business seconds by channel, to whatever the target is for. Raises InvalidSchedule."""
    if not isinstance(value, Mapping):
        raise InvalidSchedule(path, _('expected an object such as {"chat": 60}, in seconds'))
    for channel, seconds in value.items():
        if channel not in channels:
            raise InvalidSchedule(f"{path}.{channel}", _("expected a channel: %s") % ", ".join(channels))
        normal_seconds(seconds, path=f"{path}.{channel}")
    return {channel: value[channel] for channel in channels if channel in value}


def normal_seconds(value: object, *, path: str) -> int:
    """Returns the seconds of a target. Raises InvalidSchedule."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_TARGET_SECONDS:
        raise InvalidSchedule(path, _("expected whole seconds from 1 to 2592000"))
    return value


def describe(
    *,
    hours: Hours,
    holidays: list[str],
    targets: Targets,
    next_response_targets: Targets,
    resolution_targets: Targets,
    unassigned_seconds: int,
) -> dict[str, Any]:
    """Returns what the audit trail keeps of a schedule; the names are the model's."""
    return {
        "hours": hours,
        "holidays": holidays,
        "targets": targets,
        "next_response_targets": next_response_targets,
        "resolution_targets": resolution_targets,
        "unassigned_seconds": unassigned_seconds,
    }
