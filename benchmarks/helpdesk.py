"""The ticket list of django-helpdesk beside the hub's, with the same tickets on the same PostgreSQL server.

django-helpdesk is no dependency of the hub: it is installed into a temporary environment that goes with the run. Where
that cannot be done (no network), the figure is left out, and said why.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from benchmarks import database
from benchmarks.backlog import make_backlog
from benchmarks.door import Door
from benchmarks.figures import Figure
from benchmarks.timing import ROUNDS, in_turns

NAME = f"{database.NAME}_helpdesk"
# The hub's own Django, so that the two differ in nothing below them.
WANTED = ("django-helpdesk>=2,<3", "Django>=5.2,<5.3", "psycopg[binary]>=3.2,<4")
TIMES = 5
_SIDE = Path(__file__).with_name("helpdesk_side.py")
_INSTALL_SECONDS = 300


class NotInstalled(Exception):
    """The other system could not be installed; the message says why."""


def measure(connection: psycopg.Connection[Any], address: str, *, tickets: int, times: int = TIMES) -> Iterator[Figure]:
    """How long each takes for its list as its page fetches it, in turns; the ratio is the other's to ours."""
    shop, _agent = make_backlog(connection, tickets=tickets)
    door = Door(shop.owner)
    with tempfile.TemporaryDirectory(prefix="cxhub-bench-helpdesk-") as folder:
        python = install(Path(folder))
        with _other(python, address) as ask:
            other, ours = in_turns([range(times)] * ROUNDS, ask, lambda _turn: door.get("/inbox/"))
    name = f"ticket list of django-helpdesk, {tickets:,} open tickets"
    for told, value, denominator in (("p50", other.p50, ours.p50), ("p99", other.p99, ours.p99)):
        reached = value / denominator >= 5
        yield Figure(f"{name}, {told} / the hub's", "ms", value, denominator, "≥ 5 ×", reached)


def install(folder: Path, *, wanted: tuple[str, ...] = WANTED) -> Path:
    """Makes the environment and returns its interpreter. Raises `NotInstalled`."""
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", *wanted]
    for command in ([sys.executable, "-m", "venv", str(folder)], pip):
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS)
        except subprocess.CalledProcessError as problem:
            reason = (problem.stderr or problem.stdout).strip().splitlines()[-1:]
            raise NotInstalled(f"django-helpdesk could not be installed: {' '.join(reason)}") from problem
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise NotInstalled(f"django-helpdesk could not be installed: {problem}") from problem
    return python


@contextmanager
def _other(python: Path, address: str) -> Iterator[Any]:
    """The other system as a process; what is yielded asks it for its list once and returns when it has answered."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    addresses = {"HUB_DATABASE_URL": address, "HELPDESK_DATABASE_URL": database.address_of(address, NAME)}
    # Nothing of the hub's: not its settings, and not this folder, where a module bears the other's name.
    kept = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "PYTHONPATH")}
    process = subprocess.Popen(
        [str(python), "-P", str(_SIDE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**kept, **addresses},
    )
    assert process.stdin
    try:
        _expect(process.stdout, "ready")
        yield lambda _turn: _ask(process.stdin, process.stdout)
    finally:
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        database.drop(address, NAME)


def _ask(writing: IO[str] | None, reading: IO[str] | None) -> None:
    assert writing
    writing.write("\n")
    writing.flush()
    _expect(reading, "25")


def _expect(reading: IO[str] | None, word: str) -> None:
    assert reading
    said = reading.readline().strip()
    if said != word:
        raise SystemExit(f"django-helpdesk's side said {said!r} in place of {word!r}")
