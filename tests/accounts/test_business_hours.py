"""Business time: what lies between two instants, and when so much of it has passed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.business_hours import BusinessHours
from accounts.schedules import WEEKDAYS, normal_hours

SEOUL = ZoneInfo("Asia/Seoul")
OFFICE = BusinessHours.of(
    {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in WEEKDAYS[:5]}, ["2026-11-05"], SEOUL
)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00")


def test_the_hand_worked_examples_of_the_definitions() -> None:
    # METRICS.md: a wait over lunch, 11:59:30 to 12:00:10.
    wait = OFFICE.between(seoul("2026-11-02T11:59:30"), seoul("2026-11-02T12:00:10"))
    assert wait == timedelta(seconds=30)
    start = seoul("2026-11-02T10:00:30")
    assert OFFICE.between(start, seoul("2026-11-02T10:01:10")) == timedelta(seconds=40)
    assert OFFICE.after(start, timedelta(seconds=60)) == seoul("2026-11-02T10:01:30")


def test_due_over_lunch_night_weekend_and_holiday() -> None:
    assert OFFICE.after(seoul("2026-11-02T11:50"), timedelta(minutes=20)) == seoul("2026-11-02T13:10")
    assert OFFICE.after(seoul("2026-11-02T17:50"), timedelta(minutes=20)) == seoul("2026-11-03T09:10")
    assert OFFICE.after(seoul("2026-11-06T17:50"), timedelta(minutes=20)) == seoul("2026-11-09T09:10")
    assert OFFICE.after(seoul("2026-11-04T17:50"), timedelta(minutes=20)) == seoul("2026-11-06T09:10")


def test_due_is_the_first_instant_at_which_the_target_is_reached() -> None:
    due = OFFICE.after(seoul("2026-11-02T17:50"), timedelta(minutes=10))
    assert due == seoul("2026-11-02T18:00")
    assert OFFICE.goes_on(due) == seoul("2026-11-03T09:00")


def test_a_span_over_midnight_belongs_to_the_day_it_starts_and_so_does_a_holiday() -> None:
    night = BusinessHours.of({"mon": [["22:00", "06:00"]], "tue": [["05:00", "09:00"]]}, [], SEOUL)
    # The two overlap from 5 to 6: counted once.
    assert night.between(seoul("2026-11-02T22:00"), seoul("2026-11-03T09:00")) == timedelta(hours=11)
    closed = BusinessHours.of({"mon": [["22:00", "06:00"]], "tue": [["05:00", "09:00"]]}, ["2026-11-02"], SEOUL)
    assert closed.between(seoul("2026-11-02T12:00"), seoul("2026-11-03T12:00")) == timedelta(hours=4)


def test_without_hours_always_open_and_with_holidays_only_never() -> None:
    always = BusinessHours.of({}, ["2026-11-02"], SEOUL)
    assert always.after(seoul("2026-11-02T00:00"), timedelta(days=3)) == seoul("2026-11-05T00:00")
    mondays = [(date(2026, 1, 5) + timedelta(weeks=week)).isoformat() for week in range(400)]
    never = BusinessHours.of({"mon": [["09:00", "18:00"]]}, mondays, SEOUL)
    assert never.after(seoul("2026-11-02T00:00"), timedelta(minutes=1)) is None
    assert never.goes_on(seoul("2026-11-02T00:00")) is None


# Hours of a few minutes a week have years looked through.
patient = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

CLOCKS = st.integers(0, 24 * 12).map(lambda five: f"{five // 12:02d}:{five % 12 * 5:02d}")


@st.composite
def spans_of_a_day(draw: st.DrawFn) -> list[list[str]]:
    clocks = sorted(draw(st.lists(CLOCKS, unique=True, max_size=6)))
    spans = [[start, end] for start, end in zip(clocks[::2], clocks[1::2], strict=False)]
    if spans and draw(st.booleans()) and spans[0][0] > "00:00":
        # The last one runs over midnight.
        spans[-1][1] = draw(st.sampled_from(["00:00", "00:30", spans[0][0]]))
        spans = [span for span in spans if span[0] != span[1]]
    return spans


@st.composite
def business_hours(draw: st.DrawFn) -> BusinessHours:
    hours = {day: draw(spans_of_a_day()) for day in draw(st.sets(st.sampled_from(WEEKDAYS)))}
    holidays = draw(st.lists(st.dates(date(2026, 10, 20), date(2026, 11, 20)), max_size=5))
    # A zone with daylight saving time, whose clocks are put back on 1 November.
    zone = draw(st.sampled_from([SEOUL, ZoneInfo("America/New_York"), ZoneInfo("UTC")]))
    return BusinessHours.of(normal_hours(hours), [day.isoformat() for day in holidays], zone)


INSTANTS = st.datetimes(datetime(2026, 10, 20), datetime(2026, 11, 20), timezones=st.just(UTC))  # noqa: DTZ001
WORK = st.timedeltas(timedelta(0), timedelta(days=3))


@patient
@given(hours=business_hours(), start=INSTANTS, worked=WORK)
def test_adding_and_taking_the_difference_are_inverse(hours: BusinessHours, start: datetime, worked: timedelta) -> None:
    due = hours.after(start, worked)
    if due is not None:
        assert due >= start
        assert hours.between(start, due) == worked
        if worked:
            # The first such instant: a moment before, less has passed.
            assert hours.between(start, due - timedelta(microseconds=1)) < worked
    back = hours.after(start, -worked)
    if back is not None:
        assert hours.between(back, start) == worked


@patient
@given(hours=business_hours(), instants=st.lists(INSTANTS, min_size=3, max_size=3))
def test_differences_add_up_and_turn_round(hours: BusinessHours, instants: list[datetime]) -> None:
    first, second, third = sorted(instants)
    assert hours.between(first, second) + hours.between(second, third) == hours.between(first, third)
    assert hours.between(third, first) == -hours.between(first, third)
    assert timedelta(0) <= hours.between(first, third) <= third - first


@patient
@given(hours=business_hours(), start=INSTANTS, parts=st.lists(WORK, min_size=1, max_size=4))
def test_a_pause_in_business_time_shifts_what_is_due_by_nothing_else(
    hours: BusinessHours, start: datetime, parts: list[timedelta]
) -> None:
    """Done in parts, each going on where the one before ended, a piece of work is done at the same instant."""
    at: datetime | None = start
    for part in parts:
        at = hours.after(at, part) if at is not None else None
    at_once = hours.after(start, sum(parts, timedelta(0)))
    # How far ahead is looked is counted from where a part begins: in parts one may see further.
    assert at == at_once or at is None or at_once is None


@patient
@given(hours=business_hours(), instant=INSTANTS)
def test_the_next_opening_is_reached_without_business_time(hours: BusinessHours, instant: datetime) -> None:
    opens = hours.goes_on(instant)
    if opens is not None:
        assert hours.between(instant, opens) == timedelta(0)
        assert hours.is_open(opens)
