"""Sixty days at the tills: who bought what where, who brought it back, who was served and what was jotted down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from channels_app.demo.catalogue import Piece, other_size, pick_piece
from channels_app.demo.dialogues import visit_notes
from channels_app.demo.envelopes import Envelope, envelope
from channels_app.demo.hours import SEOUL, STORE_CLOSES, STORE_OPENS, at_clock
from channels_app.demo.organization import STORES, StorePlan, clerk_of, store_plan
from channels_app.demo.particles import Word
from channels_app.demo.people import Customer

# Monday first. Shops live from the week-end.
_DAY_FACTORS = (0.75, 0.8, 0.85, 0.9, 1.1, 1.5, 1.35)
# Shares of the day by the hour from opening on: after work is best.
_HOUR_WEIGHTS = (3, 6, 8, 9, 9, 8, 9, 10, 11, 9, 5)
# So many of the sales of a full-size demo are by somebody who gives a number.
_KNOWN_SHARE = 0.70
_FULL_SIZE_CUSTOMERS = 2000


@dataclass(frozen=True, slots=True)
class Sale:
    receipt_no: str
    store: str
    at: datetime
    pieces: tuple[tuple[Piece, int], ...]
    who: Customer | None = None
    shown: dict[str, Any] | None = None

    @property
    def total(self) -> int:
        return sum(piece.product.price * quantity for piece, quantity in self.pieces)

    @property
    def source(self) -> str:
        return f"/{store_plan(self.store).center}/pos/{self.store}"

    def to_event(self) -> Envelope:
        data: dict[str, Any] = {"customer": self.shown} if self.shown else {}
        data |= _bill(self.store, self.receipt_no, self.pieces)
        if self.who and self.who.member_no:
            data["points_earned"] = self.total // 100
        return envelope(self.source, self.receipt_no, "pos.sale", self.at, data)


def _bill(store: str, receipt_no: str, pieces: tuple[tuple[Piece, int], ...]) -> dict[str, Any]:
    items = [
        {
            "sku": piece.sku,
            "name": piece.label,
            "quantity": quantity,
            "unit_price": piece.product.price,
            "amount": piece.product.price * quantity,
        }
        for piece, quantity in pieces
    ]
    return {
        "store": store,
        "receipt_no": receipt_no,
        "staff": clerk_of(store).email,
        "items": items,
        "total": sum(item["amount"] for item in items),
        "currency": "KRW",
    }


def refund_event(sale: Sale, at: datetime) -> Envelope:
    """The first piece of a sale brought back to the shop it came from."""
    receipt_no = f"{sale.receipt_no}-R"
    data: dict[str, Any] = {"customer": sale.shown} if sale.shown else {}
    data |= _bill(sale.store, receipt_no, ((sale.pieces[0][0], 1),))
    data["original_receipt_no"] = sale.receipt_no
    return envelope(sale.source, receipt_no, "pos.refund", at, data)


def make_sales(rng: Random, customers: list[Customer], days: list[date], now: datetime) -> list[Sale]:
    """All sales of these days up to now, by time. Everybody who shops at all has bought something at least once."""
    sales: list[Sale] = []
    for plan in STORES:
        at_home = [one for one in customers if one.store == plan.slug and one.zeal]
        sales += _sales_of_store(rng, plan, at_home, days, now, scale=len(customers) / _FULL_SIZE_CUSTOMERS)
    return sorted(sales, key=lambda sale: (sale.at, sale.receipt_no))


def _sales_of_store(
    rng: Random, plan: StorePlan, customers: list[Customer], days: list[date], now: datetime, *, scale: float
) -> Iterator[Sale]:
    slots = [slot for day in days for slot in _receipts(rng, plan, day, scale) if slot[1] <= now]
    known = rng.sample(range(len(slots)), min(len(slots), max(round(len(slots) * _KNOWN_SHARE), len(customers))))
    buyers: dict[int, Customer] = dict(zip(known, customers, strict=False))
    if customers:
        weights = [one.zeal for one in customers]
        rest = known[len(customers) :]
        buyers |= dict(zip(rest, rng.choices(customers, weights, k=len(rest)), strict=True))
    for place, (receipt_no, at) in enumerate(slots):
        who = buyers.get(place)
        yield Sale(receipt_no, plan.slug, at, basket(rng), who, _shown_at_till(rng, who))


def _receipts(rng: Random, plan: StorePlan, day: date, scale: float) -> list[tuple[str, datetime]]:
    """Receipt numbers and times of one day's sales in one shop."""
    count = round(plan.sales_a_day * _DAY_FACTORS[day.weekday()] * rng.uniform(0.85, 1.15) * scale)
    times = sorted(shop_time(rng, day) for _ in range(count))
    return [(f"{plan.receipt_letter}-{day:%y%m%d}-{place:04d}", at) for place, at in enumerate(times, start=1)]


