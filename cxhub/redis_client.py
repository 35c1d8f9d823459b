"""The one synchronous Redis client of a process, for publishing, rate limits and health.

Sockets have the channel layer's own asynchronous connections; jobs have Celery's.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry


@cache
def redis_client() -> Redis:
    """Return the shared client, safe for threads and forks; it connects when first used.

    One immediate retry covers a connection that died with a restarted server. More would make a request
    wait for a Redis that is away: redis-py's own default retries for seconds.
    """
    return Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=1,
        socket_timeout=2,
        retry=Retry(NoBackoff(), 1),
        retry_on_error=[RedisConnectionError],
    )
