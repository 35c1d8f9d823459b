"""An agent's open page, as far as the hub can tell: one socket, and the fragments that its scripts fetch.

Follows static/js/live.js, conversation.js and inbox-list.js: same groups, same pauses between two fetches.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from math import inf
from typing import Any
from uuid import UUID

from websockets.asyncio.client import connect
from websockets.typing import Origin

PAUSE = {"messages": 0.12, "history": 10.0, "list": 3.0}
# Where a hint tells of nothing but what is said in the very conversation.
HISTORY_OF_TALK = 60.0
ROWS_AT_ONCE = 20
WHOLE_LIST_EVERY = 30.0
FEW_ROWS = 15
# Messages go first.
AFTER_HINT = {"messages": 0.0, "history": 0.6, "list": 0.25}
_LIVE_CUSTOMER = re.compile(r'data-live="(customer\.[0-9a-f]{32})"')
_LAST_SEQ = re.compile(r'data-last-seq="(\d+)"')
_THREAD = re.compile(r'data-thread="(\w+)"')
_ROW = re.compile(r'data-row="([^"]+)" data-order="([^"]+)"')
_ROWS_END = re.compile(r'data-rows-end="([^"]*)"')
_STATE = re.compile(r'id="ticket-head"[^>]* data-state="(\w+)"')


class Fetcher:
    """A browser's kept-alive connections to one hub, with one person's session."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, path: str, *, priority: str = "u=3") -> tuple[dict[str, str], str]:
        """Headers (lower case) and body. Anything but 200 ends the run."""
        request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\nHX-Request: true\r\n"
            f"Priority: {priority}\r\n\r\n"
        ).encode()
        while True:
            reader, writer = self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self.port)
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                writer.write(request)
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
                body = await reader.readexactly(int(headers["content-length"]))
                self._idle.append((reader, writer))
                if " 200 " not in head[0]:
                    raise SystemExit(f"{path} was answered with {head[0]}")
                return headers, body.decode()
            # The server has closed a connection that was idle for a while: a browser tries again, too.
            writer.close()

    def close(self) -> None:
        for _reader, writer in self._idle:
            writer.close()


