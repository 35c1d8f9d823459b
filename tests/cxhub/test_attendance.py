"""Who is at a place: as long as it is said, and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from cxhub import attendance
from cxhub.redis_client import redis_client
from tests.browser.desk import until


@pytest.fixture
def place() -> Iterator[str]:
    place = f"test.{uuid4().hex}"
    yield place
    redis_client().delete(attendance._key(place))


def test_coming_and_leaving_are_changes_and_staying_is_none(place: str) -> None:
    assert attendance.tell(place, {"a": 60}) is True
    assert attendance.tell(place, {"a": 60}) is False
    assert attendance.tell(place, {"a": 60, "b": 60}) is True
    assert attendance.names_at(place) == {"a", "b"}
    assert attendance.tell(place, {"a": 0}) is True
    assert attendance.tell(place, {"a": 0}) is False
    assert attendance.names_at(place) == {"b"}


def test_who_says_nothing_any_more_is_gone_and_the_next_to_speak_tells(place: str) -> None:
    attendance.tell(place, {"a": 0.05, "b": 60})
    until(lambda: attendance.names_at(place) == {"b"})
    assert attendance.tell(place, {"b": 60}) is True


def test_an_empty_redis_knows_everybody_again_after_one_round(place: str) -> None:
    attendance.tell(place, {"a": 60, "b": 60})
    redis_client().delete(attendance._key(place))
    assert attendance.names_at(place) == set()
    for name in ("a", "b"):
        assert attendance.tell(place, {name: 60}) is True
    assert attendance.names_at(place) == {"a", "b"}


def test_without_redis_nobody_is_anywhere_and_nothing_breaks(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object) -> None:
        raise RedisConnectionError("away")

    monkeypatch.setattr(redis_client(), "eval", away)
    assert attendance.tell(place, {"a": 60}) is False
    assert attendance.names_at(place) == set()
