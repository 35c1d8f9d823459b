"""Events per second through the door, in batches and one by one, beside writing the same rows bare."""

from __future__ import annotations

import http.client
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import psycopg

from accounts.models import Organization
from benchmarks import workload
from benchmarks.copied_rows import TABLES, Rows, in_batches, make_copies, on_conflict, rows_of
from benchmarks.figures import Figure
from benchmarks.servers import bare_endpoint, hub_over_http

BATCH = 500
CONNECTIONS_FOR_BATCHES = 2
CONNECTIONS_FOR_SINGLE = 8


def measure_batches(
    organization: Organization, key: str, database_url: str, *, batches: int, customers: int
) -> Iterator[Figure]:
    """Batches of 500 over HTTP, beside COPY and merge of the same rows over as many connections."""
    told = workload.events(batches * BATCH, seed=1, customers=customers, run=f"batch{time.time_ns():x}")
    bodies = [msgspec.json.encode(told[start : start + BATCH]) for start in range(0, len(told), BATCH)]
    with hub_over_http() as port:
        post_all(port, key, bodies[:2], connections=1, expected=207)  # warm
        seconds = post_all(port, key, bodies[2:], connections=CONNECTIONS_FOR_BATCHES, expected=207)
    measured = (len(bodies) - 2) * BATCH / seconds

    name = f"events/s, batches of {BATCH}, {CONNECTIONS_FOR_BATCHES} connections"
    merged = _copied(organization, database_url, once=False)
    yield Figure(name, "1/s", measured, merged, "≥ 0.35 of COPY + merge", measured / merged >= 0.35)
    # Less than the hub writes: no customer, thread and ticket is touched a second time.
    yield Figure("– beside COPY of each row once", "1/s", measured, _copied(organization, database_url, once=True))


def _copied(organization: Organization, database_url: str, *, once: bool) -> float:
    """Events a second that COPY and merge write, of all that the hub has written."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        make_copies(connection)
        bare = in_batches(connection, rows_of(connection, organization.pk), BATCH, once=once)
        ends = {name: on_conflict(connection, name) for name in TABLES}

    def write(connection: psycopg.Connection[Any], rows: Rows) -> None:
        _copy_and_merge(connection, rows, ends)

    for batch in bare[:2]:
        with psycopg.connect(database_url) as connection:
            write(connection, batch)
    return (len(bare) - 2) * BATCH / _over_connections(database_url, bare[2:], write)


def measure_single(organization: Organization, key: str, database_url: str, *, count: int, customers: int) -> Figure:
    """Single events over 8 connections, beside a bare endpoint that is handed the finished rows."""
    told = workload.events(count, seed=2, customers=customers, run=f"single{time.time_ns():x}")
    bodies = [msgspec.json.encode(event) for event in told]
    with hub_over_http() as port:
        post_all(port, key, bodies[:100], connections=CONNECTIONS_FOR_SINGLE, expected=201)
        seconds = post_all(port, key, bodies[100:], connections=CONNECTIONS_FOR_SINGLE, expected=201)
    measured = (count - 100) / seconds

    with psycopg.connect(database_url, autocommit=True) as connection:
        make_copies(connection)
        rows = in_batches(connection, rows_of(connection, organization.pk), 1)
    finished = [msgspec.json.encode(_first_of_each(row)) for row in rows]
    with bare_endpoint(database_url) as port:
        post_all(port, "", finished[:100], connections=CONNECTIONS_FOR_SINGLE, expected=201, path="/")
        bare_seconds = post_all(port, "", finished[100:], connections=CONNECTIONS_FOR_SINGLE, expected=201, path="/")
    denominator = (len(finished) - 100) / bare_seconds
    ratio = measured / denominator
    return Figure("single events/s, 8 connections", "1/s", measured, denominator, "≥ 0.35 of Starlette", ratio >= 0.35)


def _first_of_each(rows: Rows) -> dict[str, Any]:
    return {name: found[0] for name, found in rows.items() if found}


def post_all(
    port: int, key: str, bodies: Sequence[bytes], *, connections: int, expected: int, path: str = "/api/v1/events/"
) -> float:
    """Posts all bodies over kept-alive connections; returns the seconds it took. Any other answer ends the run."""
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    for body in bodies:
        waiting.put(body)
    failures: list[str] = []

    def post() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        while not failures:
            try:
                body = waiting.get_nowait()
            except queue.Empty:
                break
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != expected or b'"refused"' in content:
                failures.append(f"{answer.status} {content[:300]!r}")
        connection.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=post) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"an event was not taken: {failures[0]}")
    return time.perf_counter() - began


def _over_connections(database_url: str, batches: Sequence[Rows], write: Callable[[Any, Rows], None]) -> float:
    waiting: queue.SimpleQueue[Rows] = queue.SimpleQueue()
    for batch in batches:
        waiting.put(batch)

    def work() -> None:
        with psycopg.connect(database_url) as connection:
            while True:
                try:
                    batch = waiting.get_nowait()
                except queue.Empty:
                    return
                write(connection, batch)

    began = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS_FOR_BATCHES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def _copy_and_merge(connection: psycopg.Connection[Any], rows: Rows, ends: dict[str, str]) -> None:
    """One transaction: each table's rows by COPY into a temporary table, then merged into the real one."""
    with connection.transaction():
        for name, table in TABLES.items():
            if not rows[name]:
                continue
            staging = f"staging_{name}"
            connection.execute(
                f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} (LIKE bench_{table}) ON COMMIT DELETE ROWS"
            )
            with connection.cursor().copy(f"COPY {staging} FROM STDIN") as copy:
                for row in rows[name]:
                    copy.write_row(row)
            connection.execute(f"INSERT INTO bench_{table} SELECT * FROM {staging} ORDER BY id {ends[name]}")
