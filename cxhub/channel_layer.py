"""The channel layer, which tells every socket of this process when messages may have been lost.

Redis keeps nothing for those who are away: what was published while the layer's connection was broken reaches nobody.
The library's own layer subscribes again and says nothing of it. Here each socket gets `{"type": "hub.missed"}` then, and
asks for what it does not know, as it does after a lost connection of its own.
"""

from __future__ import annotations

from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer, RedisSingleShardConnection
from channels_redis.utils import decode_hosts
from redis.asyncio.client import PubSub

MISSED = {"type": "hub.missed"}


class TellingChannelLayer(RedisPubSubChannelLayer):  # type: ignore[misc]
    def _get_layer(self) -> RedisPubSubLoopLayer:
        layer = super()._get_layer()
        if not isinstance(layer._shards[0], _Shard):
            layer._shards = [_Shard(host, layer) for host in decode_hosts(self._kwargs["hosts"])]
        return layer


class _Shard(RedisSingleShardConnection):  # type: ignore[misc]
    def _ensure_redis(self) -> None:
        is_new = self._redis is None
        super()._ensure_redis()
        if is_new:
            self._pubsub = _Subscriptions(self)

    def tell_missed(self) -> None:
        """Puts it into every socket's queue, behind what has arrived before."""
        message = self.channel_layer.channel_layer.serialize(MISSED)
        for queue in self.channel_layer.channels.values():
            queue.put_nowait(message)


class _Subscriptions(PubSub):
    def __init__(self, shard: Any) -> None:
        super().__init__(connection_pool=shard._redis.connection_pool)
        self._shard = shard

    async def on_connect(self, connection: Any) -> None:
        """Subscribes (again); from here on nothing is lost any more.

        The library may or may not call this for the first connection. Who had subscribed before it has lost one.
        """
        had_subscribed = self.subscribed
        await super().on_connect(connection)
        if had_subscribed:
            self._shard.tell_missed()
