"""The rows that a run of the hub has written, and copies of its tables to write them to once more.

The denominators of intake write exactly these rows: same columns, same indexes, same constraints. A customer, a thread
and a ticket that an event changes are written with it each time, as the hub writes them, in what came of them at last.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import psycopg
from psycopg.rows import tuple_row

TABLES = {
    "customer": "customers_customer",
    "identity": "customers_identity",
    "thread": "customers_thread",
    "event": "customers_event",
    "ticket": "tickets_ticket",
    "breach": "tickets_breach",
}
# Their rows change with later events; all others are written once.
CHANGING = ("customer", "thread", "ticket")
Row = tuple[Any, ...]
Rows = dict[str, list[Row]]


def make_copies(connection: psycopg.Connection[Any]) -> None:
    """Empty tables `bench_<table>` with the columns, indexes, constraints and fill of the hub's own."""
    for table in TABLES.values():
        connection.execute(f"DROP TABLE IF EXISTS bench_{table}")
        connection.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
        options = connection.execute("SELECT reloptions FROM pg_class WHERE relname = %s", [table]).fetchone()
        if options and options[0]:
            connection.execute(f"ALTER TABLE bench_{table} SET ({', '.join(options[0])})")


def on_conflict(connection: psycopg.Connection[Any], name: str) -> str:
    """What follows an INSERT of rows that may be there: a row that changes is written over."""
    if name not in CHANGING:
        return "ON CONFLICT DO NOTHING"
    columns = [column for column in columns_of(connection, name) if column != "id"]
    changes = ", ".join(f'"{column}" = excluded."{column}"' for column in columns)
    return f"ON CONFLICT (id) DO UPDATE SET {changes}"


def rows_of(connection: psycopg.Connection[Any], organization_id: int) -> Rows:
    """All rows of one organization, as text, each table in the order of its keys."""
    found: Rows = {}
    for name, table in TABLES.items():
        columns = [row[0] for row in connection.execute(f"SELECT * FROM {table} LIMIT 0").description or ()]
        as_text = ", ".join(f'"{column}"::text' for column in columns)
        cursor = connection.cursor(row_factory=tuple_row)
        cursor.execute(f"SELECT {as_text} FROM {table} WHERE organization_id = %s ORDER BY id", [organization_id])
        found[name] = cursor.fetchall()
    return found


def columns_of(connection: psycopg.Connection[Any], name: str) -> list[str]:
    description = connection.execute(f"SELECT * FROM {TABLES[name]} LIMIT 0").description or ()
    return [column.name for column in description]


def in_batches(connection: psycopg.Connection[Any], rows: Rows, size: int, *, once: bool = False) -> list[Rows]:
    """Cuts the rows into batches of `size` events with the rows that those events write.

    With `once` each row stands only in the first of them.
    """
    place = {name: {column: index for index, column in enumerate(columns_of(connection, name))} for name in TABLES}

    def by(name: str, column: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in rows[name]:
            found[row[place[name][column]]].append(row)
        return found

    customers, identities = by("customer", "id"), by("identity", "customer_id")
    threads, tickets, breaches = by("thread", "key"), by("ticket", "thread"), by("breach", "ticket_id")
    opened, event_id = place["ticket"]["opened_event_id"], place["event"]["id"]
    written: set[tuple[str, str]] = set()
    batches = []
    for start in range(0, len(rows["event"]), size):
        batch = _Batch(once, written)
        for row in rows["event"][start : start + size]:
            batch.add("event", row)
            for customer in customers.get(row[place["event"]["customer_id"]], []):
                batch.add("customer", customer, brings=("identity", identities[customer[0]]))
            thread = row[place["event"]["thread"]]
            for one in threads.get(thread, []):
                batch.add("thread", one)
            # A thread's tickets stand in the order in which they were opened: this event's is the last before it.
            for one in [one for one in tickets.get(thread, []) if int(one[opened]) <= int(row[event_id])][-1:]:
                batch.add("ticket", one, brings=("breach", breaches[one[0]]))
        batches.append(batch.rows)
    return batches


class _Batch:
    """What the events of one batch write; `written` are the rows of those before it and its own."""

    def __init__(self, once: bool, written: set[tuple[str, str]]) -> None:
        self._once, self._written = once, written
        self._here: dict[str, dict[str, Row]] = {name: {} for name in TABLES}

    def add(self, name: str, row: Row, *, brings: tuple[str, list[Row]] | None = None) -> None:
        """Adds a row, whose id stands first, and what came with it when it was made."""
        is_first = (name, row[0]) not in self._written
        self._written.add((name, row[0]))
        if is_first or not self._once:
            self._here[name][row[0]] = row
        if is_first and brings:
            for one in brings[1]:
                self.add(brings[0], one)

    @property
    def rows(self) -> Rows:
        """In one order for everybody, so that two batches do not wait for each other crosswise."""
        return {name: sorted(some.values(), key=lambda row: int(row[0])) for name, some in self._here.items()}
