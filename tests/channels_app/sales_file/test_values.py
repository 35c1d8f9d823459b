from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_app.sales_file import values
from channels_app.sales_file.reasons import RowProblem

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,234", "1234"), ("(9,000원)", "-9000"), ("₩ 5,678", "5678"), ("₩5,678.50", "5678.50"), ("-3,000", "-3000"),
        ("−3000", "-3000"), ("△1,500", "-1500"), ("▲1500원", "-1500"), ("9,000-", "-9000"), ("１２３", "123"), ("+7", "7"),
        ("2.55", "2.55"), ("'0012", "12"), (12, "12"), (2.55, "2.55"), (-1.0, "-1"), ("0", "0"), ("1.5E3", "1500"), ("\\9,000", "9000"),
    ],
)  # fmt: skip
def test_numbers_as_tills_write_them(cell: object, number: str) -> None:
    assert values.number(cell, field="amount") == Decimal(number)


@pytest.mark.parametrize("cell", [None, "", " ", "-", "nan", "없음"])
def test_no_number(cell: object) -> None:
    assert values.number(cell, field="amount") is None


@pytest.mark.parametrize(
    "cell",
    ["abc", "1,23", "12,34,567", "1.2.3", "=1+1", float("nan"), float("inf"), "1e999", "٣", "10 20 x", 10**13, "1e99"],
)
def test_what_only_looks_like_a_number_is_refused(cell: object) -> None:
    with pytest.raises(RowProblem):
        values.number(cell, field="amount")


@pytest.mark.parametrize(
    ("cell", "clock", "local"),
    [
        ("2026/07/31", None, "2026-07-31T00:00:00"), ("2026-07-30 17:39:29", None, "2026-07-30T17:39:29"),
        ("2026.07.30", None, "2026-07-30T00:00:00"), ("2026. 7. 30.", None, "2026-07-30T00:00:00"), ("20260731", None, "2026-07-31T00:00:00"),
        ("20260731173929", None, "2026-07-31T17:39:29"), (20260731, None, "2026-07-31T00:00:00"), ("20260731.0", None, "2026-07-31T00:00:00"),
        ("2026-07-30 17:39", None, "2026-07-30T17:39:00"), ("2026-07-30T17:39:29.123", None, "2026-07-30T17:39:29"),
        ("2026년 7월 30일 오후 2:03", None, "2026-07-30T14:03:00"), ("2026-07-30 오전 12:03:04", None, "2026-07-30T00:03:04"),
        ("2026년 7월 30일 (목) 14시 3분", None, "2026-07-30T14:03:00"), ("2026-07-30(목) 14:03", None, "2026-07-30T14:03:00"),
        ("26-07-30 9:05", None, "2026-07-30T09:05:00"), ("31/12/2026 10:00", None, "2026-12-31T10:00:00"),
        ("12/31/2026 2:03 PM", None, "2026-12-31T14:03:00"), (46233, None, "2026-07-30T00:00:00"), (46233.5, None, "2026-07-30T12:00:00"),
        ("46233.25", None, "2026-07-30T06:00:00"), (date(2026, 7, 30), None, "2026-07-30T00:00:00"),
        (datetime.fromisoformat("2026-07-30T01:02:00"), None, "2026-07-30T01:02:00"), ("2026-07-30", "17:39:29", "2026-07-30T17:39:29"),
        ("2026-07-30", "1739", "2026-07-30T17:39:00"), ("2026-07-30", 91503, "2026-07-30T09:15:03"), ("2026-07-30", time(9, 15), "2026-07-30T09:15:00"),
        ("2026-07-30", 0.75, "2026-07-30T18:00:00"), ("2026-01-05T05:03:00Z", None, "2026-01-05T14:03:00"),
        ("2026-01-05T14:03:00+09:00", None, "2026-01-05T14:03:00"),
    ],
)  # fmt: skip
def test_times_as_tills_write_them(cell: object, clock: object, local: str) -> None:
    found = values.moment(cell, zone=SEOUL, clock=clock)
    assert found == datetime.fromisoformat(local).replace(tzinfo=SEOUL)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "no_time"), (None, "no_time"), ("어제", "bad_time"), ("2026-13-01", "bad_time"), ("2026-02-30", "bad_time"), ("123", "bad_time"),
        ("2026-07-30 25:00", "bad_time"), ("1026-07-30", "bad_time"), ("03/04/2026", "day_or_month_first"), (True, "bad_time"), (5.0, "bad_time"),
        ("99999999", "bad_time"), ("2026-07-30 오후 오후", "bad_time"), ("2026-07-30T10:00:00+99:99", "bad_time"),
    ],
)  # fmt: skip
def test_what_is_no_time_says_so(cell: object, code: str) -> None:
    with pytest.raises(RowProblem) as raised:
        values.moment(cell, zone=SEOUL)
    assert raised.value.code == code


def test_a_person_says_which_comes_first() -> None:
    first = values.moment("03/04/2026", zone=SEOUL, date_order="mdy")
    assert first.astimezone(SEOUL).date() == date(2026, 3, 4)
    second = values.moment("03/04/2026", zone=SEOUL, date_order="dmy")
    assert second.astimezone(SEOUL).date() == date(2026, 4, 3)


def test_an_hour_that_was_skipped_is_refused_and_one_that_came_twice_is_the_first() -> None:
    zone = ZoneInfo("America/New_York")
    with pytest.raises(RowProblem) as raised:
        values.moment("2026-03-08 02:30:00", zone=zone)
    assert raised.value.code == "no_such_time"
    assert values.moment("2026-11-01 01:30:00", zone=zone) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("010-0000-5678", "01000005678"), ("1000005678", "01000005678"), (1000005678, "01000005678"), (1000005678.0, "01000005678"),
        ("1000005678.0", "01000005678"), ("+82 10-0000-5678", "01000005678"), ("010-****-5678", "010-****-5678"), ("010-0000-0000", ""),
        ("", ""), ("-", ""), ("없음", ""), ("0", ""), ("전화주세요", ""), ("5678", ""), ("1588-1234", "15881234"), ("050719003814", "050719003814"),
    ],
)  # fmt: skip
def test_phones(cell: object, phone: str) -> None:
    assert values.phone(cell) == phone


@pytest.mark.parametrize(
    ("cell", "code"),
    [("17850.0", "17850"), (17850.0, "17850"), ("M-1001", "M-1001"), ("0", ""), ("0000", ""), ("비회원", ""), ("-", ""), ("ab***", ""), (None, "")],
)  # fmt: skip
def test_member_numbers(cell: object, code: str) -> None:
    assert values.person_code(cell) == code


def test_texts_are_nfc_on_one_line_without_control_characters() -> None:
    assert values.text("가\x00 나\n\t다 ") == "가 나 다"


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.datetimes(), st.booleans()))
def test_any_cell_gives_a_value_or_a_reason(cell: object) -> None:
    for read in (
        lambda: values.number(cell, field="amount"),
        lambda: values.moment(cell, zone=SEOUL),
        lambda: values.moment("2026-07-01", zone=SEOUL, clock=cell),
        lambda: values.phone(cell),
        lambda: values.email(cell),
        lambda: values.person_code(cell),
        lambda: values.receipt_number(cell),
    ):
        with suppress(RowProblem):
            read()
