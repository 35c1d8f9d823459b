"""Conversations as channels hand them in, a few words each; and a client that is logged in."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, Person
from channels_app.intake import Sender, receive
from tickets.models import Ticket

ANYBODY = Sender(label="test", sources=("/seoul", "/busan", "/hub", "/nowhere"))
FRAGMENT = {"HX-Request": "true"}
_number = count(1)


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def happens(
    organization: Organization,
    kind: str,
    thread: str = "",
    *,
    ago: float = 0,
    source: str = "/seoul/chat",
    customer: dict[str, Any] | None = None,
    at: datetime | None = None,
    **data: Any,
) -> Ticket | None:
    """Hands one event in, `ago` minutes old, and returns the thread's latest ticket. `from_` stands for `from`."""
    if "from_" in data:
        data["from"] = data.pop("from_")
    if customer is not None:
        data["customer"] = customer
    if thread:
        data["thread"] = thread
    time = (at or timezone.now()) - timedelta(minutes=ago)
    envelope = {
        "specversion": "1.0",
        "id": f"t-{next(_number)}",
        "source": source,
        "type": kind,
        "time": time.isoformat(),
        "data": data,
    }
    (outcome,) = receive(organization, [envelope], sender=ANYBODY, at=timezone.now())
    assert not outcome.is_refused, outcome.problem
    rows = Ticket.objects.standing().filter(organization=organization, thread=outcome.thread)
    return rows.order_by("-opened_at", "-pk").first() if outcome.thread else None


def chat(
    organization: Organization,
    thread: str,
    text: str = "안녕하세요, 문의드려요",
    *,
    name: str = "김서연",
    phone: str = "010-0000-5678",
    ago: float = 0,
    source: str = "/seoul/chat",
) -> Ticket:
    customer = {"phone": phone, "name": name} if phone else None
    ticket = happens(
        organization, "chat.message", thread, from_="customer", text=text, customer=customer, ago=ago, source=source
    )
    assert ticket is not None
    return ticket


def answer(
    organization: Organization, thread: str, agent: Person, text: str = "확인해 드릴게요", *, ago: float = 0
) -> None:
    happens(organization, "chat.message", thread, from_="agent", agent=agent.email, text=text, ago=ago)


def ring(
    organization: Organization, thread: str, *, name: str = "김서연", phone: str = "010-0000-5678", ago: float = 0
) -> Ticket:
    customer = {"phone": phone, "name": name} if phone else None
    ticket = happens(organization, "call.queued", thread, source="/seoul/call", ago=ago, customer=customer)
    assert ticket is not None
    return ticket
