"""`make bench`: builds a shop's data on PostgreSQL and measures the hub on it, each figure beside its denominator.

See docs/benchmarks.md for what each figure is.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import database

if TYPE_CHECKING:
    import psycopg

    from benchmarks.figures import Figure

DEFAULT, FULL, SMALL = (50_000, 300_000), (500_000, 3_000_000), (5_000, 30_000)
NAMES = (
    "batches",
    "single",
    "lookup",
    "page",
    "chat",
    "chat500",
    "fanout",
    "search",
    "inbox",
    "helpdesk",
    "voc",
    "kpi",
    "memory",
)
NEEDS_DATA = {"lookup", "page", "chat", "chat500", "fanout"}


def main() -> int:
    asked = _arguments()
    began = time.monotonic()
    folder = Path(os.environ.get("DATA_DIR", Path(__file__).resolve().parent.parent / "var")).expanduser()
    with ExitStack() as started:
        try:
            address = database.make(database.find_server(), keep=asked.keep)
        except database.NoServer as problem:
            say(str(problem))
            return 1
        os.environ["DATABASE_URL"] = address
        os.environ["DATA_DIR"] = started.enter_context(tempfile.TemporaryDirectory(prefix="cxhub-bench-"))
        os.environ["DJANGO_SETTINGS_MODULE"] = "cxhub.settings"
        started.enter_context(_redis())
        problems: list[str] = []
        figures = list(_measured(asked, address, started, problems))
    from benchmarks import figures as printing
    from benchmarks import report

    size = dict(zip(("customers", "events"), FULL if asked.full else DEFAULT, strict=True))
    path = report.write(figures, folder, at=datetime.now().astimezone(), told=size)
    say(
        f"\n{printing.table(figures)}\n\n{time.monotonic() - began:.0f} s; load at the end {os.getloadavg()[0]:.1f}; {path}"
    )
    for told in problems:
        say(f"not measured: {told}")
    return 1 if problems else 0


def say(line: str) -> None:
    print(line, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true", help="500,000 customers and 3,000,000 events")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--keep", action="store_true", help="use the database of the last run as it is")
    parser.add_argument("--values", type=int, default=300, help="look-ups and pages in each of three rounds (300)")
    parser.add_argument("--tickets", type=int, default=100_000, help="open tickets of inbox and helpdesk (100,000)")
    return parser.parse_args()


@contextmanager
def _redis() -> Iterator[None]:
    """REDIS_URL if it is set, else a private server for this run."""
    os.environ.setdefault("REDIS_PREFIX", database.NAME)
    if os.environ.get("REDIS_URL"):
        yield
        return
    from cxhub import redis_server

    server = redis_server.start()
    os.environ["REDIS_URL"] = server.url
    try:
        yield
    finally:
        server.stop()


def _measured(asked: argparse.Namespace, address: str, started: ExitStack, problems: list[str]) -> Iterator[Figure]:
    import django
    import psycopg

    django.setup()
    from benchmarks import chat, customer_page, fanout, helpdesk, inbox, kpi, lookup, memory, message_search, tagging
    from benchmarks.shop import make_shop

    connection = started.enter_context(psycopg.connect(address, autocommit=True))
    # One plan for all names is a bad one: the range of a name's beginning decides which index is right.
    connection.execute("SET plan_cache_mode = force_custom_plan")
    steps: dict[str, Callable[[], Iterable[Figure]]] = {
        # Before there is data: both sides write into tables that are as empty.
        "batches": lambda: _batches(asked, address),
        "single": lambda: [_single(asked, address)],
    }
    if NEEDS_DATA & set(asked.only):
        large, small = make_shop("large"), make_shop("small")
        sizes = {small.organization.pk: SMALL, large.organization.pk: FULL if asked.full else DEFAULT}
        steps |= {
            "data": lambda: _fill(connection, sizes),
            "lookup": lambda: lookup.measure(large, small, connection, values=asked.values),
            "page": lambda: customer_page.measure(large, connection, values=asked.values),
            "chat": lambda: chat.measure(large),
            "chat500": lambda: chat.measure(large, load=chat.MANY, with_browser=False),
            "fanout": lambda: fanout.measure(large),
        }
    steps |= {
        # In organizations of their own, whatever the size of the rest.
        "search": lambda: message_search.measure(make_shop("messages"), connection),
        "inbox": lambda: inbox.measure(connection, tickets=asked.tickets),
        "helpdesk": lambda: helpdesk.measure(connection, address, tickets=asked.tickets),
        "voc": tagging.measure,
        "kpi": lambda: kpi.measure(connection, tickets=kpi.TICKETS if asked.full else asked.tickets),
        "memory": memory.measure,
    }
    for name, step in steps.items():
        if name not in asked.only and name != "data":
            continue
        say(f"→ {name}")
        try:
            yield from step()
        except (Exception, SystemExit) as problem:  # noqa: BLE001 - what the others have measured is worth keeping
            problems.append(f"{name}: {type(problem).__name__}: {problem}")


def _batches(asked: argparse.Namespace, address: str) -> Iterator[Figure]:
    from benchmarks import intake
    from benchmarks.shop import make_key, make_shop

    shop, scale = make_shop(f"batches-{os.getpid()}", agents=0), 4 if asked.full else 1
    key = make_key(shop)
    return intake.measure_batches(shop.organization, key, address, batches=42 * scale, customers=5_000 * scale)


def _single(asked: argparse.Namespace, address: str) -> Figure:
    from benchmarks import intake
    from benchmarks.shop import make_key, make_shop

    shop, scale = make_shop(f"single-{os.getpid()}", agents=0), 4 if asked.full else 1
    key = make_key(shop)
    return intake.measure_single(shop.organization, key, address, count=3_000 * scale, customers=2_000 * scale)


def _fill(connection: psycopg.Connection[Any], wanted: dict[int, tuple[int, int]]) -> list[Figure]:
    from benchmarks.population import populate, without_indexes

    known = {row[0] for row in connection.execute("SELECT DISTINCT organization_id FROM customers_customer")}
    missing = {pk: size for pk, size in wanted.items() if pk not in known}
    if not missing:
        return []
    began = time.monotonic()
    say(
        "→ data: "
        + ", ".join(f"{customers:,} customers and {events:,} events" for customers, events in missing.values())
    )
    with without_indexes(connection):
        for seed, (pk, (customers, events)) in enumerate(missing.items(), 1):
            populate(connection, pk, customers=customers, events=events, seed=seed)
    size = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
    say(f"  {time.monotonic() - began:.0f} s, {size[0] if size else '?'}")
    return []


if __name__ == "__main__":
    sys.exit(main())
