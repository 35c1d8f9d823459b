"""Starts what is measured, each as a process of its own, and takes it down again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
_START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def hub_over_http(*, workers: int = 2, threads: int = 4) -> Iterator[int]:
    """The hub as a real installation serves HTTP: gunicorn's threads. Yields its port."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(workers), "--threads", str(threads), "--log-level", "warning", "cxhub.wsgi:application"),
    ]
    with _running(command, port, "/healthz"):
        yield port


@contextmanager
def hub_with_sockets(*, with_worker: bool = False) -> Iterator[tuple[int, int]]:
    """The hub as one process with sockets: uvicorn; with its worker and clock inside, if asked. Yields its port and its
    process id."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "uvicorn", "cxhub.asgi:application", "--host", "127.0.0.1", "--port", str(port)),
        *("--no-access-log", "--lifespan", "on", "--log-level", "warning"),
    ]
    with _running(command, port, "/healthz", CXHUB_EMBEDDED_WORKER=str(int(with_worker))) as pid:
        yield port, pid


@contextmanager
def bare_sockets() -> Iterator[int]:
    """The Channels consumer that hints are compared with, served as the hub is. Yields its port."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "uvicorn", "benchmarks.bare_sockets:application", "--host", "127.0.0.1"),
        *("--port", str(port), "--no-access-log", "--lifespan", "off", "--log-level", "error"),
    ]
    with _running(command, port, "/"):
        yield port


@contextmanager
def bare_endpoint(database_url: str, *, workers: int = 2) -> Iterator[int]:
    """The Starlette endpoint that single events are compared with. Yields its port."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "uvicorn", "benchmarks.bare_endpoint:app", "--host", "127.0.0.1", "--port", str(port)),
        *("--no-access-log", "--workers", str(workers), "--log-level", "warning"),
    ]
    with _running(command, port, "/", BARE_DATABASE_URL=database_url):
        yield port


@contextmanager
def _running(command: list[str], port: int, path: str, **environment: str) -> Iterator[int]:
    process = subprocess.Popen(command, cwd=HERE, env={**os.environ, "CXHUB_EMBEDDED_WORKER": "0", **environment})
    try:
        _wait(f"http://127.0.0.1:{port}{path}", process)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"{process.args!r} ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=2)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{url} did not answer within {_START_SECONDS} s")
