"""Who is at which place right now: names in Redis that are gone when nobody refreshes them.

Knows no people and no tickets. It says what is true at this moment and nothing else: with Redis away nobody is
anywhere, and a Redis that comes back empty knows everybody again after one round of refreshing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import cast

from redis.exceptions import RedisError

from cxhub.live import channel_prefix
from cxhub.redis_client import redis_client

logger = logging.getLogger(__name__)

# KEYS: the place; ARGV: pairs of a name and for how many milliseconds it is there (0: it leaves). The clock is Redis's
# own: hubs on machines with different clocks share one place. Returns 1 where somebody came, left or had expired.
_TELL = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local changes = redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
for place = 1, #ARGV, 2 do
  if ARGV[place + 1] == '0' then
    changes = changes + redis.call('ZREM', KEYS[1], ARGV[place])
  else
    changes = changes + redis.call('ZADD', KEYS[1], now + ARGV[place + 1], ARGV[place])
  end
end
redis.call('PEXPIRE', KEYS[1], 120000)
return changes > 0 and 1 or 0
"""
_LOOK = """
local clock = redis.call('TIME')
return redis.call('ZRANGEBYSCORE', KEYS[1], clock[1] * 1000 + math.floor(clock[2] / 1000), '+inf')
"""


def tell(place: str, names: Mapping[str, float]) -> bool:
    """Says for how many seconds from now each name is at the place; 0 takes it away. One round trip.

    Returns whether that changed who is there. At most two minutes: whoever stays says so again.
    """
    words = [word for name, seconds in names.items() for word in (name, str(round(seconds * 1000)))]
    try:
        return bool(redis_client().eval(_TELL, 1, _key(place), *words))
    except RedisError as error:
        logger.warning("Nobody's presence was noted: Redis does not answer", extra={"cause": type(error).__name__})
        return False


def names_at(place: str) -> set[str]:
    """Returns who is there now; nobody where Redis does not answer."""
    try:
        found = cast("list[bytes]", redis_client().eval(_LOOK, 1, _key(place)))
    except RedisError as error:
        logger.warning("Nobody's presence is known: Redis does not answer", extra={"cause": type(error).__name__})
        return set()
    return {name.decode() for name in found}


def visited_among(places: Sequence[str]) -> set[str] | None:
    """Returns those of the places where somebody is now, in one round trip; None where Redis does not answer."""
    if not places:
        return set()
    pipeline = redis_client().pipeline(transaction=False)
    for place in places:
        pipeline.eval(_LOOK, 1, _key(place))
    try:
        found = pipeline.execute()
    except RedisError as error:
        logger.warning("Nobody's presence is known: Redis does not answer", extra={"cause": type(error).__name__})
        return None
    return {place for place, names in zip(places, found, strict=True) if names}


def _key(place: str) -> str:
    return f"{channel_prefix()}:here:{place}"
