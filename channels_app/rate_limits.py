"""Token buckets in Redis, shared by all processes: how often a key may act.

Knows no channel and no person: callers name the key and the limit. It guards against load and is no permission:
when Redis does not answer, everything passes, because a hub that keeps taking messages is worth more.
"""

from __future__ import annotations

import hashlib
import logging
from typing import cast

from redis.exceptions import RedisError

from cxhub.redis_client import redis_client

logger = logging.getLogger(__name__)

# KEYS[1]: bucket; ARGV: capacity, tokens per second, cost. The clock is Redis's own, so that processes on machines
# with different clocks share one bucket. Returns the wait in milliseconds, 0 when taken.
_TAKE = """
local capacity = tonumber(ARGV[1])
local rate = tonumber(ARGV[2])
local cost = tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1]) or capacity
local at = tonumber(bucket[2]) or now
tokens = math.min(capacity, tokens + math.max(0, now - at) * rate)
local wait = 0
if tokens >= cost then
  tokens = tokens - cost
else
  wait = math.ceil((cost - tokens) / rate * 1000)
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / rate * 1000) + 1000)
return wait
"""


def take(key: str, *, limit: int, per_seconds: float, cost: int = 1) -> float:
    """Takes `cost` tokens from the bucket of `key`, which holds `limit` and refills in `per_seconds`.

    Returns 0 when taken, else the seconds until they would be there; nothing is taken then. A cost above the limit
    is an error of the programmer. The key may be anything, also personal data: only its hash is stored.
    """
    assert 0 < cost <= limit, "A bucket never holds more than its limit."
    bucket = "limit:" + hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
    try:
        wait_ms = cast(int, redis_client().eval(_TAKE, 1, bucket, str(limit), str(limit / per_seconds), str(cost)))
    except RedisError as error:
        logger.warning(
            "The rate limiter lets everything pass: Redis does not answer", extra={"cause": type(error).__name__}
        )
        return 0.0
    return wait_ms / 1000
