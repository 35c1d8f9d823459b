"""Worker and beat inside the server's process, for a hub on one machine.

The same tasks run in processes of their own in a real installation; see docker-compose.yml.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)

_STOP_SECONDS = 5.0


class EmbeddedWorker:
    """A Celery worker on threads and its clock. `start` returns at once; `stop` waits a few seconds at most."""

    def __init__(self) -> None:
        # Celery's worker loads slowly, and only this mode needs it.
        from celery.beat import EmbeddedService
        from celery.worker import WorkController

        from cxhub.celery import app

        app.finalize()
        app.loader.import_default_modules()
        self._controller: Any = WorkController(
            app=app,
            pool_cls="threads",
            concurrency=settings.CELERY_WORKER_CONCURRENCY,
            hostname="embedded@localhost",
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            send_events=False,
            loglevel=logging.WARNING,
        )
        # Named here as well: the embedded clock does not look at the settings, and would keep a file where it was started.
        self._beat: Any = EmbeddedService(app, thread=True, scheduler_cls=settings.CELERY_BEAT_SCHEDULER)
        self._thread = threading.Thread(target=self._controller.start, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._beat.start()
        logger.info("Embedded worker and beat started")

    def stop(self) -> None:
        """Let running tasks end, for some seconds; whatever is left is found again from the database."""
        self._beat.stop()
        self._controller.stop()
        self._thread.join(_STOP_SECONDS)
