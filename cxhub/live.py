"""Tells open pages that something changed: ids and sequence numbers only, never personal data.

A message is a hint. Losing one loses nothing but time: the page asks for what it missed by sequence number.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Any, cast

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection, transaction
from redis.exceptions import RedisError

from cxhub.redis_client import redis_client

logger = logging.getLogger(__name__)

# Of more messages than these only those are written that somebody has subscribed to: a batch of five hundred events
# has something to tell each of its customers' pages, and hardly any of them is open.
TOLD_UNASKED = 20


def publish(group: str, message: Mapping[str, Any]) -> None:
    """Send `message` (which needs a `type`) to every socket in `group`, at once, from any thread.

    Writes what the channel layer's `group_send` would write, over a synchronous connection: `async_to_sync`
    would open an event loop and a connection for each call. With Redis away it warns and returns.
    """
    publish_all([(group, message)])


def publish_all(messages: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Send many messages in one round trip; otherwise like `publish`.

    Each goes out with its group's name, so that a socket in many groups knows through which one it came. Where nobody
    listens at all, a long list is not read to its end.
    """
    rest = iter(messages)
    first = list(islice(rest, TOLD_UNASKED + 1))
    if not first:
        return
    layer, client, prefix = get_channel_layer(), redis_client(), f"{channel_prefix()}__group__"
    heard: set[str] | None = None
    try:
        if len(first) > TOLD_UNASKED:
            heard = {name.decode() for name in cast("list[bytes]", client.pubsub_channels(f"{prefix}*"))}
            if not heard:
                return
        pipeline = client.pipeline(transaction=False)
        for group, message in chain(first, rest):
            channel = prefix + group
            if heard is not None and channel not in heard:
                continue
            assert "type" in message, "A live message needs a type: the consumer's method is named after it."
            pipeline.publish(channel, layer.serialize({**message, "group": group}))
        if len(pipeline):
            pipeline.execute()
    except RedisError as error:
        logger.warning("Live messages were not sent: Redis does not answer", extra={"cause": type(error).__name__})


def thread_group(organization_id: int, key: str) -> str:
    """Return the group of one conversation. Hashed: a thread's key may hold what group names must not."""
    return "thread." + hashlib.blake2b(f"{organization_id}:{key}".encode(), digest_size=16).hexdigest()


def thread_mark(organization_id: int, key: str) -> str:
    """Return a word by which a page recognises its conversation in a hint.

    Keyed, unlike a group's name, which no page sees: a thread's key may hold a phone number, and those are guessed.
    """
    secret = hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"thread mark").digest()
    return hashlib.blake2b(f"{organization_id}:{key}".encode(), digest_size=12, key=secret).hexdigest()


def channel_prefix() -> str:
    """Return what stands before the names of this hub's groups in Redis."""
    return settings.REDIS_PREFIX


def publish_on_commit(messages: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Send messages when the open transaction has committed, or at once if none is open.

    All that one transaction tells goes out in one round trip, in the order of these calls. The messages are read only
    then, so they may come from a generator that asks the database what nobody needs to wait for.
    """
    for savepoints, waiting, *_ in connection.run_on_commit:
        parts = getattr(waiting, "parts", None)
        if parts is not None and savepoints == set(connection.savepoint_ids):
            parts.append(messages)
            return
    parts = [messages]

    def send() -> None:
        publish_all(chain.from_iterable(parts))

    send.parts = parts  # type: ignore[attr-defined]
    transaction.on_commit(send, robust=True)
