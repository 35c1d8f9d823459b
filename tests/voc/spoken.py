"""Many voices at once, written as rows: for what counts them. What is shown comes through the real door (`voices.py`)."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from accounts.models import Center, Organization, Store
from customers.models import Customer
from tickets.models import Topic
from voc.models import Voice, VoiceTopic

_number = count(1_000_000)


def topic_of(organization: Organization, slug: str = "delivery", name: str = "배송") -> Topic:
    return Topic.objects.get_or_create(organization=organization, slug=slug, defaults={"name": name})[0]


def speak(
    organization: Organization,
    *,
    at: datetime,
    topic: Topic | None = None,
    sentiment: int = -1,
    text: str = "배송이 안 와요.",
    thread: str | None = None,
    channel: str = "chat",
    center: Center | None = None,
    store: Store | None = None,
    customer: Customer | None = None,
    severity: str = "",
    product: str = "",
) -> Voice:
    """One sentence; in a conversation of its own unless `thread` says which."""
    number = next(_number)
    places = {"time": at, "channel": channel, "center": center, "store": store, "customer": customer}
    voice = Voice.objects.create(
        organization=organization,
        event_id=number,
        start=0,
        end=len(text),
        text=text,
        thread=f"chat:{number}" if thread is None else thread,
        sentiment=sentiment,
        severity=severity,
        product=product,
        **places,
    )
    if topic is not None:
        VoiceTopic.objects.create(
            organization=organization, voice=voice, topic=topic, sentiment=sentiment, product=product, **places
        )
    return voice
