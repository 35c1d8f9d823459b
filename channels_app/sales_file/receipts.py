"""Lines of one receipt become its sale, its refund, or both; or the receipt is refused as a whole.

Pure, and blind to the order of the lines: the same lines give the same events with the same ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from channels_app.sales_file.lines import BAD_DEBT, REFUND, SALE, Line
from channels_app.sales_file.reasons import RowProblem
from channels_app.sales_file.values import MILL, plain_number
from customers.incoming import DEFAULT_CURRENCY

MAX_ID = 190  # the door takes 199
MAX_ITEMS = 5000


@dataclass(frozen=True, slots=True)
class Planned:
    """One event to be sent, and the rows it was made of."""

    id: str
    kind: str  # sale, refund
    time: datetime
    total: Decimal
    data: dict[str, Any]
    lines: Sequence[Line]

    def envelope(self, source: str) -> dict[str, Any]:
        """Returns the event as EVENTS.md wants it."""
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": source,
            "type": f"pos.{self.kind}",
            "time": self.time.isoformat(),
            "data": self.data,
        }


def events_of(key: str, lines: Sequence[Line], *, currency: str = DEFAULT_CURRENCY) -> list[Planned]:
    """Returns the receipt's events. Raises RowProblem where the receipt is none."""
    customer = _customer(lines)
    planned = []
    for kind, own in _by_kind(lines).items():
        if own:
            planned.append(_event(key, kind, own, customer, currency))
    return planned


def _by_kind(lines: Iterable[Line]) -> dict[str, list[Line]]:
    ordered = sorted(lines, key=_order)
    kinds: dict[str, list[Line]] = {SALE: [], REFUND: []}
    for line in ordered:
        if not line.is_cancelled:
            kinds[line.kind].append(line)
    told = [_goods(line) for line in kinds[SALE]]
    for line in ordered:
        if line.is_cancelled:
            kinds[REFUND].append(line)
            # Some exports list the sale and then once more as cancelled, others only change its state.
            if (goods := _goods(line)) in told:
                told.remove(goods)
            else:
                kinds[SALE].append(line)
    kinds[SALE].sort(key=_order)
    return kinds


def _order(line: Line) -> tuple[object, ...]:
    number = (0, int(line.line_no), "") if line.line_no.isdigit() else (1, 0, line.line_no)
    return (*number, line.sku, line.name, line.quantity, line.amount, line.time, line.unit_price or 0, line.options)


def _goods(line: Line) -> tuple[object, ...]:
    return (line.sku, line.name, line.quantity, line.amount)


def _customer(lines: Sequence[Line]) -> dict[str, str]:
    """Returns what the receipt says of its customer; identities must agree, of names the first counts."""
    customer: dict[str, str] = {}
    for field, told in (
        ("member_no", {line.member_no for line in lines}),
        ("phone", {line.phone for line in lines}),
        ("email", {line.email for line in lines}),
    ):
        told.discard("")
        if len(told) > 1:
            raise RowProblem("two_customers")
        if told:
            customer[field] = told.pop()
    names = sorted({line.customer_name for line in lines} - {""})
    if names:
        customer["name"] = names[0]
    return customer


def _event(key: str, kind: str, lines: list[Line], customer: dict[str, str], currency: str) -> Planned:
    sign = _sign(kind, lines, customer)
    is_refund = kind == REFUND or sign < 0
    items = [_item(line, kind, sign) for line in lines]
    total = sum((_amount(line, kind, sign) for line in lines), Decimal(0))
    first = min(lines, key=lambda line: line.time)
    data: dict[str, Any] = {"receipt_no": _least(line.receipt for line in lines)}
    for name, told in (
        ("store", _least(line.store for line in lines)),
        ("register", _least(line.register for line in lines)),
        ("staff", _least(line.staff for line in lines)),
        ("customer", customer),
        ("original_receipt_no", _least(line.original_receipt for line in lines) if is_refund else ""),
    ):
        if told:
            data[name] = told
    points = max((line.points for line in lines if line.points is not None), default=None)
    if points is not None and points > 0 and not is_refund:
        data["points_earned"] = plain_number(points)
    if currency != DEFAULT_CURRENCY:
        data["currency"] = currency
    data["items"] = items
    data["total"] = plain_number(total)
    event_id = f"{key}/{kind}"
    if len(event_id) > MAX_ID:
        event_id = f"{hashlib.sha256(key.encode()).hexdigest()}/{kind}"
    return Planned(event_id, REFUND if is_refund else SALE, first.time, total, data, lines)


def _least(told: Iterable[str]) -> str:
    return min((value for value in told if value), default="")


def _sign(kind: str, lines: list[Line], customer: dict[str, str]) -> int:
    """Returns -1 where the file's signs are to be turned over for the event. Raises RowProblem."""
    if any(BAD_DEBT.search(line.name) for line in lines):
        raise RowProblem("bad_debt")
    if all(line.amount == 0 for line in lines) and not customer:
        raise RowProblem("no_money")
    total = sum((_amount(line, kind, 1) for line in lines), Decimal(0))
    if total >= 0:
        return 1
    if kind == SALE and all(line.quantity >= 0 and not line.amount_is_told for line in lines):
        # A price below zero was typed: nobody gave anything back.
        raise RowProblem("adjustment")
    return -1


def _amount(line: Line, kind: str, sign: int) -> Decimal:
    # A row with a negative quantity gives its whole amount back, whichever sign the till printed.
    return sign * (abs(line.amount) if kind == REFUND and line.quantity < 0 else line.amount)


def _item(line: Line, kind: str, sign: int) -> dict[str, Any]:
    quantity = abs(line.quantity) if kind == REFUND or sign < 0 else line.quantity
    amount = _amount(line, kind, sign)
    item: dict[str, Any] = {}
    if line.sku:
        item["sku"] = line.sku
    name = line.name or line.sku or "-"
    item["name"] = f"{name} ({', '.join(line.options)})" if line.options else name
    item["quantity"] = plain_number(quantity, places=MILL)
    if line.unit_price is not None:
        item["unit_price"] = plain_number(line.unit_price, places=MILL)
    elif quantity:
        item["unit_price"] = plain_number(abs(amount / quantity))
    else:
        item["unit_price"] = plain_number(amount)
    item["amount"] = plain_number(amount)
    return item
