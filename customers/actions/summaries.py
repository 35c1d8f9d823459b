"""The profile's summary columns: counted in the database, one statement for a whole batch.

Every column is a sum, a least or a greatest over the row's own events, so the order of delivery does not matter;
`rebuild_summaries` says the same from scratch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, Q, Sum

from customers.incoming import IncomingEvent
from customers.models import Customer, Event
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

    def fill(self, row: Customer) -> None:
        """Gives a row that is about to be inserted its first summary."""
        row.event_count, row.sale_count, row.refund_count = self.events, self.sales, self.refunds
        row.spent_hundredths = self.spent_hundredths
        row.first_seen_at, row.last_seen_at = self.first_seen_at, self.last_seen_at
        if self.visit:
            row.last_visit_at, row.last_visit_store_id = self.visit[0], self.visit[1] or None
        if self.name:
            row.name_order, row.name = self.name
            row.name_chosung, row.name_nfd = chosung(row.name), nfd_key(row.name)


def name_order(event: IncomingEvent) -> bytes:
    """The newest name stands, a proven one before a claimed one; bytes, so that every database orders them alike."""
    microseconds = int(event.time.timestamp() * 1_000_000) + (1 << 62)
    key = f"{event.source}\0{event.event_id}".encode()[:400]
    return bytes([int(event.verified)]) + microseconds.to_bytes(8, "big") + key


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


def add_to_summaries(summaries: Sequence[tuple[int, Summary]]) -> None:
    """Adds each summary to the customer row it names, in one statement; call inside the intake transaction."""
    if not summaries:
        return
    postgresql = connection.vendor == "postgresql"
    least, greatest = ("LEAST", "GREATEST") if postgresql else ("MIN", "MAX")
    cast = {name: f"v.{name}::{kind}" if postgresql else f"v.{name}" for name, kind in COLUMNS}
    is_new_name = f"({cast['name_order']} > c.name_order AND NOT c.name_is_edited)"
    later = f"({cast['visit_at']} IS NOT NULL AND (c.last_visit_at IS NULL OR ({cast['visit_at']}, COALESCE({cast['visit_store']}, 0)) > (c.last_visit_at, COALESCE(c.last_visit_store_id, 0))))"
    names = ", ".join(name for name, _ in COLUMNS)
    ordered = [_values(pk, summary) for pk, summary in sorted(summaries, key=lambda pair: pair[0])]
    parameters: list[Any]
    if postgresql:
        # A list for each column: the driver looks through the statement's text, which then stays short.
        lists = ", ".join(f"%s::{kind}[]" for _, kind in COLUMNS)
        rows = f"SELECT * FROM unnest({lists}) AS rows ({names})"  # noqa: S608 - constants
        # Rows are locked in one order for everybody, so that two deliveries never wait for each other crosswise.
        locked = "SELECT id FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
        parameters = [list(column) for column in zip(*ordered, strict=True)]
        parameters.append([values[0] for values in ordered])
    else:
        one = f"({', '.join(['%s'] * len(COLUMNS))})"
        rows, locked = f"VALUES {', '.join([one] * len(ordered))}", "SELECT 1"
        parameters = [value for values in ordered for value in values]
    statement = f"""
        WITH v ({names}) AS ({rows}), locked AS MATERIALIZED ({locked})
        UPDATE customers_customer AS c SET
            event_count = c.event_count + {cast["events"]},
            sale_count = c.sale_count + {cast["sales"]},
            refund_count = c.refund_count + {cast["refunds"]},
            spent_hundredths = c.spent_hundredths + {cast["spent"]},
            first_seen_at = {least}(COALESCE(c.first_seen_at, {cast["first_at"]}), {cast["first_at"]}),
            last_seen_at = {greatest}(COALESCE(c.last_seen_at, {cast["last_at"]}), {cast["last_at"]}),
            last_visit_at = CASE WHEN {later} THEN {cast["visit_at"]} ELSE c.last_visit_at END,
            last_visit_store_id = CASE WHEN {later} THEN {cast["visit_store"]} ELSE c.last_visit_store_id END,
            name = CASE WHEN {is_new_name} THEN {cast["name"]} ELSE c.name END,
            name_chosung = CASE WHEN {is_new_name} THEN {cast["chosung"]} ELSE c.name_chosung END,
            name_nfd = CASE WHEN {is_new_name} THEN {cast["nfd"]} ELSE c.name_nfd END,
            name_order = CASE WHEN {is_new_name} THEN {cast["name_order"]} ELSE c.name_order END
        FROM v WHERE c.id = {cast["id"]} AND (SELECT count(*) FROM locked) > 0
    """  # noqa: S608 - only constants above are put into the text
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _values(customer_id: int, summary: Summary) -> list[Any]:
    instant = connection.ops.adapt_datetimefield_value
    visit_at, visit_store = summary.visit or (None, 0)
    order, name = summary.name or (b"", "")
    return [
        customer_id,
        summary.events,
        summary.sales,
        summary.refunds,
        summary.spent_hundredths,
        instant(summary.first_seen_at),
        instant(summary.last_seen_at),
        instant(visit_at) if visit_at else None,
        visit_store or None,
        order,
        name,
        chosung(name) if name else "",
        nfd_key(name) if name else "",
    ]


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
            spent_hundredths=Sum(
                "amount_hundredths", filter=Q(data__currency=currency) | Q(data__currency__isnull=True), default=0
            ),
        )
        for field, value in counted.items():
            setattr(customer, field, value)
        visit = events.filter(type__in=VISITS).order_by("-time", "-store_id").values("time", "store_id").first()
        customer.last_visit_at = visit["time"] if visit else None
        customer.last_visit_store_id = visit["store_id"] if visit else None
        customer.save(update_fields=[*counted, "last_visit_at", "last_visit_store"])
