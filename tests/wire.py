"""A line between a browser and a hub that can be cut, frozen and slowed down, and a Redis that can be restarted."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from cxhub import redis_server
from tests.hubs import Hub

Pair = tuple[asyncio.StreamWriter, asyncio.StreamWriter]


@dataclass
class Wire:
    """Listens on a port of its own and passes on to `hub`, which may be another one after a while.

    As a page finds it, it is the hub: it has its `url`. Everything may be called from the test's thread.
    """

    hub: Hub
    delay_seconds: float = 0.0  # each way
    idle_seconds: float = 0.0  # a connection on which nothing passes for so long is closed; 0: never
    _pairs: set[Pair] = field(default_factory=set)
    _connections: set[asyncio.Task[Any]] = field(default_factory=set)
    _is_cut: bool = False
    _flows: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        server = self._ask(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self._server = server
        self._flows.set()
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    def assert_alive(self) -> None:
        self.hub.assert_alive()

    def cut(self) -> None:
        """Every connection breaks, and new ones do until it is mended."""
        self._is_cut = True
        self._ask(self._break_all())

    def mend(self) -> None:
        self._is_cut = False

    def freeze(self) -> None:
        """Nothing passes any more, and nobody is told: a sleeping laptop, a network that swallows everything."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def thaw(self) -> None:
        """What was under way is lost with its connections, as a network forgets them."""
        self._ask(self._break_all())
        self._loop.call_soon_threadsafe(self._flows.set)

    def close(self) -> None:
        self._ask(self._break_all())
        self._ask(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _ask(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _break_all(self) -> None:
        for pair in list(self._pairs):
            for writer in pair:
                writer.transport.abort()

    async def _end(self) -> None:
        self._server.close()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mine = asyncio.current_task()
        assert mine is not None
        self._connections.add(mine)
        mine.add_done_callback(self._connections.discard)
        if self._is_cut:
            writer.transport.abort()
            return
        host, port = self.hub.url.removeprefix("http://").split(":")
        try:
            far_reader, far_writer = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, far_writer)
        self._pairs.add(pair)
        ways = [
            asyncio.create_task(self._pass(reader, far_writer)),
            asyncio.create_task(self._pass(far_reader, writer)),
        ]
        try:
            # Where one side ends, so does the other: after what is still under way.
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(self.delay_seconds)
        finally:
            self._pairs.discard(pair)
            for way in ways:
                way.cancel()
            for end in pair:
                end.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError):
            while True:
                async with asyncio.timeout(self.idle_seconds or None):
                    data = await reader.read(65536)
                if not data:
                    return
                await self._flows.wait()
                if self.delay_seconds:
                    asyncio.get_running_loop().call_later(self.delay_seconds, self._write, writer, data)
                else:
                    writer.write(data)
                    await writer.drain()

    @staticmethod
    def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
        if not writer.is_closing():
            writer.write(data)


class RestartableRedis:
    """A Redis of the test's own that comes back empty on the same port."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._process: subprocess.Popen[bytes]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                *(redis_server.find_server(), "--port", str(self._port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no"),
            ],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with contextlib.suppress(RedisError):
                Redis.from_url(self.url).ping()
                return
            time.sleep(0.02)
        raise AssertionError("Redis did not start")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
