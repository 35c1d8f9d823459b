"""Carries HTTP requests from the event loop to a fixed set of threads, whole.

Django's own ASGI handler changes thread several times in each request and opens a thread, and with it a database
connection, for it. Here one thread does the whole request, as under a WSGI server. Refuses endless bodies.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import FileResponse, HttpRequest


class ThreadedASGIHandler(ASGIHandler):
    """Django's ASGI handler with a synchronous middleware chain on its own threads."""

    def __init__(self) -> None:
        super().__init__()
        self.threads = ThreadPoolExecutor(settings.HTTP_THREADS, thread_name_prefix="http")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if _declared_bytes(scope) > settings.MAX_REQUEST_BYTES:
            await _refuse(send)
            return
        body = _CountedBody(receive)
        await super().__call__(scope, body.receive, send)
        if body.is_too_large:
            await _refuse(send)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> Any:
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        response = await loop.run_in_executor(self.threads, context.run, self._respond, request)
        if response.streaming and not response.is_async:
            response.streaming_content = self._chunks(response.streaming_content)
        return response

    def _respond(self, request: HttpRequest) -> Any:
        # The request's signals fire in another thread, so they cannot tidy this one's connections.
        close_old_connections()
        try:
            response: Any = self.get_response(request)
            if response.streaming and not response.is_async and not isinstance(response, FileResponse):
                # What it reads may belong to this thread's database connection, so it is read here.
                response.streaming_content = list(response.streaming_content)
            return response
        finally:
            close_old_connections()

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


def _declared_bytes(scope: Any) -> int:
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0


async def _refuse(send: Any) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": "요청이 너무 큽니다. The request is too large.\n".encode()})
