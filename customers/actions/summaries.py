"""The profile's summary columns: counted in the database, one statement for a whole batch.

Every column is a sum, a least or a greatest over the row's own events, so the order of delivery does not matter;
`rebuild_summaries` says the same from scratch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Count, Max, Min, Q, Sum

from customers.incoming import IncomingEvent
from customers.models import Customer, Event
from customers.money import sold_in
from customers.names import chosung, nfd_key

VISITS = ("pos.sale", "pos.refund", "store.visit", "store.inquiry")


@dataclass(slots=True)
class Summary:
    """What a batch adds to one customer row."""

    events: int = 0
    sales: int = 0
    refunds: int = 0
    spent_hundredths: int = 0
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    visit: tuple[datetime, int] | None = None  # (when, store id or 0)
    name: tuple[bytes, str] | None = None  # (name_order, name)

    def add(self, event: IncomingEvent, *, store_id: int | None, currency: str) -> None:
        self.events += 1
        self.first_seen_at = min(self.first_seen_at or event.time, event.time)
        self.last_seen_at = max(self.last_seen_at or event.time, event.time)
        if event.type in VISITS:
            visit = (event.time, store_id or 0)
            self.visit = max(self.visit or visit, visit)
        if event.type == "pos.sale":
            self.sales += 1
        elif event.type == "pos.refund":
            self.refunds += 1
        if event.amount_hundredths is not None and (event.currency or currency) == currency:
            self.spent_hundredths += event.amount_hundredths
        if event.name:
            told = (name_order(event), event.name)
            self.name = max(self.name or told, told)

    def columns(self) -> tuple[Any, ...]:
        """The first summary of a row that is about to be inserted, in the order of `SUMMARY_COLUMNS`."""
        visit_at, visit_store = self.visit or (None, 0)
        order, name = self.name or (b"", "")
        return (
            self.events,
            self.sales,
            self.refunds,
            self.spent_hundredths,
            self.first_seen_at,
            self.last_seen_at,
            visit_at,
            visit_store or None,
            order,
            name,
            *_keys_of(name),
        )


SUMMARY_COLUMNS = (
    "event_count",
    "sale_count",
    "refund_count",
    "spent_hundredths",
    "first_seen_at",
    "last_seen_at",
    "last_visit_at",
    "last_visit_store_id",
    "name_order",
    "name",
    "name_chosung",
    "name_nfd",
)


# A regular customer's name comes with each of her events.
@lru_cache(maxsize=8192)
def _keys_of(name: str) -> tuple[str, str]:
    return chosung(name), nfd_key(name)


def name_order(event: IncomingEvent) -> bytes:
    """The newest name stands, a proven one before a claimed one; bytes, so that every database orders them alike."""
    microseconds = int(event.time.timestamp() * 1_000_000) + (1 << 62)
    key = f"{event.source}\0{event.event_id}".encode()[:400]
    return bytes([int(event.verified)]) + microseconds.to_bytes(8, "big") + key


# As they are called in the statement below, and as PostgreSQL reads them from JSON.
COLUMNS = (
    ("id", "bigint"),
    ("events", "integer"),
    ("sales", "integer"),
    ("refunds", "integer"),
    ("spent", "bigint"),
    ("first_at", "timestamptz"),
    ("last_at", "timestamptz"),
    ("visit_at", "timestamptz"),
    ("visit_store", "bigint"),
    ("name_order", "bytea"),
    ("name", "text"),
    ("chosung", "text"),
    ("nfd", "text"),
)
NAMES = tuple(name for name, _ in COLUMNS)


def add_to_summaries(summaries: Sequence[tuple[int, Summary]]) -> None:
    """Adds each summary to the customer row it names, in one statement; call inside the intake transaction."""
    if not summaries:
        return
    rows = [(pk, *summary.columns()) for pk, summary in sorted(summaries, key=lambda pair: pair[0])]
    parameters: list[Any]
    if connection.vendor == "postgresql":
        as_json = [dict(zip(NAMES, (*row[:9], f"\\x{row[9].hex()}", *row[10:]), strict=True)) for row in rows]
        parameters = [msgspec.json.encode(as_json).decode()]
    else:
        instant = connection.ops.adapt_datetimefield_value
        parameters = [instant(value) if isinstance(value, datetime) else value for row in rows for value in row]
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor, len(rows)), parameters)


@lru_cache(maxsize=64)
def _statement(vendor: str, count: int) -> str:
    """PostgreSQL's is the same for any number of rows."""
    names = ", ".join(NAMES)
    if vendor == "postgresql":
        least, greatest = "LEAST", "GREATEST"
        typed = ", ".join(f"{name} {kind}" for name, kind in COLUMNS)
        rows = f"SELECT * FROM json_to_recordset(%s) AS rows ({typed})"  # noqa: S608 - constants
        # By the keys as one value: joined with the list, which the planner takes for a hundred rows, it would rather read
        # the whole table of a shop with some ten thousand customers (5 ms instead of 0.4).
        named = "= ANY(ARRAY(SELECT id FROM v))"
        # Rows are locked in one order for everybody, so that two deliveries never wait for each other crosswise.
        locked = f"SELECT id FROM customers_customer WHERE id {named} ORDER BY id FOR UPDATE"  # noqa: S608
    else:
        least, greatest = "MIN", "MAX"
        one = f"({', '.join(['%s'] * len(COLUMNS))})"
        rows = f"VALUES {', '.join([one] * count)}"
        named, locked = "IS NOT NULL", "SELECT 1"
    is_new_name = "(v.name_order > c.name_order AND NOT c.name_is_edited)"
    later = (
        "(v.visit_at IS NOT NULL AND (c.last_visit_at IS NULL OR (v.visit_at, COALESCE(v.visit_store, 0))"
        " > (c.last_visit_at, COALESCE(c.last_visit_store_id, 0))))"
    )
    return f"""
        WITH v ({names}) AS ({rows}), locked AS MATERIALIZED ({locked})
        UPDATE customers_customer AS c SET
            event_count = c.event_count + v.events,
            sale_count = c.sale_count + v.sales,
            refund_count = c.refund_count + v.refunds,
            spent_hundredths = c.spent_hundredths + v.spent,
            first_seen_at = {least}(COALESCE(c.first_seen_at, v.first_at), v.first_at),
            last_seen_at = {greatest}(COALESCE(c.last_seen_at, v.last_at), v.last_at),
            last_visit_at = CASE WHEN {later} THEN v.visit_at ELSE c.last_visit_at END,
            last_visit_store_id = CASE WHEN {later} THEN v.visit_store ELSE c.last_visit_store_id END,
            name = CASE WHEN {is_new_name} THEN v.name ELSE c.name END,
            name_chosung = CASE WHEN {is_new_name} THEN v.chosung ELSE c.name_chosung END,
            name_nfd = CASE WHEN {is_new_name} THEN v.nfd ELSE c.name_nfd END,
            name_order = CASE WHEN {is_new_name} THEN v.name_order ELSE c.name_order END
        FROM v WHERE c.id = v.id AND c.id {named} AND (SELECT count(*) FROM locked) > 0
    """  # noqa: S608 - only constants above are put into the text


def rebuild_summaries(customer_ids: Iterable[int], *, currency: str) -> None:
    """Counts the summaries of a few customers anew from their events; for events that change their customer."""
    for customer in Customer.objects.filter(id__in=list(customer_ids)):
        events = Event.objects.filter(organization_id=customer.organization_id, customer=customer)
        counted = events.aggregate(
            event_count=Count("id"),
            sale_count=Count("id", filter=Q(type="pos.sale")),
            refund_count=Count("id", filter=Q(type="pos.refund")),
            first_seen_at=Min("time"),
            last_seen_at=Max("time"),
            spent_hundredths=Sum("amount_hundredths", filter=sold_in(currency), default=0),
        )
        for field, value in counted.items():
            setattr(customer, field, value)
        visit = events.filter(type__in=VISITS).order_by("-time", "-store_id").values("time", "store_id").first()
        customer.last_visit_at = visit["time"] if visit else None
        customer.last_visit_store_id = visit["store_id"] if visit else None
        customer.save(update_fields=[*counted, "last_visit_at", "last_visit_store"])
