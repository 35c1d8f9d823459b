"""When a center is open and when it opens next: breaks, nights, days off."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.opening import is_open, next_opening
from accounts.schedules import WEEKDAYS, normal_hours

SEOUL = ZoneInfo("Asia/Seoul")
OFFICE = {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
# 2026-11-25 is a Wednesday.
LATER_THAT_WEEK = ["2026-11-26"]


def at(day: int, clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day:02d}T{clock}:00+09:00")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (at(25, "08:59"), False),
        (at(25, "09:00"), True),
        (at(25, "12:00"), False),
        (at(25, "12:59"), False),
        (at(25, "17:59"), True),
        (at(25, "18:00"), False),
        (at(26, "10:00"), False),
        (at(28, "10:00"), False),
    ],
)
def test_open_within_spans_and_on_no_day_off(when: datetime, expected: bool) -> None:
    assert is_open(OFFICE, LATER_THAT_WEEK, when, SEOUL) is expected


def test_no_hours_are_always() -> None:
    assert is_open({}, ["2026-11-25"], at(25, "03:00"), SEOUL)


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    night = {"wed": [["22:00", "02:00"]]}
    assert is_open(night, [], at(26, "01:59"), SEOUL)
    assert not is_open(night, [], at(26, "02:00"), SEOUL)
    assert is_open(night, ["2026-11-26"], at(26, "01:00"), SEOUL)
    assert not is_open(night, ["2026-11-25"], at(26, "01:00"), SEOUL)


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        (at(25, "08:00"), at(25, "09:00")),
        (at(25, "12:30"), at(25, "13:00")),
        (at(25, "19:00"), at(27, "09:00")),
        (at(27, "19:00"), at(30, "09:00")),
    ],
)
def test_opens_next(when: datetime, opens: datetime) -> None:
    assert next_opening(OFFICE, LATER_THAT_WEEK, when, SEOUL) == opens


def test_closed_for_good_opens_never() -> None:
    assert next_opening({"mon": [["09:00", "18:00"]]}, [], at(25, "08:00"), SEOUL) == at(30, "09:00")
    always_off = [(at(25, "00:00") + timedelta(days=n)).date().isoformat() for n in range(100)]
    assert next_opening(OFFICE, always_off, at(25, "08:00"), SEOUL) is None


minutes = st.integers(0, 24 * 60)


@given(
    st.dictionaries(st.sampled_from(WEEKDAYS), st.tuples(minutes, minutes).filter(lambda s: s[0] < s[1])),
    st.integers(0, 14 * 24 * 60),
)
def test_it_is_open_at_its_next_opening_and_not_before(spans: dict[str, tuple[int, int]], after: int) -> None:
    hours = normal_hours({day: [[f"{m // 60:02d}:{m % 60:02d}" for m in span]] for day, span in spans.items()})
    now = at(1, "00:00") + timedelta(minutes=after)
    if not hours or is_open(hours, [], now, SEOUL):
        return
    opens = next_opening(hours, [], now, SEOUL)
    assert opens is not None
    assert is_open(hours, [], opens, SEOUL)
    assert not is_open(hours, [], opens - timedelta(minutes=1), SEOUL)
