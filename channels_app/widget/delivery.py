"""How what a visitor does becomes events: whose they are, from which source, through the one way in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels_app import intake
from channels_app.models.widget import WidgetConversation, WidgetVisitor
from channels_app.outcomes import Outcome


@dataclass(frozen=True)
class Told:
    """One event to be: its type, the id that makes a resend harmless, and its data besides thread and customer."""

    type: str
    id: str
    data: dict[str, Any]


def customer_data(visitor: WidgetVisitor) -> dict[str, Any]:
    """Returns `data.customer` of her events: her external id always, and what is proven or claimed."""
    customer: dict[str, Any] = {**visitor.about, "external": {visitor.widget.account: visitor.public_id.hex}}
    if visitor.about and not visitor.is_verified:
        customer["verified"] = False
    return customer


def deliver(
    conversation: WidgetConversation,
    events: Sequence[Told],
    *,
    at: datetime,
    source: str = "",
    check: intake.Check | None = None,
) -> list[Outcome]:
    """Hands the events in, in one transaction; raises what `check` raises in it.

    `source` is that of the widget's center where none is given.
    """
    widget = conversation.visitor.widget
    source = source or f"/{widget.center.slug}/widget"
    customer = customer_data(conversation.visitor)
    envelopes = [
        {
            "specversion": "1.0",
            "id": event.id,
            "source": source,
            "type": event.type,
            "time": at.isoformat(),
            "data": {"thread": conversation.thread_key, "customer": customer, **event.data},
        }
        for event in events
    ]
    sender = intake.Sender(label=f"widget {widget.name}", sources=(source,))
    return intake.receive(conversation.organization, envelopes, sender=sender, at=at, check=check)
