"""Carries HTTP requests from the event loop to a fixed set of threads, whole.

Django's own ASGI handler changes thread several times in each request and starts two threads for it, and with them a
database connection. Here one thread does the whole request, as under a WSGI server. Refuses endless bodies.
"""

from __future__ import annotations

import asyncio
import contextvars
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import FileResponse
from django.urls import set_script_prefix

from cxhub.giving_way import giving_way, urgent

# What a page fetches to keep itself current says "Priority: u=6" (RFC 9218; 3 is the default, 7 the least urgent). So
# many of these run at once: threads share one interpreter, and whoever waits for an answer waits for all of them.
BACKGROUND_AT_ONCE = 1
_LEAST_URGENT = re.compile(rb"(?:^|[\s,])u=[567](?:$|[\s,;])")


class ThreadedASGIHandler(ASGIHandler):
    """Django's ASGI handler with a synchronous middleware chain on its own threads."""

    def __init__(self) -> None:
        super().__init__()
        self.threads = ThreadPoolExecutor(settings.HTTP_THREADS, thread_name_prefix="http")
        self.background = asyncio.Semaphore(BACKGROUND_AT_ONCE)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if _declared_bytes(scope) > settings.MAX_REQUEST_BYTES:
            await _refuse(send)
            return
        body = _CountedBody(receive)
        await self.handle(scope, body.receive, send)
        if body.is_too_large:
            await _refuse(send)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body_file = await self.read_body(receive)
        except RequestAborted:
            return
        with body_file:
            if _is_background(scope):
                async with self.background:
                    response = await self._in_thread(self._respond_later, scope, body_file)
            else:
                with urgent:
                    response = await self._in_thread(self._respond, scope, body_file)
            if response.streaming:
                await self._stream(response, receive, send)
            else:
                await self.send_response(response, send)

    async def _in_thread(self, work: Callable[..., Any], *given: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, contextvars.copy_context().run, work, *given)

    def _respond_later(self, scope: Any, body_file: Any) -> Any:
        with giving_way():
            return self._respond(scope, body_file)

    def _respond(self, scope: Any, body_file: Any) -> Any:
        """The whole request, in one thread. Closes the response, but for one that is still to be read."""
        set_script_prefix(get_script_prefix(scope))
        # Tidies this thread's database connections, as `close` does after it.
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body_file)
        response: Any = refusal if request is None else self.get_response(request)
        response._handler_class = self.__class__
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        elif response.streaming and not response.is_async:
            # What it reads may belong to this thread's database connection, so it is read here.
            response.streaming_content = list(response.streaming_content)
        if not response.streaming:
            response.close()
        return response

    async def _stream(self, response: Any, receive: Any, send: Any) -> None:
        """Sends piece by piece, until the client hangs up."""
        if not response.is_async:
            response.streaming_content = self._chunks(response.streaming_content)
        sending = asyncio.create_task(self.send_response(response, send))
        watching = asyncio.create_task(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait([sending, watching], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (watching, sending):
                task.cancel()
            await asyncio.gather(watching, sending, return_exceptions=True)
            await self._in_thread(response.close)
        if not sending.cancelled():
            sending.result()

    async def _chunks(self, content: Iterable[bytes]) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        chunks: Iterator[bytes] = iter(content)
        while (chunk := await loop.run_in_executor(self.threads, next, chunks, None)) is not None:
            yield chunk


class _CountedBody:
    """Passes a request's body on until it has become too large; then the client has hung up, as it were.

    Django writes a body to disk before any view sees it, however long it is.
    """

    def __init__(self, receive: Any) -> None:
        self._receive = receive
        self._bytes = 0
        self.is_too_large = False

    async def receive(self) -> Any:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes <= settings.MAX_REQUEST_BYTES:
            return message
        self.is_too_large = True
        return {"type": "http.disconnect"}


def _is_background(scope: Any) -> bool:
    return any(name == b"priority" and _LEAST_URGENT.search(value) for name, value in scope["headers"])


def _declared_bytes(scope: Any) -> int:
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0


async def _refuse(send: Any) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": "요청이 너무 큽니다. The request is too large.\n".encode()})
