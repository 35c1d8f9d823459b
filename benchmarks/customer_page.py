"""The customer page with its newest fifty events, HTML included, beside the SELECTs it sends, sent bare."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.door import Door, Statements
from benchmarks.figures import Figure
from benchmarks.shop import Shop
from benchmarks.timing import ROUNDS, in_turns, replay

VALUES = 300
# Named in so many events, with what was answered to her she has more than fifty.
NAMED_IN = 40


def measure(shop: Shop, connection: psycopg.Connection[Any], *, values: int = VALUES) -> Iterator[Figure]:
    """Server time of the whole page for customers with a long history, for an agent who sees everything."""
    door = Door(shop.agents[0])
    found = connection.execute(
        "SELECT public_id FROM customers_customer WHERE organization_id = %s AND event_count >= %s ORDER BY id",
        [shop.organization.pk, NAMED_IN],
    ).fetchall()
    if not found:
        raise SystemExit(f"nobody has {NAMED_IN} events: the data set is too small for this figure")
    chance = random.Random(3)
    bare: dict[UUID, Statements] = {row[0]: _selects_of(door, row[0]) for row in found[:values]}
    rounds = [[chance.choice(list(bare)) for _ in range(values)] for _ in range(ROUNDS)]
    page, selects = in_turns(rounds, lambda pk: door.get(f"/customers/{pk}/"), replay(bare, connection))
    sent = max(len(statements) for statements in bare.values())
    name = "customer page, newest 50 events"
    yield Figure(f"{name}, p50 / its {sent} SELECTs", "ms", page.p50, selects.p50)
    yield Figure(f"{name}, p99 / its {sent} SELECTs", "ms", page.p99, selects.p99, "p99 ≤ 25 ms", page.p99 <= 25)


def _selects_of(door: Door, customer: UUID) -> Statements:
    content, statements = door.selects(f"/customers/{customer}/")
    if content.count(b"data-entry") < 1 and b"<time" not in content:
        raise SystemExit("the customer page shows no history")
    return statements
