"""A shop's customers and two years of their history, written by SQL in one go, not through the door.

Its rows are as the hub would have written them: numbered threads, tickets, and summaries that agree with the events.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.invented_names import names
from customers.names import chosung, nfd_key

TABLES = ("customers_customer", "customers_identity", "customers_thread", "customers_event", "tickets_ticket")
# What one customer's phone number is made of: numbers of 010-00xx-xxxx, each once (the factor shares none with 10^6).
MOST_CUSTOMERS = 1_000_000
_SQL = Path(__file__).with_name("population.sql")


def populate(
    connection: psycopg.Connection[Any],
    organization_id: int,
    *,
    customers: int,
    events: int,
    seed: int,
    chats: int | None = None,
    calls: int | None = None,
) -> None:
    """Gives an empty organization that many customers and about that many events; chats are 6 of them each, calls 5.

    Its centers, stores and agents must be there: they are shared out among the events.
    """
    if customers > MOST_CUSTOMERS:
        raise ValueError(f"at most {MOST_CUSTOMERS:,} customers")
    chats = int(events * 0.30 / 6) if chats is None else chats
    calls = int(events * 0.15 / 5) if calls is None else calls
    told = {"sales": max(events - 6 * chats - 5 * calls, 0), "chats": chats, "calls": calls}
    fill(connection, _SQL, organization=organization_id, customers=customers, seed=seed, **told)


def fill(
    connection: psycopg.Connection[Any], path: Path, *, organization: int, customers: int, seed: int, **more: int
) -> None:
    """Runs the statements of a file with these numbers in it; the customers' names lie in `bench_name`."""
    filled = {"organization": organization, "customers": customers, **more}
    with connection.transaction():
        _speed_up(connection)
        connection.execute(
            "CREATE TEMPORARY TABLE bench_name (n int, name text, chosung text, nfd text) ON COMMIT DROP"
        )
        with connection.cursor().copy("COPY bench_name FROM STDIN") as copy:
            for number, name in enumerate(names(customers, seed=seed), 1):
                copy.write_row((number, name, _chosung(name), _nfd(name)))
        connection.execute("SELECT setseed(%s)", [seed / 1000])
        for statement in path.read_text(encoding="utf-8").split(";\n\n"):
            if statement.strip():
                connection.execute(
                    sql.SQL(statement).format(**{key: sql.Literal(value) for key, value in filled.items()})
                )


@contextmanager
def without_indexes(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Drops the indexes of the filled tables that stand for no constraint, and makes them anew at the end: a third of
    the time. Then cleans up as autovacuum would have by the time there are so many rows."""
    found = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint)",
        [list(TABLES)],
    ).fetchall()
    for name, _definition in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    try:
        yield
    finally:
        connection.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in found:
            connection.execute(definition)
    for table in TABLES:
        connection.execute(sql.SQL("VACUUM (FREEZE, ANALYZE) {}").format(sql.Identifier(table)))


def _speed_up(connection: psycopg.Connection[Any]) -> None:
    connection.execute("SET LOCAL synchronous_commit = off")
    connection.execute("SET LOCAL work_mem = '256MB'")
    # Every reference is right by construction; only a superuser may say so.
    with suppress(psycopg.errors.InsufficientPrivilege), connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")


@lru_cache(maxsize=100_000)
def _chosung(name: str) -> str:
    return chosung(name)


@lru_cache(maxsize=100_000)
def _nfd(name: str) -> str:
    return nfd_key(name)
