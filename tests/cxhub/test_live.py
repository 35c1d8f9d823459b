"""`publish` reaches sockets through the channel layer, and a missing Redis is no error."""

import asyncio
import contextlib
import logging

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers
from django.db import transaction
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from cxhub import live
from cxhub.redis_client import redis_client

MESSAGE = {"type": "hub.event", "kind": "ticket.changed", "ticket": "0192", "seq": 12}


async def listen(group: str):
    layer = channel_layers.make_backend("default")
    channel = await layer.new_channel()
    await layer.group_add(group, channel)
    return layer, channel


async def test_published_message_arrives_as_if_sent_by_the_layer():
    layer, channel = await listen("desk.1.0")
    await sync_to_async(live.publish, thread_sensitive=False)("desk.1.0", MESSAGE)
    assert await asyncio.wait_for(layer.receive(channel), 3) == {**MESSAGE, "group": "desk.1.0"}
    await layer.group_send("desk.1.0", MESSAGE)
    assert await asyncio.wait_for(layer.receive(channel), 3) == MESSAGE
    await layer.flush()


async def test_other_groups_hear_nothing():
    layer, channel = await listen("desk.1.0")
    await sync_to_async(live.publish)("desk.2.0", MESSAGE)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(layer.receive(channel), 0.3)
    await layer.flush()


async def cut(layer) -> None:
    """Redis drops the connection that the layer listens on."""
    writer = layer._get_layer()._shards[0]._pubsub.connection._writer
    host, port = writer.get_extra_info("sockname")[:2]
    await sync_to_async(redis_client().client_kill)(f"{host}:{port}")


async def test_each_break_is_told_and_what_comes_after_it_is_heard():
    layer, channel = await listen("desk.1.0")
    for _time in range(3):
        await cut(layer)
        assert await asyncio.wait_for(layer.receive(channel), 5) == {"type": "hub.missed"}
        await sync_to_async(live.publish)("desk.1.0", MESSAGE)
        assert (await asyncio.wait_for(layer.receive(channel), 3))["seq"] == 12
    await layer.flush()


async def test_idle_listener_still_hears_after_seven_seconds():
    layer, channel = await listen("person.7")
    await asyncio.sleep(7)
    await sync_to_async(live.publish)("person.7", MESSAGE)
    assert (await asyncio.wait_for(layer.receive(channel), 3))["seq"] == 12
    await layer.flush()


@pytest.mark.django_db(transaction=True)
def test_message_waits_for_the_commit(redis_url: str):
    group = "ticket.ab"
    listener = Redis.from_url(redis_url).pubsub()
    listener.subscribe(f"{live.channel_prefix()}__group__{group}")
    assert listener.get_message(timeout=2)["type"] == "subscribe"
    with transaction.atomic():
        live.publish_on_commit([(group, MESSAGE)])
        assert listener.get_message(timeout=0.2) is None
    assert listener.get_message(timeout=2)["type"] == "message"
    listener.close()


@pytest.mark.django_db(transaction=True)
def test_all_that_one_transaction_tells_goes_out_together_and_in_order(monkeypatch: pytest.MonkeyPatch):
    sent: list[list[str]] = []
    monkeypatch.setattr(live, "publish_all", lambda messages: sent.append([group for group, _ in messages]))
    with transaction.atomic():
        live.publish_on_commit([("a", MESSAGE), ("b", MESSAGE)])
        with contextlib.suppress(ValueError), transaction.atomic():
            live.publish_on_commit([("undone", MESSAGE)])
            raise ValueError
        live.publish_on_commit((group, MESSAGE) for group in "cd")
        assert sent == []
    assert sent == [["a", "b", "c", "d"]]


async def test_of_many_messages_those_reach_a_page_that_it_has_asked_for():
    layer, channel = await listen("customer.7")
    await sync_to_async(live.publish_all)([(f"customer.{number}", MESSAGE) for number in range(200)])
    assert (await asyncio.wait_for(layer.receive(channel), 3))["group"] == "customer.7"
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(layer.receive(channel), 0.2)
    await layer.flush()


def test_without_redis_it_warns_and_goes_on(settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_client.cache_clear()
    try:
        with caplog.at_level(logging.WARNING, logger="cxhub.live"):
            live.publish("desk.1.0", MESSAGE)
        with pytest.raises(RedisConnectionError):
            redis_client().ping()
    finally:
        redis_client.cache_clear()
    assert "Redis does not answer" in caplog.text


def test_a_message_without_type_is_a_mistake():
    with pytest.raises(AssertionError):
        live.publish("desk.1.0", {"kind": "ticket.changed"})
