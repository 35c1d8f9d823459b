"""Token buckets in Redis, shared by all processes: how often a key may act.

Knows no channel and no person: callers name the key and the limit. It guards against load and is no permission:
when Redis does not answer, everything passes, because a hub that keeps taking messages is worth more.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from redis.exceptions import NoScriptError, RedisError

from cxhub.redis_client import redis_client

logger = logging.getLogger(__name__)

# KEYS: buckets; ARGV: for each its capacity, tokens per second and cost. The clock is Redis's own, so that processes on
# machines with different clocks share one bucket. Returns the longest wait in milliseconds, 0 when all were taken.
_TAKE = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local longest = 0
local left = {}
for place, key in ipairs(KEYS) do
  local capacity = tonumber(ARGV[3 * place - 2])
  local rate = tonumber(ARGV[3 * place - 1])
  local cost = tonumber(ARGV[3 * place])
  local bucket = redis.call('HMGET', key, 'tokens', 'at')
  local tokens = tonumber(bucket[1]) or capacity
  local at = tonumber(bucket[2]) or now
  tokens = math.min(capacity, tokens + math.max(0, now - at) * rate)
  if tokens < cost then
    longest = math.max(longest, math.ceil((cost - tokens) / rate * 1000))
  end
  left[place] = tokens - cost
end
if longest > 0 then
  return longest
end
for place, key in ipairs(KEYS) do
  redis.call('HSET', key, 'tokens', tostring(left[place]), 'at', tostring(now))
  redis.call('PEXPIRE', key, math.ceil(tonumber(ARGV[3 * place - 2]) / tonumber(ARGV[3 * place - 1]) * 1000) + 1000)
end
return 0
"""
_TAKE_SHA = hashlib.sha1(_TAKE.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Bucket:
    """Holds `limit` tokens and refills in `per_seconds`. The key may be anything, also personal data: only its hash is stored."""

    key: str
    limit: int
    per_seconds: float

    @property
    def name(self) -> str:
        return "limit:" + hashlib.blake2b(self.key.encode(), digest_size=16).hexdigest()


def take(key: str, *, limit: int, per_seconds: float, cost: int = 1) -> float:
    """Takes `cost` tokens from one bucket. Returns 0 when taken, else the seconds until they would be there."""
    return take_from_each([Bucket(key, limit, per_seconds)], cost=cost)


def take_from_each(buckets: Sequence[Bucket], *, cost: int = 1) -> float:
    """Takes `cost` tokens from every bucket, or from none. One round trip.

    Returns 0 when taken, else the seconds until they would be there. A cost above a limit is an error of the programmer.
    """
    assert all(0 < cost <= bucket.limit for bucket in buckets), "A bucket never holds more than its limit."
    names = [bucket.name for bucket in buckets]
    numbers = [str(number) for bucket in buckets for number in (bucket.limit, bucket.limit / bucket.per_seconds, cost)]
    try:
        wait_ms = _run(names, numbers)
    except RedisError as error:
        logger.warning(
            "The rate limiter lets everything pass: Redis does not answer", extra={"cause": type(error).__name__}
        )
        return 0.0
    return wait_ms / 1000


def _run(names: list[str], numbers: list[str]) -> int:
    client = redis_client()
    try:
        return cast(int, client.evalsha(_TAKE_SHA, len(names), *names, *numbers))
    except NoScriptError:
        # A new Redis, or one that has been restarted: from now on it knows the script.
        return cast(int, client.eval(_TAKE, len(names), *names, *numbers))
