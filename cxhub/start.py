"""`make run`: from a fresh clone to a running hub, and again in seconds.

Starts what was not given (Redis, database file, worker) and takes it down again when it ends.
Run as `python -m cxhub.start`; HOST, PORT, DATA_DIR, DATABASE_URL and REDIS_URL are respected.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

from cxhub import assets, data_folder, redis_server

BASE_DIR = Path(__file__).resolve().parent.parent


class CannotStart(Exception):
    """Something outside the hub is in the way; the message says what to do."""


def main() -> int:
    """Run the hub until it is told to stop. Returns the exit code."""
    os.chdir(BASE_DIR)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxhub.settings")
    signal.signal(signal.SIGTERM, _stop)
    try:
        with ExitStack() as started:
            _run(started)
    except KeyboardInterrupt:
        say("\n✗ Interrupted before the hub was ready. `make run` takes it up again.")
        return 130
    except (CannotStart, assets.AssetsFailed, redis_server.RedisUnavailable) as problem:
        say(f"\n✗ {problem}")
        return 1
    return 0


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the terminal is this module's screen


def step(name: str) -> None:
    say(f"→ {name}")


def _run(started: ExitStack) -> None:
    began_at = time.monotonic()
    host = os.environ.get("HOST", "127.0.0.1")
    port = _free_port(host, os.environ.get("PORT", "8000"))
    folder = Path(os.environ.get("DATA_DIR", str(BASE_DIR / "var"))).expanduser().resolve()
    os.environ["DATA_DIR"] = str(folder)
    if not started.enter_context(data_folder.only_user_of(folder)):
        raise CannotStart(
            f"A hub already runs on {folder}. For a second one: DATA_DIR=/another/folder PORT=8001 make run"
        )
    assets.build(step)
    if not (os.environ.get("REDIS_URL") or os.environ.get("REDIS_URL_FILE")):
        os.environ["REDIS_URL"] = started.enter_context(_private_redis(folder))

    import django

    django.setup()
    _migrate()
    _fill_with_demo(folder)

    from cxhub import server, welcome

    address = f"http://{_shown(host)}:{port}/"
    first_look = welcome.text(address)

    def announce() -> None:
        say(f"\n✓ cxhub: {address}  ({time.monotonic() - began_at:.1f} s)\n{first_look}")

    server.serve(host, port, when_ready=announce, when_stopping=lambda: step("Stopping"))


def _stop(*_signal: object) -> NoReturn:
    # As Ctrl-C, so that every way out passes the same doors.
    raise KeyboardInterrupt


def _free_port(host: str, wanted: str) -> int:
    if not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {wanted!r}.")
    port = int(wanted)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotStart(f"Port {port} is taken. Try another one: PORT={port + 1} make run") from error
            raise CannotStart(f"Cannot listen on {host}:{port}: {error.strerror}.") from error
    return port


def _shown(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104


@contextmanager
def _private_redis(folder: Path) -> Iterator[str]:
    redis = redis_server.start()
    address = data_folder.redis_url_file(folder)
    data_folder.write_private(address, redis.url)
    try:
        yield redis.url
    finally:
        address.unlink(missing_ok=True)
        redis.stop()


def _migrate() -> None:
    """Bring the database up to date. Asked here, done in a child: the modules it loads would stay in memory."""
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise CannotStart(f"The database does not answer: {str(error).strip()}") from error
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connection.close()
    if pending:
        step(f"Database ({len(pending)} migrations)")
        _manage("migrate", "--verbosity", "0")


def _fill_with_demo(folder: Path) -> None:
    """Fill an empty hub with the demo. A mark stays while it runs, so that an interrupted one is taken up again."""
    from accounts.models import Organization

    unfinished = folder / "demo-unfinished"
    if os.environ.get("CXHUB_DEMO", "1") == "0":
        return
    if not unfinished.exists() and Organization.objects.exists():
        return
    unfinished.touch()
    step("Demo (CXHUB_DEMO=0 starts an empty hub)")
    _manage("demo", "--if-empty")
    unfinished.unlink()


def _manage(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=BASE_DIR, check=False)
    if done.returncode:
        raise CannotStart(f"`manage.py {' '.join(arguments)}` failed; see above.")


if __name__ == "__main__":
    sys.exit(main())
