"""`python -m cxhub.start` as a person runs it: it comes up, says where, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Start:
    """One run of the start script. `output` grows while it runs."""

    def __init__(self, folder: Path, port: int, **environment: str) -> None:
        folder.mkdir(exist_ok=True)
        self.log = folder.parent / f"{folder.name}-{port}.log"
        # What this test run was given (Redis, database) is what `make run` must do without.
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cxhub.start"],
                cwd=settings.BASE_DIR,
                env={**kept, "DATA_DIR": str(folder), "PORT": str(port), "CXHUB_DEMO": "0", **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.url = f"http://127.0.0.1:{port}/"

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 120
        while "✓ cxhub" not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def children(self) -> list[int]:
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in found.split()]


@pytest.fixture
def start(tmp_path) -> Iterator[type]:
    runs: list[Start] = []

    def begin(name: str = "hub", port: int | None = None, **environment: str) -> Start:
        runs.append(Start(tmp_path / name, port or _free_port(), **environment))
        return runs[-1]

    yield begin
    for run in runs:
        run.process.kill()
        run.process.wait()


def _is_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_two_hubs_side_by_side_and_no_second_one_on_a_folder(start):
    first, second = start("one"), start("two")
    first.wait_until_ready()
    second.wait_until_ready()
    assert first.url in first.output
    for hub in (first, second):
        assert httpx.get(f"{hub.url}readyz").json() == {"database": "ok", "redis": "ok"}

    same_folder = start("one")
    assert same_folder.process.wait(30) == 1
    assert re.search(r"already runs on .*one.*DATA_DIR=", same_folder.output)

    same_port = start("three", port=int(first.url.split(":")[2].strip("/")))
    assert same_port.process.wait(30) == 1
    assert re.search(r"Port \d+ is taken.*PORT=\d+ make run", same_port.output)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopping_stops_everything(start, how):
    hub = start()
    hub.wait_until_ready()
    redis = hub.children()
    assert len(redis) == 1
    hub.process.send_signal(how)
    assert hub.process.wait(10) == 0
    assert "Traceback" not in hub.output
    assert _is_gone(redis[0])
    assert sorted(path.name for path in (hub.log.parent / "hub").iterdir() if "redis" in path.name) == []


def test_killed_it_leaves_no_redis_behind_and_starts_again_fast(start):
    hub = start()
    hub.wait_until_ready()
    redis = hub.children()
    hub.process.kill()
    hub.process.wait()
    assert _is_gone(redis[0])
    again = start()
    again.wait_until_ready()
    seconds = re.search(r"\((\d+\.\d) s\)", again.output)
    assert seconds is not None
    # Alone it takes two seconds; here other tests run beside it.
    assert float(seconds[1]) < 10


def test_nonsense_is_answered_in_words(start):
    hub = start(PORT="eighty")
    assert hub.process.wait(30) == 1
    assert "PORT must be a number" in hub.output
    assert "Traceback" not in hub.output


def test_a_database_that_is_away_is_named(start):
    hub = start(DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none", REDIS_URL=settings.REDIS_URL)
    assert hub.process.wait(60) == 1
    assert "The database does not answer" in hub.output
    assert "Traceback" not in hub.output
