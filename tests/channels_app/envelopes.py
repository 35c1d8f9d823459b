"""Envelopes as senders write them, and a picture of what they came to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import Organization
from channels_app.intake import Sender
from customers.models import Customer, Event, Identity, Merge, MergeSuggestion, Thread
from tickets.models import Ticket

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
TILL = Sender(label="test", sources=("/seoul", "/busan", "/hub"))


def envelope(
    event_id: str,
    kind: str,
    *,
    minutes: float = 0,
    source: str = "/seoul/pos",
    customer: dict[str, Any] | None = None,
    **data: Any,
) -> dict[str, Any]:
    if customer is not None:
        data["customer"] = customer
    if "from_" in data:
        data["from"] = data.pop("from_")
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": source,
        "type": kind,
        "time": (START + timedelta(minutes=minutes)).isoformat(),
        "data": data,
    }


def sale(
    event_id: str, *, phone: str | None = "010-0123-4567", minutes: float = 0, total: int = 12000, **data: Any
) -> dict[str, Any]:
    return envelope(
        event_id,
        "pos.sale",
        minutes=minutes,
        customer={"phone": phone, "name": "김서연"} if phone else None,
        store="gangnam",
        receipt_no=event_id,
        items=[{"name": "울 코트", "quantity": 1, "unit_price": total, "amount": total}],
        total=total,
        **data,
    )


def said(
    event_id: str, thread: str, text: str, *, phone: str | None = "010-0123-4567", minutes: float = 0
) -> dict[str, Any]:
    return envelope(
        event_id,
        "chat.message",
        minutes=minutes,
        source="/seoul/chat",
        customer={"phone": phone} if phone else None,
        thread=thread,
        from_="customer",
        text=text,
    )


def counts(organization: Organization) -> dict[str, int]:
    """How many rows of each kind an organization has."""
    models = (Event, Customer, Identity, Merge, MergeSuggestion, Thread, Ticket)
    return {model.__name__: model.objects.filter(organization=organization).count() for model in models}
