"""The rows that a run of the hub has written, and copies of its tables to write them to once more.

The denominators of intake write exactly these rows: same columns, same indexes, same constraints.
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
Rows = dict[str, list[tuple[Any, ...]]]


def make_copies(connection: psycopg.Connection[Any]) -> None:
    """Empty tables `bench_<table>` with the columns, indexes and constraints of the hub's own."""
    for table in TABLES.values():
        connection.execute(f"DROP TABLE IF EXISTS bench_{table}")
        connection.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")


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


def in_batches(connection: psycopg.Connection[Any], rows: Rows, size: int) -> list[Rows]:
    """Cuts the rows into batches of `size` events with what those events first brought along."""
    place = {name: {column: index for index, column in enumerate(columns_of(connection, name))} for name in TABLES}
    customers = {row[place["customer"]["id"]]: row for row in rows["customer"]}
    identities: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows["identity"]:
        identities[row[place["identity"]["customer_id"]]].append(row)
    breaches: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows["breach"]:
        breaches[row[place["breach"]["ticket_id"]]].append(row)
    threads = {row[place["thread"]["key"]]: row for row in rows["thread"]}
    tickets = {row[place["ticket"]["opened_event_id"]]: row for row in rows["ticket"]}
    batches = []
    for start in range(0, len(rows["event"]), size):
        batch: Rows = {name: [] for name in TABLES}
        for row in rows["event"][start : start + size]:
            batch["event"].append(row)
            customer = row[place["event"]["customer_id"]]
            if customer in customers:
                batch["customer"].append(customers.pop(customer))
                batch["identity"] += identities.pop(customer, [])
            thread = row[place["event"]["thread"]]
            if thread in threads:
                batch["thread"].append(threads.pop(thread))
            if ticket := tickets.pop(row[place["event"]["id"]], None):
                batch["ticket"].append(ticket)
                batch["breach"] += breaches[ticket[place["ticket"]["id"]]]
        batches.append(batch)
    return batches
