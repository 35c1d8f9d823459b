"""HTTP in a real installation: threads, because a request waits for the database more than it computes."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class EvenWorker(ThreadWorker):  # type: ignore[misc]
    """Leaves a new connection to the worker that has fewer.

    The kernel wakes whoever it likes, and connections are kept alive for long: two busy ones in one process, which
    computes one thing at a time, then share a core while another idles (nine times in twenty, measured for two).
    """

    def accept(self, listener: Any) -> None:
        time.sleep(min(self.nr_conns, _COUNTED) * _HEAD_START_SECONDS)
        super().accept(listener)  # finds nothing where another was faster


# What a worker needs to wake up, a few times over.
_HEAD_START_SECONDS = 0.0005
_COUNTED = 8

bind = "0.0.0.0:8000"
worker_class = EvenWorker
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# As many as DATABASE_POOL_SIZE, so that no thread waits for a connection.
threads = int(os.environ.get("WEB_THREADS", "8"))
# A page that takes longer is a mistake; long work belongs to the worker.
timeout = 60
graceful_timeout = 20
keepalive = 75
# A beating heart on a disk that is slow for a moment would look dead.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the container's own
# The proxy stands in between; TRUSTED_PROXIES decides whom the hub believes.
forwarded_allow_ips = "*"

_metrics = os.environ.get("PROMETHEUS_MULTIPROC_DIR")


def on_starting(server: Any) -> None:
    """Figures of processes that ended with the last container would be counted again."""
    if _metrics:
        shutil.rmtree(_metrics, ignore_errors=True)
        Path(_metrics).mkdir(parents=True)


def child_exit(server: Any, worker: Any) -> None:
    if _metrics:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