def shop_time(rng: Random, day: date) -> datetime:
    """Some moment while shops are open."""
    hour = rng.choices(range(len(_HOUR_WEIGHTS)), _HOUR_WEIGHTS)[0]
    opened = at_clock(day, STORE_OPENS) + timedelta(hours=hour)
    minutes = 30 if hour == len(_HOUR_WEIGHTS) - 1 else 60
    latest = at_clock(day, STORE_CLOSES) - timedelta(minutes=1)
    return min(opened + timedelta(seconds=rng.randrange(minutes * 60)), latest)


def basket(rng: Random) -> tuple[tuple[Piece, int], ...]:
    count = rng.choices((1, 2, 3, 4), (62, 25, 9, 4))[0]
    pieces = [pick_piece(rng) for _ in range(count)]
    return tuple((piece, 2 if piece.product.price < 30_000 and rng.random() < 0.2 else 1) for piece in pieces)


def _shown_at_till(rng: Random, who: Customer | None) -> dict[str, Any] | None:
    if who is None:
        # Orders of a delivery service show a masked number: kept, and nobody's.
        return {"phone": f"010-****-{rng.randrange(10_000):04d}", "name": "배달 주문"} if rng.random() < 0.03 else None
    shown = who.at_till()
    if who.family_name and rng.random() < 0.3:
        shown["name"] = who.family_name
    if rng.random() < 0.15:
        shown["phone"] = shown["phone"].replace("-", "")
    return shown


def chance_refunds(rng: Random, sales: list[Sale], now: datetime) -> Iterator[Envelope]:
    """Three in a hundred bring something back within a week without a word to anybody."""
    for sale in sales:
        if rng.random() < 0.03:
            at = shop_time(rng, sale.at.astimezone(SEOUL).date() + timedelta(days=rng.randint(1, 6)))
            if at <= now:
                yield refund_event(sale, at)


def visits(rng: Random, sales: list[Sale]) -> Iterator[Envelope]:
    """One known sale in eight leaves a note of the counter, some minutes before the till."""
    notes = visit_notes()
    for sale in sales:
        if sale.who is None or rng.random() > 1 / 8:
            continue
        piece = sale.pieces[0][0]
        words = {
            "item": piece.product.spoken,
            "color": Word(piece.colour),
            "size": Word(piece.size),
            "size2": Word(other_size(rng, piece)),
            "points": Word(f"{rng.randint(5, 90) * 100:,}포인트"),
        }
        note = rng.choice([one for one in notes if piece.size or "{size" not in one]).format(**words)
        data = {"customer": sale.shown, "store": sale.store, "staff": clerk_of(sale.store).email, "note": note}
        source = f"/{store_plan(sale.store).center}/store/{sale.store}"
        at = sale.at - timedelta(seconds=rng.randint(60, 500))
        yield envelope(source, f"V-{sale.receipt_no}", "store.visit", at, data)
