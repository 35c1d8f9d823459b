"""Uvicorn as the hub uses it on one machine: HTTP, sockets, worker and beat in one process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uvicorn

# The largest frame a page sends is a chat message; more is a flood.
_WS_MAX_BYTES = 64 * 1024
# After this, open sockets are closed: pages come back by themselves.
_GRACE_SECONDS = 2


class _AnnouncingServer(uvicorn.Server):
    """Tells when it listens (not before, when a browser would meet a closed door) and when it was told to stop."""

    def __init__(
        self, config: uvicorn.Config, when_ready: Callable[[], None], when_stopping: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._when_ready = when_ready
        self._when_stopping = when_stopping

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._when_ready()

    async def shutdown(self, sockets: Any = None) -> None:
        self._when_stopping()
        await super().shutdown(sockets)


def serve(host: str, port: int, *, when_ready: Callable[[], None], when_stopping: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; calls `when_ready` once it listens and `when_stopping` once it was told to."""
    config = uvicorn.Config(
        "cxhub.asgi:application",
        host=host,
        port=port,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # RequestContextMiddleware decides whom to believe about the sender's address.
        proxy_headers=False,
        ws_max_size=_WS_MAX_BYTES,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    # Uvicorn raises the signal again once it has stopped as asked.
    with suppress(KeyboardInterrupt):
        _AnnouncingServer(config, when_ready, when_stopping).run()
