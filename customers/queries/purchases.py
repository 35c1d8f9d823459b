"""What a customer bought and brought back: receipts, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from customers.models import Event
from customers.money import currency_of, shown_amount
from customers.queries.members import OfMembers
from customers.queries.profiles import Profile
from cxhub.prepared import Told


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    quantity: str  # "" for one
    amount: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """One receipt. Amounts are positive; `is_refund` says which way the money went."""

    public_id: UUID
    time: datetime
    is_refund: bool
    store: str
    receipt_no: str
    original_receipt_no: str
    items: tuple[Item, ...]
    total: str


def purchases_for(profile: Profile, *, limit: int = 20) -> list[Purchase]:
    """The newest `limit` sales and refunds. One statement."""
    receipts = _receipts(limit)(profile.ids, organization_id=profile.organization.pk)
    return [purchase_of(event, profile) for event in receipts]


@cache
def _receipts(limit: int) -> OfMembers[Event]:
    return OfMembers(
        lambda hers: (
            Event.objects.filter(hers, organization_id=Told("organization_id"), type__in=("pos.sale", "pos.refund"))
            .select_related("store")
            .only("public_id", "type", "time", "data", "amount_hundredths", "store__name")
            .order_by("-time", "-id")[:limit]
        )
    )


def purchase_of(event: Event, profile: Profile) -> Purchase:
    """The receipt that a `pos.sale` or `pos.refund` with its store loaded is."""
    data = event.data
    currency = currency_of(data)
    return Purchase(
        public_id=event.public_id,
        time=event.time,
        is_refund=event.type == "pos.refund",
        store=event.store.name if event.store else "",
        receipt_no=str(data.get("receipt_no") or ""),
        original_receipt_no=str(data.get("original_receipt_no") or ""),
        items=tuple(_item(item, currency) for item in data.get("items") or () if isinstance(item, dict)),
        total=shown_amount(abs(event.amount_hundredths or 0), currency),
    )


def _item(item: Mapping[str, Any], currency: str) -> Item:
    quantity = item.get("quantity")
    amount = item.get("amount")
    return Item(
        name=str(item.get("name") or item.get("sku") or "–"),
        quantity=""
        if quantity in (None, 1)
        else f"{quantity:g}"
        if isinstance(quantity, int | float)
        else str(quantity),
        amount=shown_amount(round(amount * 100), currency) if isinstance(amount, int | float) else "",
    )