class _List:
    """What a list knows of its rows: from which hints it must fetch anything, and what."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}
        self.end = ""
        self.changed: set[str] = set()
        self.perhaps: set[str] = set()
        self.asked: set[str] | None = None
        self.standings: dict[str, str] = {}
        self.is_whole_due, self.whole_at, self.is_asking = True, 0.0, False

    def concerns(self, what: dict[str, Any]) -> bool:
        ticket, standing = what.get("ticket"), what.get("standing")
        if not ticket or not standing:
            self.is_whole_due = True
            return True
        is_as_before = self.standings.get(ticket) == standing
        self.standings[ticket] = standing
        if is_as_before and ticket not in self.rows:
            if self.is_asking:
                self.perhaps.add(ticket)
            return time.monotonic() - self.whole_at > WHOLE_LIST_EVERY
        self.changed.add(ticket)
        return True

    def ask(self) -> str:
        """The query of the next fetch: of a few rows, or of the whole list."""
        now = time.monotonic()
        is_old = now - self.whole_at > WHOLE_LIST_EVERY
        is_whole = self.is_whole_due or is_old or not self.rows or len(self.changed) > ROWS_AT_ONCE
        self.asked = None if is_whole else set(self.changed)
        self.changed.clear()
        self.is_whole_due, self.is_asking = False, True
        self.whole_at = now if is_whole else self.whole_at
        return f"size={max(50, len(self.rows))}" if self.asked is None else f"only={','.join(self.asked)}"

    def missed(self) -> list[dict[str, Any]]:
        """What was told while rows were on their way, and matters now that they are here. Ends the asking."""
        self.is_asking = False
        tickets = [ticket for ticket in self.perhaps if ticket in self.rows]
        self.perhaps.clear()
        return [{"ticket": ticket, "standing": self.standings[ticket]} for ticket in tickets]

    def take(self, html: str) -> bool:
        """Whether so few rows are left that the list must be fetched as a whole."""
        coming = dict(_ROW.findall(html))
        if self.asked is None:
            end = _ROWS_END.search(html)
            self.rows, self.end = coming, end[1] if end else ""
            return False
        staying = {ticket: order for ticket, order in self.rows.items() if ticket not in self.asked}
        here = {ticket: order for ticket, order in coming.items() if not self.end or order <= self.end}
        self.rows = staying | here
        return not self.rows or (self.end != "" and len(self.rows) < FEW_ROWS)


class AgentPage:
    """One conversation, its head and its history, and with `has_list` the list beside it (screens from 1280 px on).

    `shown` is told the HTML of every fragment of messages and when it had arrived.
    """

    def __init__(self, fetcher: Fetcher, ticket: UUID, *, has_list: bool, shown: Callable[[str, float], None]) -> None:
        self._fetcher, self._ticket, self._shown = fetcher, ticket, shown
        parts = ["messages", "history", *(["list"] if has_list else [])]
        self._wanted = {part: asyncio.Event() for part in parts}
        self._began = dict.fromkeys(parts, 0.0)
        self._due = dict.fromkeys(parts, inf)
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._list = _List()
        self._last_seq, self._state, self._thread, self._customer = "0", "", "", ""
        self.fetched = 0

    async def stay(self) -> None:
        """Opens the page and keeps it current until cancelled."""
        _headers, page = await self._fetcher.get(f"/inbox/{self._ticket}/")
        seq, state, thread = _LAST_SEQ.search(page), _STATE.search(page), _THREAD.search(page)
        if seq is None or state is None or thread is None:
            raise SystemExit("the ticket's page is not as benchmarks/agent_page.py knows it")
        self._last_seq, self._state, self._thread = seq[1], state[1], thread[1]
        self._began["history"] = time.monotonic()
        await self._fetch_history()
        address = f"ws://127.0.0.1:{self._fetcher.port}/ws/desk/"
        origin = Origin(f"http://127.0.0.1:{self._fetcher.port}")
        async with (
            connect(
                address, origin=origin, additional_headers={"Cookie": self._fetcher.cookie}, compression=None
            ) as socket,
            asyncio.TaskGroup() as works,
        ):
            desk = ["desk"] if "list" in self._wanted else []
            groups = ["calls", f"ticket.{self._ticket.hex}", self._customer, *desk]
            await socket.send(json.dumps({"kind": "subscribe", "groups": groups}))
            for part in self._wanted:
                works.create_task(self._keep(part))
            async for raw in socket:
                frame = json.loads(raw)
                if frame["kind"] == "hint":
                    self._take(frame["group"], frame["what"])

    def _take(self, group: str, what: dict[str, Any]) -> None:
        """What comes during the pause after a fetch is fetched together; the earliest moment that was asked for counts."""
        part = {"ticket": "messages", "customer": "history", "desk": "list"}.get(group.partition(".")[0], "")
        if part not in self._wanted or (part == "list" and not self._list.concerns(what)):
            return
        is_talk_here = part == "history" and what.get("thread") == self._thread
        pause = HISTORY_OF_TALK if is_talk_here else PAUSE[part]
        due = max(time.monotonic() + AFTER_HINT[part], self._began[part] + pause)
        if due < self._due[part]:
            self._due[part] = due
            if part in self._timers:
                self._timers[part].cancel()
            loop = asyncio.get_running_loop()
            self._timers[part] = loop.call_later(max(0.0, due - time.monotonic()), self._wanted[part].set)

    async def _keep(self, part: str) -> None:
        fetch = {"messages": self._fetch_messages, "history": self._fetch_history, "list": self._fetch_list}[part]
        while True:
            await self._wanted[part].wait()
            self._wanted[part].clear()
            self._due[part], self._began[part] = inf, time.monotonic()
            await fetch()

    async def _fetch_messages(self) -> None:
        has_more = True
        while has_more:
            headers, html = await self._get(f"messages/?after={self._last_seq}")
            self._shown(html, time.time())
            self._last_seq = headers["x-last-seq"]
            has_more = bool(headers.get("x-has-more", ""))
        if headers["x-ticket-state"] != self._state:
            self._state = headers["x-ticket-state"]
            await self._get("head/")

    async def _fetch_history(self) -> None:
        _headers, html = await self._get("history/?channel=", priority="u=6" if self._customer else "u=3")
        found = _LIVE_CUSTOMER.search(html)
        self._customer = found[1] if found else self._customer

    async def _fetch_list(self) -> None:
        self.fetched += 1
        asked = self._list.ask()
        _headers, html = await self._fetcher.get(f"/inbox/rows/?{asked}", priority="u=6")
        if self._list.take(html):
            self._take("desk", {})
        for what in self._list.missed():
            self._take("desk", what)

    async def _get(self, path: str, *, priority: str = "u=3") -> tuple[dict[str, str], str]:
        self.fetched += 1
        return await self._fetcher.get(f"/inbox/{self._ticket}/{path}", priority=priority)
