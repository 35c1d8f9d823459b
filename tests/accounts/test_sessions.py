"""A session is read in one statement, and only while it lasts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    session = SessionStore()
    session["counter_store"] = "강남"
    session.create()
    assert session.session_key
    return session.session_key


def test_what_was_kept_comes_back(key: str, django_assert_num_queries: DjangoAssertNumQueries):
    with django_assert_num_queries(1):
        session = SessionStore(key)
        assert session["counter_store"] == "강남"
    session["counter_store"] = "해운대"
    session.save()
    assert SessionStore(key)["counter_store"] == "해운대"


def test_a_session_that_is_over_holds_nothing_and_its_key_is_not_used_again(key: str):
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    session = SessionStore(key)
    assert session.get("counter_store") is None
    assert session.session_key is None


def test_logging_out_ends_it_at_once(key: str):
    SessionStore(key).flush()
    assert SessionStore(key).get("counter_store") is None


@pytest.mark.parametrize("stranger", ["", "short", "nobody-has-this-key", "with\x00nul-in-it"])
def test_a_key_that_is_none_opens_nothing(key: str, stranger: str):
    session = SessionStore(stranger)
    assert session.get("counter_store") is None
    assert session.session_key is None
