"""The hub dies (-9) in the middle of a conversation and comes back: nothing missing, doubled or out of order."""

import time
from uuid import uuid4

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed

from channels_app.hub.actions import reply_to_ticket
from tests.cast import Cast
from tests.channels_app.widget.visitors import Tab, Visitor, said_in
from tickets.models import Ticket


@pytest.mark.parametrize("kill_after_ms", [0, 3, 15])
def test_killed_while_messages_fly(hub_factory, visitor: Visitor, cast: Cast, kill_after_ms: int):
    hub = hub_factory()
    tab = Tab(hub, visitor).hello()
    queue = [(str(uuid4()), f"{number:02}") for number in range(12)]
    for id, text in queue[:4]:
        tab.until_acknowledged(tab.say(text, id=id))
    reply_to_ticket(Ticket.objects.get(), "네, 듣고 있어요", by=cast.agent, at=timezone.now())
    for id, text in queue[4:8]:
        tab.say(text, id=id)
    time.sleep(kill_after_ms / 1000)
    hub.kill()
    with pytest.raises((ConnectionClosed, TimeoutError)):
        tab.until(lambda frame: False, seconds=2)
    acknowledged = [text for id, text in queue if id in tab.acks]
    assert set(acknowledged) <= set(said_in(visitor.widget))

    again = Tab(hub_factory(), visitor, after=tab.upto).hello()
    for id, text in queue:
        if id not in tab.acks and text not in tab.texts + again.texts:
            again.until_acknowledged(again.say(text, id=id))
    again.send({"kind": "ping"})
    again.until_seen("11")
    fresh = Tab(again.hub, visitor).hello()
    assert tab.texts + again.texts == fresh.texts == said_in(visitor.widget)
    assert [text for text in fresh.texts if text.isdigit()] == [text for _, text in queue]
    assert fresh.texts.count("네, 듣고 있어요") == 1
    again.close()
    fresh.close()
