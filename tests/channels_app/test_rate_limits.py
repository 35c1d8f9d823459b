"""Token buckets in the real Redis."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from channels_app import rate_limits
from channels_app.rate_limits import Bucket
from cxhub.redis_client import redis_client


def test_bucket_empties_and_tells_how_long_to_wait():
    key = uuid4().hex
    assert [rate_limits.take(key, limit=3, per_seconds=30) for _ in range(3)] == [0, 0, 0]
    wait = rate_limits.take(key, limit=3, per_seconds=30)
    assert 9 < wait <= 10
    # A refusal takes nothing: asking again does not make the wait longer.
    assert rate_limits.take(key, limit=3, per_seconds=30) <= wait


def test_bucket_refills():
    key = uuid4().hex
    assert rate_limits.take(key, limit=2, per_seconds=0.2, cost=2) == 0
    wait = rate_limits.take(key, limit=2, per_seconds=0.2)
    time.sleep(wait + 0.02)
    assert rate_limits.take(key, limit=2, per_seconds=0.2) == 0


def test_keys_do_not_share():
    one, other = uuid4().hex, uuid4().hex
    assert rate_limits.take(one, limit=1, per_seconds=60) == 0
    assert rate_limits.take(other, limit=1, per_seconds=60) == 0


def test_two_buckets_give_both_or_nothing():
    wide, narrow = Bucket(uuid4().hex, 3, 30), Bucket(uuid4().hex, 1, 60)
    assert rate_limits.take_from_each([wide, narrow]) == 0
    assert 59 < rate_limits.take_from_each([wide, narrow]) <= 60
    # The refusal has taken nothing from the wide one.
    assert rate_limits.take_from_each([wide], cost=2) == 0


def test_a_redis_that_does_not_know_the_script_learns_it(monkeypatch: pytest.MonkeyPatch):
    unheard = f"{rate_limits._TAKE}-- {uuid4()}"
    monkeypatch.setattr(rate_limits, "_TAKE", unheard)
    monkeypatch.setattr(rate_limits, "_TAKE_SHA", hashlib.sha1(unheard.encode(), usedforsecurity=False).hexdigest())
    assert [rate_limits.take(uuid4().hex, limit=1, per_seconds=60) for _ in range(2)] == [0, 0]


def test_no_token_is_taken_twice():
    key = uuid4().hex
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: rate_limits.take(key, limit=10, per_seconds=3600), range(40)))
    assert waits.count(0) == 10


def test_key_is_stored_hashed():
    rate_limits.take("phone:010-0000-1234", limit=1, per_seconds=5)
    assert not list(redis_client().scan_iter("*010-0000-1234*"))


def test_everything_passes_without_redis(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_client.cache_clear()
    try:
        assert [rate_limits.take("any", limit=1, per_seconds=60) for _ in range(2)] == [0, 0]
    finally:
        redis_client.cache_clear()


def test_cost_above_the_limit_is_a_mistake():
    with pytest.raises(AssertionError):
        rate_limits.take("any", limit=1, per_seconds=1, cost=2)
