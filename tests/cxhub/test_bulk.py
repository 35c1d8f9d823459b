"""Rows written in bulk are those that the ORM reads, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from customers.models import Customer, Event
from customers.models.event import Thread
from cxhub.bulk import Insert, Update
from cxhub.identifiers import uuid7
from tests.cast import make_bare_organization

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 2, 1, 30, 0, 123456, tzinfo=UTC)
CUSTOMERS = Insert(Customer, ("organization_id", "public_id", "name", "name_order", "first_seen_at", "created_at"))
EVENTS = Insert(
    Event,
    (
        *("organization_id", "public_id", "source", "event_id", "type", "time", "rank", "recorded_at"),
        *("data", "content_hash", "thread_seq", "text"),
    ),
)
RENAMED = Update(Customer, ("name", "name_order", "is_anonymous", "last_seen_at"))
THREADS = Insert(
    Thread,
    ("organization_id", "key", "last_seq"),
    then="ON CONFLICT (organization_id, key) DO UPDATE SET last_seq = customers_thread.last_seq + excluded.last_seq",
    returning=("key", "last_seq"),
)
HOSTILE = '홍길동 "\'\\ \t\n {"a": [1]} %s $1 🙂 <b>'


def test_every_kind_of_value_comes_back_as_it_was():
    organization = make_bare_organization()
    public_ids = [uuid7() for _ in range(3)]
    rows = [(organization.pk, public_id, HOSTILE, bytes(range(256)), AT, AT) for public_id in public_ids]
    keys = [pk for (pk,) in CUSTOMERS(rows)]
    stored = [Customer.objects.get(pk=pk) for pk in keys]
    assert [row.public_id for row in stored] == public_ids
    for row in stored:
        assert (row.name, bytes(row.name_order), row.first_seen_at, row.created_at) == (
            HOSTILE,
            bytes(range(256)),
            AT,
            AT,
        )
        assert (row.memo, row.is_anonymous, row.last_seen_at, row.merged_into_id, row.event_count) == (
            "",
            False,
            None,
            None,
            0,
        )


def test_json_stays_json_and_nothing_stays_nothing():
    organization = make_bare_organization()
    data = {"text": HOSTILE, "items": [{"amount": 12900, "rate": 0.1, "none": None, "yes": True}], "빈": []}
    ((pk,),) = EVENTS([(organization.pk, uuid7(), "/a", "1", "pos.sale", AT, 12, AT, data, "0" * 64, None, HOSTILE)])
    event = Event.objects.get(pk=pk)
    assert (event.data, event.text, event.thread_seq, event.time) == (data, HOSTILE, None, AT)


def test_more_rows_than_a_statement_takes_are_all_written():
    organization = make_bare_organization()
    keys = CUSTOMERS([(organization.pk, uuid7(), str(number), b"", None, AT) for number in range(6000)])
    assert len({pk for (pk,) in keys}) == Customer.objects.count() == 6000
    assert Customer.objects.get(pk=keys[4321][0]).name == "4321"


def test_what_is_there_already_is_counted_on():
    organization = make_bare_organization()
    assert THREADS([(organization.pk, "a", 2), (organization.pk, "b", 1)]) == [("a", 2), ("b", 1)]
    assert THREADS([(organization.pk, "b", 3), (organization.pk, "c", 1)]) == [("b", 4), ("c", 1)]
    assert THREADS([]) == []


def test_an_update_reaches_the_rows_it_names_and_no_other():
    organization = make_bare_organization()
    first, second, third = (
        pk for (pk,) in CUSTOMERS([(organization.pk, uuid7(), "a", b"a", None, AT) for _ in range(3)])
    )
    RENAMED([(third, HOSTILE, b"\x00\xff", True, AT), (first, "b", b"", False, None)])
    RENAMED([])
    rows = {
        row.pk: (row.name, bytes(row.name_order), row.is_anonymous, row.last_seen_at) for row in Customer.objects.all()
    }
    assert rows == {
        first: ("b", b"", False, None),
        second: ("a", b"a", False, None),
        third: (HOSTILE, b"\x00\xff", True, AT),
    }


def test_a_column_whose_default_must_be_made_has_to_be_told():
    with pytest.raises(AssertionError, match="public_id"):
        Insert(Customer, ("organization_id", "created_at"))
