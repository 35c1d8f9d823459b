"""Hundreds of sockets, and the hub dies (-9) under them: each comes back from its last number and misses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from tests.channels_app.widget.visitors import SHOP, Visitor, said_in
from tests.hubs import Hub

SOCKETS = 200


class Line:
    """One of a visitor's pages, as far as the hub can tell: what it has been sent, in order."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.upto = visitor, 0
        self.numbers: list[int] = []
        self.texts: list[str] = []
        self._socket: ClientConnection

    async def come(self, hub: Hub) -> None:
        address = f"{hub.socket_url}/ws/widget/{self.visitor.widget.public_id}/"
        self._socket = await connect(address, origin=Origin(SHOP), compression=None, open_timeout=60)
        await self._socket.send(json.dumps({"kind": "hello", **self.visitor.credentials, "after": self.upto}))
        await self.until(lambda frame: frame["kind"] == "ready")

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> None:
        async with asyncio.timeout(60):
            while True:
                frame = json.loads(await self._socket.recv())
                if frame["kind"] == "messages":
                    self.numbers += [item["seq"] for item in frame["items"]]
                    self.texts += [item["text"] for item in frame["items"]]
                    self.upto = frame["upto"]
                if wanted(frame):
                    return

    async def until_seen(self, text: str) -> None:
        if text not in self.texts:
            await self.until(lambda frame: text in self.texts)

    async def go(self) -> None:
        await self._socket.close()


def test_two_hundred_sockets_outlive_a_killed_hub(hub_factory: Callable[..., Hub], visitor: Visitor):
    lines = [Line(visitor) for _ in range(SOCKETS)]

    async def all_of(what: Callable[[Line], Any]) -> None:
        await asyncio.gather(*(what(line) for line in lines))

    first = hub_factory()
    with asyncio.Runner() as runner:
        runner.run(all_of(lambda line: line.come(first)))
        visitor.say("하나")
        visitor.say("둘")
        runner.run(all_of(lambda line: line.until_seen("둘")))
        first.kill()
        visitor.say("셋")
        second = hub_factory()
        runner.run(all_of(lambda line: line.come(second)))
        visitor.say("넷")
        runner.run(all_of(lambda line: line.until_seen("넷")))
        fresh = Line(visitor)
        runner.run(fresh.come(second))
        assert fresh.texts == said_in(visitor.widget) == ["하나", "둘", "셋", "넷"]
        assert {tuple(line.numbers) for line in lines} == {tuple(fresh.numbers)}
        assert {tuple(line.texts) for line in lines} == {tuple(fresh.texts)}
        runner.run(all_of(lambda line: line.go()))
        runner.run(fresh.go())
