"""Carries HTTP requests from the event loop to a fixed set of threads, whole.

Django's own ASGI handler changes thread several times in each request and opens a thread and, without a pool,
a database connection for it. Here one thread does the whole request, as under a WSGI server.
"""

from __future__ import annotations

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase


class ThreadedASGIHandler(ASGIHandler):
    """Django's ASGI handler with a synchronous middleware chain on its own threads."""

    def __init__(self) -> None:
        super().__init__()
        self.threads = ThreadPoolExecutor(settings.HTTP_THREADS, thread_name_prefix="http")

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, context.run, self._respond, request)

    def _respond(self, request: HttpRequest) -> Any:
        # The request's signals fire in another thread, so they cannot tidy this one's connections.
        close_old_connections()
        try:
            return self.get_response(request)
        finally:
            close_old_connections()
