"""HTTP in a real installation: threads, because a request waits for the database more than it computes."""

import os
import shutil
from pathlib import Path
from typing import Any

bind = "0.0.0.0:8000"
worker_class = "gthread"
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
