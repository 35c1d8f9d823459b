"""The compiled reader of instants reads what Django's own reads, to the microsecond; numbers are told in few ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DataError, connection

from cxhub.plain_sql import fetch

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such reader."),
]


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 26, 4, 0, tzinfo=UTC),
        datetime(2026, 11, 26, 4, 0, 0, 500_000, tzinfo=UTC),
        datetime(2026, 11, 26, 4, 0, 0, 1, tzinfo=UTC),
        datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 11, 26, 4, 0, tzinfo=timezone(timedelta(hours=9))),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back(at: datetime):
    ((found,),) = fetch("SELECT %s::timestamptz", [at])
    assert found == at
    assert found.tzinfo is UTC


def test_what_python_has_no_instant_for_is_an_error():
    with pytest.raises(DataError):
        fetch("SELECT 'infinity'::timestamptz", [])


@pytest.mark.parametrize("number", [0, 7, -7, 2**15, -(2**31), 2**31 - 1, 2**31, 2**63 - 1, -(2**63), 2**63])
def test_a_number_arrives(number: int):
    ((found, told_as, of_list),) = fetch(
        "SELECT %s, pg_typeof(%s)::text, pg_typeof(%s)::text", [number, number, [number]]
    )
    assert found == number
    size = "integer" if -(2**31) <= number < 2**31 else "bigint" if -(2**63) <= number < 2**63 else "numeric"
    assert (told_as, of_list) == (size, f"{size}[]")
