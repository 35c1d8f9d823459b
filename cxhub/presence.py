"""Who has a page open: each socket writes down that it lives, and what is not written again runs out.

In Redis, so that it is known to every process. Lost with it, it is written again within one ping.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import Any

from redis.exceptions import RedisError

from cxhub.live import channel_prefix
from cxhub.redis_client import redis_client

logger = logging.getLogger(__name__)

# Pages ping every 25 s; one ping may be lost.
LIFE_SECONDS = 60


def note_socket(who: int, socket: str) -> None:
    """Writes down that this socket of hers lives, for LIFE_SECONDS."""
    pipeline = redis_client().pipeline(transaction=False)
    pipeline.zadd(_key(who), {socket: time.time() + LIFE_SECONDS})
    pipeline.expire(_key(who), 2 * LIFE_SECONDS)
    _execute(pipeline)


def forget_socket(who: int, socket: str) -> None:
    """The socket was closed."""
    pipeline = redis_client().pipeline(transaction=False)
    pipeline.zrem(_key(who), socket)
    _execute(pipeline)


def connected_among(people: Iterable[int]) -> set[int] | None:
    """Those of them who have a living socket; None where Redis does not say."""
    asked = list(people)
    pipeline = redis_client().pipeline(transaction=False)
    for who in asked:
        pipeline.zcount(_key(who), time.time(), "+inf")
    found = _execute(pipeline) if asked else []
    return None if found is None else {who for who, count in zip(asked, found, strict=True) if count}


def _execute(pipeline: Any) -> list[Any] | None:
    try:
        return list(pipeline.execute())
    except RedisError as error:
        logger.warning("Who is connected is not known: Redis does not answer", extra={"cause": type(error).__name__})
        return None


def _key(who: int) -> str:
    return f"{channel_prefix()}:presence:{who}"
