"""Chat: from a visitor's socket to the agent's open page, with fifty conversations going on; beside Redis alone.

Fifty visitors on the widget's own protocol, each with a page open at an agent's desk, against one real hub process.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from redis import asyncio as redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from benchmarks.agent_page import AgentPage, Fetcher
from benchmarks.browser import show_in_chromium
from benchmarks.door import session_of
from benchmarks.figures import Figure
from benchmarks.servers import hub_with_sockets
from benchmarks.shop import Shop, make_widget
from benchmarks.timing import ROUNDS, median_of_rounds
from tickets.models import Ticket

# Come together, so many visitors keep a server busy for as long as they would in a day.
AT_ONCE = 20
_MARK = re.compile(r"\[([0-9a-f]{12})\]")


@dataclass(frozen=True, slots=True)
class Load:
    """So many conversations, in each a message every so many seconds; `most_ms` is what p99 has to keep to."""

    conversations: int
    every_seconds: float
    most_ms: float
    seconds: float = 30
    settle_seconds: float = 4


FIFTY = Load(50, 2, 40)
# Their pages fetch all histories and lists at once in the beginning: half a minute until that is done.
MANY = Load(500, 10, 100, seconds=60, settle_seconds=30)


@dataclass
class Run:
    """What was sent when, and how long it took; `round` is where the next times belong, -1 while warming up."""

    sent: dict[str, float] = field(default_factory=dict)
    shown: list[list[float]] = field(default_factory=lambda: [[] for _ in range(ROUNDS)])
    redis: list[list[float]] = field(default_factory=lambda: [[] for _ in range(ROUNDS)])
    round: int = -1
    hub_seconds: float = 0.0

    def mark(self) -> str:
        mark = uuid.uuid4().hex[:12]
        self.sent[mark] = time.time()
        return mark

    def saw(self, html: str, at: float) -> None:
        for mark in _MARK.findall(html):
            sent_at = self.sent.pop(mark, None)
            if sent_at is not None and self.round >= 0:
                self.shown[self.round].append((at - sent_at) * 1000)


class Visitor:
    """One shop visitor's widget: says something now and then."""

    def __init__(self, port: int, widget: uuid.UUID, number: int) -> None:
        self._origin, self._widget = f"http://127.0.0.1:{port}", widget
        # Five hundred people have as many addresses, and a limit for each; uvicorn believes a proxy on this machine.
        self._from = {"X-Forwarded-For": f"198.18.{number // 250}.{number % 250 + 1}"}
        self.told = self._open_session()
        self.thread = f"widget:{widget.hex}:{uuid.UUID(self.told['conversation']).hex}"
        self.socket: ClientConnection

    def _open_session(self) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self._origin}/widget/{self._widget}/session/",
            b"{}",
            {"Origin": self._origin, **self._from},
            method="POST",
        )
        with urllib.request.urlopen(request) as answer:
            opened: dict[str, Any] = json.load(answer)
        return opened

    async def come(self) -> None:
        self.socket = await connect(
            f"{self._origin.replace('http', 'ws')}/ws/widget/{self._widget}/",
            origin=Origin(self._origin),
            additional_headers=self._from,
            compression=None,
        )
        hello = {key: self.told[key] for key in ("visitor", "secret", "conversation")}
        await self.socket.send(json.dumps({"kind": "hello", **hello, "after": 0}))

    async def say(self, mark: str) -> None:
        text = f"배송이 언제 오는지 궁금해요 [{mark}]"
        await self.socket.send(json.dumps({"kind": "send", "id": str(uuid.uuid4()), "text": text}))

    async def listen(self) -> None:
        async for raw in self.socket:
            frame = json.loads(raw)
            if frame["kind"] == "error":
                raise SystemExit(f"a message was not taken: {frame}")


def measure(shop: Shop, *, load: Load = FIFTY, with_browser: bool = True) -> Iterator[Figure]:
    """The figures of one run; with a Chromium on this machine also until its page shows the message."""
    widget = make_widget(shop)
    cookies = [f"{settings.SESSION_COOKIE_NAME}={session_of(agent)}" for agent in shop.agents]
    with hub_with_sockets() as (port, pid):
        visitors = [Visitor(port, widget.public_id, number) for number in range(load.conversations)]
        run = Run()
        browser = asyncio.run(_run(run, shop, port, pid, visitors, cookies, load, with_browser))
    page, bare = median_of_rounds(run.shown), median_of_rounds(run.redis)
    name = f"chat message until on the agent's page, {load.conversations} conversations"
    yield Figure(f"{name}, p50 / Redis publish → receive", "ms", page.p50, bare.p50)
    yield Figure(f"{name}, p99 / Redis publish → receive", "ms", page.p99, bare.p99, *_reached(page.p99, load))
    # Says, on a busy machine too, how near the one process is to what one Python process can do.
    yield Figure("the hub's own processor time meanwhile, share of one core", "%", run.hub_seconds / load.seconds * 100)
    if browser:
        seen = median_of_rounds([browser])
        yield Figure(f"the same until Chromium's DOM has it, p50 of {len(browser)}", "ms", seen.p50, bare.p50)
        yield Figure(f"the same until Chromium's DOM has it, p99 of {len(browser)}", "ms", seen.p99, bare.p99)


