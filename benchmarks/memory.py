"""Memory of the embedded hub, as `make run` starts it, idle with its demo: all processes, shared pages counted once."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.servers import HERE, free_port

IDLE_SECONDS = 20
_START_SECONDS = 300
_NOT_EMBEDDED = ("DATABASE_URL", "REDIS_URL", "REDIS_PREFIX", "CXHUB_EMBEDDED_WORKER", "CXHUB_DEMO", "SECRET_KEY")


def measure(*, idle_seconds: float = IDLE_SECONDS) -> list[Figure]:
    """Nothing where the kernel does not tell (PSS is Linux's)."""
    if not Path("/proc/self/smaps_rollup").exists():
        return []
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_EMBEDDED}
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="cxhub-bench-") as folder:
        hub = subprocess.Popen(
            [sys.executable, "-m", "cxhub.start"],
            cwd=HERE,
            env={**environment, "DATA_DIR": folder, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait(port, hub)
            # As after somebody has looked in: the first page loads what every page needs.
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/"):
                pass
            time.sleep(idle_seconds)
            megabytes = statistics.median(_take(hub.pid) for _ in range(3))
        finally:
            hub.terminate()
            hub.wait(30)
    name = "memory of the embedded hub, idle with the demo, PSS"
    return [Figure(name, "MB", megabytes, None, "≤ 250 MB", megabytes <= 250)]


def processes_of(pid: int) -> list[int]:
    """The process and all that descend from it."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    below = [int(child) for listed in children for child in listed.read_text().split()]
    return [pid, *(found for child in below for found in processes_of(child))]


def _take(pid: int) -> float:
    time.sleep(1)
    kilobytes = 0
    for process in processes_of(pid):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024


def _wait(port: int, hub: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if hub.poll() is not None:
            raise SystemExit(f"the embedded hub ended with {hub.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"the embedded hub did not start within {_START_SECONDS} s")
