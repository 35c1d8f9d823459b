"""Starts a hub as people run it, as a process of its own, on the database of the running test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

_START_SECONDS = 30


@dataclass
class Hub:
    """A running hub. `url` has no slash at its end; `log` holds what it has written."""

    url: str
    process: subprocess.Popen[bytes]
    log_path: Path

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws", 1)

    @property
    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def assert_alive(self) -> None:
        assert self.process.poll() is None, f"The hub died:\n{self.log[-4000:]}"

    def stop(self) -> None:
        """End it as Ctrl-C does, and wait."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        self.log_path.unlink(missing_ok=True)

    def kill(self) -> None:
        """End it as a power cut does (-9), and wait."""
        self.process.kill()
        self.process.wait()


def start_hub(**environment: str) -> Hub:
    """Start a hub on a free port and return it once it answers; `environment` is added to its variables."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.NamedTemporaryFile(prefix="cxhub-hub-", suffix=".log", delete=False) as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "cxhub.asgi:application"),
                *("--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--lifespan", "on"),
                *("--ws-max-size", "65536", "--timeout-graceful-shutdown", "2"),
            ],
            cwd=settings.BASE_DIR,
            env={**os.environ, **same_database(), "CXHUB_EMBEDDED_WORKER": "0", **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    hub = Hub(f"http://127.0.0.1:{port}", process, Path(log.name))
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        hub.assert_alive()
        try:
            with urllib.request.urlopen(f"{hub.url}/readyz", timeout=2):
                return hub
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    hub.kill()
    raise AssertionError(f"The hub did not answer within {_START_SECONDS} s:\n{hub.log[-4000:]}")


def same_database() -> dict[str, str]:
    """The variables that lead another process to the database, Redis and sessions of this test run."""
    variables = {
        "DJANGO_SETTINGS_MODULE": "cxhub.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "REDIS_URL": settings.REDIS_URL,
        "REDIS_PREFIX": settings.REDIS_PREFIX,
    }
    wanted = connection.settings_dict
    if connection.vendor == "sqlite":
        return {**variables, "SQLITE_FILE": str(wanted["NAME"])}
    user, password = quote(wanted["USER"], safe=""), quote(wanted["PASSWORD"], safe="")
    query = f"?host={quote(wanted['HOST'], safe='')}" if wanted["HOST"].startswith("/") else ""
    host = "" if query else wanted["HOST"]
    port = f":{wanted['PORT']}" if wanted["PORT"] else ""
    return {
        **variables,
        "DATABASE_URL": f"postgresql://{user}:{password}@{host}{port}/{quote(wanted['NAME'])}{query}",
    }
