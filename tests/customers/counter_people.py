"""The people who come to the counter in these tests, told through the one door."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils.timezone import now

from accounts.models import Organization, Person
from channels_app.intake import Sender, receive
from channels_app.outcomes import Outcome
from customers.models import Customer

SENDER = Sender(label="tests", sources=("/seoul", "/busan", "/hub", "/web"))
_number = count(1)

SEOYEON = {"phone": "010-0000-5678", "name": "김서연", "member_no": "M-1001", "email": "seoyeon@mail.example"}


def tell(organization: Organization, *envelopes: dict[str, Any]) -> list[Outcome]:
    outcomes = receive(organization, envelopes, sender=SENDER, at=now())
    assert not [outcome.problem for outcome in outcomes if outcome.is_refused]
    return outcomes


def happened(kind: str, *, source: str = "/seoul/pos", hours_ago: float = 1, **data: Any) -> dict[str, Any]:
    """One envelope; `from_` is `from`. Times are before now, as a counter knows them."""
    return {
        "specversion": "1.0",
        "id": f"e{next(_number)}",
        "source": source,
        "type": kind,
        "time": (now() - timedelta(hours=hours_ago)).isoformat(),
        "data": {key.rstrip("_"): value for key, value in data.items()},
    }


def sale(
    customer: dict[str, Any] | None, *, item: str = "울 코트", hours_ago: float = 200, **more: Any
) -> dict[str, Any]:
    items = [{"name": item, "quantity": 1, "unit_price": 129000, "amount": 129000}]
    data = {"store": "gangnam", "receipt_no": f"R{next(_number)}", "items": items, "total": 129000, **more}
    if customer is not None:
        data["customer"] = customer
    return happened("pos.sale", hours_ago=hours_ago, **data)


def says(thread: str, text: str, customer: dict[str, Any] | None = None, *, hours_ago: float = 1) -> dict[str, Any]:
    data: dict[str, Any] = {"thread": thread, "from_": "customer", "text": text}
    if customer is not None:
        data["customer"] = customer
    return happened("chat.message", source="/seoul/chat", hours_ago=hours_ago, **data)


def the_coat(organization: Organization, due: datetime | None = None) -> Customer:
    """Bought last week, complained of in chat an hour ago, promised an exchange."""
    promise = {"text": "코트 교환", "due": (due or now() + timedelta(days=2)).isoformat()}
    agent = f"agent@{organization.slug}.example"
    tell(
        organization,
        sale(SEOYEON),
        says("chat-1", "소매가 터졌어요. 010-0000-5678로 전화 주세요", SEOYEON, hours_ago=2),
        happened(
            "chat.message",
            source="/seoul/chat",
            hours_ago=1.9,
            thread="chat-1",
            from_="agent",
            agent=agent,
            text="교환해 드릴게요",
        ),
        happened(
            "note.added",
            source="/seoul/chat",
            hours_ago=1.8,
            thread="chat-1",
            agent=agent,
            text="교환 약속",
            promise=promise,
        ),
    )
    return Customer.objects.get(organization=organization, name="김서연")


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client
