"""A message to many open pages: from its announcement to the hint's arrival at each, beside a bare group send.

The pages are sockets on the hub's one process, subscribed as a conversation's page with its list is. Both sides are
told from this process, in turns, by the channel layer's own format.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from benchmarks.bare_sockets import GROUP
from benchmarks.door import session_of
from benchmarks.figures import Figure
from benchmarks.servers import bare_sockets, hub_with_sockets
from benchmarks.shop import Shop, make_conversation
from benchmarks.timing import ROUNDS, Timed, median_of_rounds
from cxhub.live import publish

SOCKETS = (1, 50, 500)
MESSAGES = 60
# Opened at once: each asks the database who is there.
AT_ONCE = 20
BREATH_SECONDS = 0.1
LONGEST_SECONDS = 10.0


@dataclass
class Side:
    """The sockets of one side, and what they have seen of the message that is on its way."""

    mark: str = ""
    began: float = 0.0
    times: list[float] = field(default_factory=list)
    missing: int = 0
    all_here: asyncio.Event = field(default_factory=asyncio.Event)

    def expect(self, sockets: int) -> str:
        self.mark, self.times, self.missing = uuid.uuid4().hex, [], sockets
        self.all_here.clear()
        self.began = time.perf_counter()
        return self.mark

    def saw(self, raw: str) -> None:
        if self.mark and self.mark in raw:
            self.times.append((time.perf_counter() - self.began) * 1000)
            self.missing -= 1
            if not self.missing:
                self.all_here.set()

    async def wait(self) -> list[float]:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await self.all_here.wait()
        except TimeoutError:
            raise SystemExit(f"{self.missing} sockets were not told within {LONGEST_SECONDS:.0f} s") from None
        return self.times


def measure(shop: Shop, *, messages: int = MESSAGES, sockets: tuple[int, ...] = SOCKETS) -> Iterator[Figure]:
    """The figures for each number of sockets; `messages` in each of the rounds."""
    ticket = make_conversation(shop, "fanout")
    cookies = [f"{settings.SESSION_COOKIE_NAME}={session_of(agent)}" for agent in shop.agents]
    with hub_with_sockets() as (hub_port, _pid), bare_sockets() as bare_port:
        for count in sockets:
            hub, bare = asyncio.run(_run(hub_port, bare_port, ticket, cookies, count, messages))
            name = f"message to {count} open agent pages"
            ratio = hub.p99 / bare.p99
            yield Figure(f"{name}, p50 / bare group send", "ms", hub.p50, bare.p50)
            yield Figure(f"{name}, p99 / bare group send", "ms", hub.p99, bare.p99, "≤ 1.5 ×", ratio <= 1.5)


async def _run(
    hub_port: int, bare_port: int, ticket: uuid.UUID, cookies: list[str], count: int, messages: int
) -> tuple[Timed, Timed]:
    hub, bare = Side(), Side()
    hub_rounds: list[list[float]] = []
    bare_rounds: list[list[float]] = []
    layer = get_channel_layer()

    async def to_hub() -> list[float]:
        seq = hub.expect(count)
        told = {"type": "hub.event", "kind": "ticket.changed", "ticket": str(ticket), "seq": seq, "standing": "0"}
        await asyncio.to_thread(publish, f"ticket.{ticket.hex}", told)
        return await hub.wait()

    async def to_bare() -> list[float]:
        mark = bare.expect(count)
        text = json.dumps({"kind": "hint", "ticket": str(ticket), "seq": mark, "standing": "0"})
        await layer.group_send(GROUP, {"type": "bench.message", "text": text})
        return await bare.wait()

    async with AsyncExitStack() as opened:
        await opened.enter_async_context(_sockets(count, lambda number: _page(hub_port, ticket, cookies, number), hub))
        await opened.enter_async_context(_sockets(count, lambda _number: _bare(bare_port), bare))
        await to_hub()
        await to_bare()
        for _round in range(ROUNDS):
            hub_rounds.append([])
            bare_rounds.append([])
            for _message in range(messages):
                hub_rounds[-1] += await to_hub()
                await asyncio.sleep(BREATH_SECONDS)
                bare_rounds[-1] += await to_bare()
                await asyncio.sleep(BREATH_SECONDS)
    await layer.flush()
    return median_of_rounds(hub_rounds), median_of_rounds(bare_rounds)


@asynccontextmanager
async def _sockets(count: int, opening: Callable[[int], Any], side: Side) -> AsyncIterator[None]:
    """So many open sockets, each listened to."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def open_one(number: int) -> ClientConnection:
        async with turn:
            opened: ClientConnection = await opening(number)
            return opened

    async def listen(socket: ClientConnection) -> None:
        async for raw in socket:
            side.saw(str(raw))

    sockets = await asyncio.gather(*(open_one(number) for number in range(count)))
    works = [asyncio.create_task(listen(socket)) for socket in sockets]
    try:
        yield
    finally:
        await asyncio.gather(*(socket.close() for socket in sockets), return_exceptions=True)
        await asyncio.gather(*works, return_exceptions=True)


async def _page(port: int, ticket: uuid.UUID, cookies: list[str], number: int) -> ClientConnection:
    """A socket that follows what a conversation's page with a list beside it follows."""
    cookie = cookies[number % len(cookies)]
    socket = await connect(
        f"ws://127.0.0.1:{port}/ws/desk/",
        origin=Origin(f"http://127.0.0.1:{port}"),
        additional_headers={"Cookie": cookie},
        compression=None,
        open_timeout=60,
        ping_interval=None,
    )
    await socket.send(json.dumps({"kind": "subscribe", "groups": ["calls", "desk", f"ticket.{ticket.hex}"]}))
    async for raw in socket:
        frame = json.loads(raw)
        if frame["kind"] == "subscribed":
            if f"ticket.{ticket.hex}" not in frame["groups"]:
                raise SystemExit(f"a page may not follow its ticket: {frame}")
            return socket
    raise SystemExit("a page was cut off")


async def _bare(port: int) -> ClientConnection:
    return await connect(f"ws://127.0.0.1:{port}/", compression=None, open_timeout=60, ping_interval=None)
