"""What both kinds of sockets share: guarded sending, a bucket for incoming frames, and the way to the database."""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

import msgspec
from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import close_old_connections

from cxhub.giving_way import urgent

P = ParamSpec("P")
R = TypeVar("R")

# A peer that takes no bytes for so long is gone or hostile. What it missed is in the database.
SEND_TIMEOUT_SECONDS = 10.0
CLOSE_FLOODING = 4008
CLOSE_NOT_READING = 4009


_threads = ThreadPoolExecutor(settings.SOCKET_THREADS, thread_name_prefix="socket")


def in_database(function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """Runs a query or action in one of a few threads: one slow answer must not hold up every socket.

    Channels' own way there costs three times as much, and each message of a visitor goes it three times.
    """

    async def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        work = partial(_tidily, function, *args, **kwargs)
        with urgent:
            return await asyncio.get_running_loop().run_in_executor(_threads, contextvars.copy_context().run, work)

    return asked


def _tidily(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    close_old_connections()
    try:
        return function(*args, **kwargs)
    finally:
        close_old_connections()


class FrameBucket:
    """Counts the frames of one socket, in memory: a flood must not reach Redis or the database."""

    def __init__(self, *, burst: int, per_second: float, patience: int) -> None:
        """`patience`: how many frames beyond the bucket are answered with an error before the socket is closed."""
        self.burst, self.per_second, self.patience = burst, per_second, patience
        self._tokens, self._at, self._refused = float(burst), time.monotonic(), 0

    def take(self) -> bool:
        """Returns whether the frame is within the limit."""
        now = time.monotonic()
        self._tokens = min(self.burst, self._tokens + (now - self._at) * self.per_second)
        self._at = now
        if self._tokens >= 1:
            self._tokens -= 1
            self._refused = max(0, self._refused - 1)
            return True
        self._refused += 1
        return False

    @property
    def is_flooded(self) -> bool:
        return self._refused > self.patience


class GuardedConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """A socket that never waits for its peer longer than SEND_TIMEOUT_SECONDS, in whichever task it sends."""

    is_given_up = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self._life = asyncio.current_task()
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            if not self.is_given_up:
                raise
            await self.disconnect(CLOSE_NOT_READING)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As Channels' own, without its visit to the database's thread: that costs a hint ten times the hint itself.

        Nothing of these sockets touches the database but through `in_database`, which tidies up after itself.
        """
        await getattr(self, get_handler_name(message))(message)

    async def tell(self, frame: msgspec.Struct | dict[str, Any]) -> None:
        """Sends one frame; drops the socket of a peer that does not read. Does nothing once it is given up."""
        await self.tell_encoded(msgspec.json.encode(frame))

    async def tell_encoded(self, frame: bytes) -> None:
        """As `tell`, with what is JSON already."""
        if self.is_given_up:
            return
        try:
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                await self.base_send({"type": "websocket.send", "text": frame.decode()})
        except TimeoutError:
            self._drop()
        except OSError:
            # She is gone, which is no error; `disconnect` is on its way.
            self.is_given_up = True

    async def give_up(self, code: int, reason: str) -> None:
        """Closes the socket. What the peer still sends is not read; `disconnect` follows as always."""
        if self.is_given_up:
            return
        self.is_given_up = True
        try:
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                await self.close(code=code, reason=reason)
        except TimeoutError:
            self._drop()

    def _drop(self) -> None:
        """Ends this consumer now. A close frame would wait behind the bytes that the peer does not take, and the
        server tells nobody of the disconnection before they are gone."""
        self.is_given_up = True
        assert self._life
        self._life.cancel()

    async def keeps_to_limit(self, bucket: FrameBucket) -> bool:
        """Says whether a frame that came in may be read; answers with an error, or closes, where it may not."""
        if self.is_given_up:
            return False
        if bucket.take():
            return True
        if bucket.is_flooded:
            await self.give_up(CLOSE_FLOODING, "too many frames")
        else:
            await self.tell({"kind": "error", "code": "slow_down", "detail": "Too many frames.", "retry_after": 1.0})
        return False
