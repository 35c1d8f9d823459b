"""Whether a provider is known to be away: told by whoever could not reach it, forgotten after a while or with Redis."""

from __future__ import annotations

from contextlib import suppress

from django.core.cache import cache
from redis.exceptions import RedisError

# While nothing gets through to a provider, one delivery a round asks whether it does again.
DOWN_SECONDS = 60


def note_outage(adapter: str, *, is_down: bool) -> None:
    with suppress(RedisError):
        if is_down:
            cache.set(_key(adapter), 1, timeout=DOWN_SECONDS)
        else:
            cache.delete(_key(adapter))


def is_away(adapter: str) -> bool:
    try:
        return bool(cache.get(_key(adapter)))
    except RedisError:
        return False


def _key(adapter: str) -> str:
    return f"deliveries.{adapter}.down"
