"""Sockets that flood and sockets that never read: the hub goes on, does not grow, and loses nothing of the others."""

import json
import os
import socket
import time
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from channels_app.models.widget import WidgetSettings
from customers.models import Event
from cxhub.live import channel_prefix, thread_group
from cxhub.redis_client import redis_client
from tests.channels_app.widget.visitors import SHOP, Tab, Visitor, said_in, visitor_of
from tests.hubs import Hub


def resident_bytes(hub: Hub) -> int:
    with open(f"/proc/{hub.process.pid}/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def listeners(visitor: Visitor) -> int:
    """How many hubs listen to the visitor's conversation."""
    group = thread_group(visitor.widget.organization_id, visitor.thread)
    ((_, count),) = redis_client().pubsub_numsub(f"{channel_prefix()}__group__{group}")
    return int(count)


def flood(tab: Tab, ids: list[str]) -> None:
    """Sends a message for each id without waiting for anything, then takes in what comes back."""
    for id in ids:
        tab.say(f"홍수 {id}", id=id)
    tab.until(lambda frame: False)


def test_flood_is_closed_and_the_neighbour_served(live_hub: Hub, widget: WidgetSettings):
    flooder, neighbour = Tab(live_hub, visitor_of(live_hub, widget)), Tab(live_hub, visitor_of(live_hub, widget))
    flooder.hello()
    neighbour.hello()
    with pytest.raises(ConnectionClosed) as closed:
        flood(flooder, [str(uuid4()) for _ in range(500)])
    assert closed.value.rcvd.code == 4008
    assert closed.value.rcvd.reason
    neighbour.until_acknowledged(neighbour.say("저는 괜찮아요"))
    # What was acknowledged is there, once; the bucket's burst at most.
    stored = [text for text in said_in(widget) if text.startswith("홍수")]
    assert len(stored) == len(set(stored)) <= 45
    neighbour.close()


def test_what_a_closed_flooder_kept_can_be_sent_later(live_hub: Hub, visitor: Visitor):
    tab = Tab(live_hub, visitor).hello()
    ids = [str(uuid4()) for _ in range(200)]
    with pytest.raises(ConnectionClosed):
        flood(tab, ids)
    again = Tab(live_hub, visitor, after=tab.upto).hello()
    waiting = [id for id in ids if id not in tab.acks][-1]
    while waiting not in again.acks:
        again.say(f"홍수 {waiting}", id=waiting)
        told = again.until(lambda frame: frame["kind"] in ("ack", "error"))
        if told["kind"] == "error":
            time.sleep(min(1.5, told.get("retry_after", 1)))
    assert Event.objects.filter(event_id__endswith=waiting).count() == 1
    again.close()


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs /proc to measure the process")
def test_a_socket_that_never_reads_does_not_grow_the_hub(live_hub: Hub, visitor: Visitor):
    """She sends and fetches all the time and takes nothing of what comes back."""
    chatty = Visitor(visitor.widget, **visitor.credentials)
    for _ in range(30):
        chatty.say("가" * 4000)
    deaf = socket.create_connection((live_hub.url.split("//")[1].split(":")[0], int(live_hub.url.rsplit(":", 1)[1])))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with connect(
        f"{live_hub.socket_url}/ws/widget/{visitor.widget.public_id}/",
        sock=deaf,
        origin=SHOP,
        max_queue=1,
        compression=None,
    ) as mouth:
        mouth.send(json.dumps({"kind": "hello", **visitor.credentials, "after": 0}))
        time.sleep(0.5)
        before = resident_bytes(live_hub)
        assert listeners(visitor) == 1
        deadline = time.monotonic() + 25
        while listeners(visitor) and time.monotonic() < deadline:
            # Not faster than the flood limit: it is the reading that is missed.
            mouth.send('{"kind":"fetch","after":0}', text=True)
            time.sleep(0.15)
        assert listeners(visitor) == 0, "The hub still keeps the deaf socket in its conversation."
        assert resident_bytes(live_hub) - before < 20_000_000
        neighbour = Tab(live_hub, visitor_of(live_hub, visitor.widget)).hello()
        neighbour.until_acknowledged(neighbour.say("저는 괜찮아요"), seconds=3)
        neighbour.close()
        deaf.close()


def test_silence_instead_of_hello_is_closed(live_hub: Hub, visitor: Visitor):
    tab = Tab(live_hub, visitor)
    with pytest.raises(ConnectionClosed) as closed:
        tab.until(lambda frame: False, seconds=12)
    assert closed.value.rcvd.code == 4401