async def _run(
    run: Run,
    shop: Shop,
    port: int,
    pid: int,
    visitors: list[Visitor],
    cookies: list[str],
    load: Load,
    with_browser: bool,
) -> list[float]:
    turn = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(_come(visitor, turn, run.mark()) for visitor in visitors))
    tickets = await _tickets_of(shop, visitors)
    fetchers = [Fetcher(port, cookie) for cookie in cookies]
    pages = [
        AgentPage(
            fetchers[place % len(fetchers)], tickets[visitor.thread], has_list=place < len(fetchers), shown=run.saw
        )
        for place, visitor in enumerate(visitors)
    ]
    works = [asyncio.create_task(_stay(page, place, load)) for place, page in enumerate(pages)]
    works += [asyncio.create_task(visitor.listen()) for visitor in visitors]
    await _alive(works, load.settle_seconds)
    run.sent.clear()
    works += [
        asyncio.create_task(_talk(run, visitor, load.every_seconds, place / len(visitors)))
        for place, visitor in enumerate(visitors)
    ]
    works.append(asyncio.create_task(_publish(run)))
    await _alive(works, max(load.every_seconds, 4))
    hub_began = _processor_seconds(pid)
    for run.round in range(ROUNDS):
        await _alive(works, load.seconds / ROUNDS)
    run.round = -1
    run.hub_seconds = _processor_seconds(pid) - hub_began
    browser = []
    if with_browser:
        browser = await show_in_chromium(port, cookies[0], tickets[visitors[0].thread], visitors[0].say)
    for work in works:
        work.cancel()
    await asyncio.gather(*works, return_exceptions=True)
    for fetcher in fetchers:
        fetcher.close()
    return browser


def _reached(p99: float, load: Load) -> tuple[str, bool]:
    return f"p99 ≤ {load.most_ms:.0f} ms", p99 <= load.most_ms


def _processor_seconds(pid: int) -> float:
    """User and system time of the process so far; nothing where there is no /proc."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


async def _alive(works: list[asyncio.Task[None]], seconds: float) -> None:
    """Waits, unless something fails before: half a load measures nothing."""
    done, _ = await asyncio.wait(works, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for work in done:
        work.result()
        raise SystemExit("a visitor or a page was cut off")


async def _tickets_of(shop: Shop, visitors: list[Visitor]) -> dict[str, uuid.UUID]:
    threads = {visitor.thread for visitor in visitors}
    rows = Ticket.objects.filter(organization=shop.organization, thread__in=threads)
    for _ in range(200):
        found = {thread: pk async for thread, pk in rows.values_list("thread", "public_id")}
        if len(found) == len(threads):
            return found
        await asyncio.sleep(0.1)
    raise SystemExit("not every conversation has become a ticket within 20 s")


async def _come(visitor: Visitor, turn: asyncio.Semaphore, mark: str) -> None:
    async with turn:
        await visitor.come()
        await visitor.say(mark)


async def _stay(page: AgentPage, place: int, load: Load) -> None:
    """Opens the pages one after the other, as people do, within the first half of the time to settle."""
    await asyncio.sleep(load.settle_seconds / 2 * place / load.conversations)
    await page.stay()


async def _talk(run: Run, visitor: Visitor, every_seconds: float, turn: float) -> None:
    await asyncio.sleep(every_seconds * turn)
    due = time.monotonic()
    while True:
        await visitor.say(run.mark())
        due += every_seconds
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _publish(run: Run) -> None:
    """The denominator: a small message through Redis and back, under the same load, twenty times a second."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    subscriber = client.pubsub()
    await subscriber.subscribe("cxhub-bench")
    try:
        await subscriber.get_message(timeout=1)
        while True:
            await asyncio.sleep(0.05)
            began = time.perf_counter()
            await client.publish("cxhub-bench", b"hint")
            while await subscriber.get_message(ignore_subscribe_messages=True, timeout=1) is None:
                pass
            if run.round >= 0:
                run.redis[run.round].append((time.perf_counter() - began) * 1000)
    finally:
        with suppress(Exception):
            await subscriber.aclose()  # type: ignore[no-untyped-call]
            await client.aclose()
