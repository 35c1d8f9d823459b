"""Worker and beat inside the server's process, for a hub on one machine.

The same tasks run in processes of their own in a real installation; see docker-compose.yml.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)

# Longer than the worker's own wait for messages (2 s); what is then still running is found again from the database.
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
        controller: Any = WorkController(
            app=app,
            pool_cls="threads",
            concurrency=settings.CELERY_WORKER_CONCURRENCY,
            hostname="embedded@localhost",
            # Celery's event loop can be stopped from its own thread only, and wakes up every ten seconds for that.
            use_eventloop=False,
            # Without it, what is done is acknowledged every two seconds only: under a limit of messages that are taken but
            # not acknowledged, it would do no more than so many tasks in that time, and the clock asks for three a second.
            prefetch_multiplier=0,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            send_events=False,
            loglevel=logging.WARNING,
        )
        self._worker = threading.Thread(target=controller.start, name="worker", daemon=True)
        # Its own default would keep a file in the working directory.
        self._beat: Any = EmbeddedService(app, thread=True, scheduler_cls=settings.CELERY_BEAT_SCHEDULER)

    def start(self) -> None:
        self._worker.start()
        self._beat.start()
        logger.info("Embedded worker and beat started")

    def stop(self) -> None:
        """Let running tasks end, for some seconds."""
        from celery.worker import state

        state.should_stop = 0
        self._beat.service.stop(wait=False)
        self._beat.join(_STOP_SECONDS)
        self._worker.join(_STOP_SECONDS)
