"""What starts and stops with the server: the embedded worker, when there is one."""

from __future__ import annotations

import asyncio
from typing import Any

from django.conf import settings


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve the ASGI lifespan protocol."""
    worker: Any = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            if settings.EMBEDDED_WORKER:
                from cxhub.embedded_worker import EmbeddedWorker

                worker = await asyncio.to_thread(EmbeddedWorker)
                worker.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            if worker is not None:
                await asyncio.to_thread(worker.stop)
            await send({"type": "lifespan.shutdown.complete"})
            return
