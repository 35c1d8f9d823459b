"""What a delivery carries: the messages of its numbers, as the customer may read them. Notes are none of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Person
from channels_app.deliveries.adapter import DeliveryFailed
from channels_app.deliveries.announcements import announcement_of, is_announced
from channels_app.models import Delivery
from customers.models import Event

MESSAGES = ("chat.message", "mail.message", "message.message")


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `name` is the agent's; "" for the customer and where nobody knows."""

    author: str
    name: str
    text: str
    at: datetime
    attachments: tuple[str, ...] = ()
    # Public id of the message's event.
    event: UUID | None = None

    @property
    def is_hers(self) -> bool:
        return self.author == "customer"


def said_in(delivery: Delivery) -> list[Said]:
    """What the customer and those who answer have said in the numbers of the delivery, in order. Two statements.

    A reply is its one message; a chat carried on is what she has not said herself.
    """
    rows = Event.objects.filter(
        organization_id=delivery.organization_id,
        thread=delivery.thread,
        thread_seq__gte=delivery.first_seq,
        thread_seq__lte=delivery.last_seq,
        type__in=MESSAGES,
        author__in=_authors(delivery),
    )
    events = list(rows.order_by("time", "rank", "id").defer("content_hash"))
    names = _names(delivery, {event.agent_email for event in events} - {""})
    return [
        Said(
            event.author,
            names.get(event.agent_email, "") if event.author == "agent" else "",
            event.text,
            event.time,
            _attachments(event.data.get("attachments")),
            event.public_id,
        )
        for event in events
    ]


def written(delivery: Delivery) -> str:
    """All of it as plain text, for channels that know no more: an announcement, or the messages of its numbers.

    Raises DeliveryFailed where there is nothing to say any more.
    """
    if is_announced(delivery.kind):
        return announcement_of(delivery).as_text
    lines = said_in(delivery)
    if not lines:
        raise DeliveryFailed("nothing_to_say", is_permanent=True)
    return "\n\n".join("\n".join([said.text, *(f"[{name}]" for name in said.attachments)]) for said in lines)


def last_said_before(delivery: Delivery) -> Said | None:
    """The customer's last message before this delivery's, to be quoted below an answer."""
    rows = Event.objects.filter(
        organization_id=delivery.organization_id,
        thread=delivery.thread,
        thread_seq__lt=delivery.first_seq,
        type__in=MESSAGES,
        author="customer",
    )
    event = rows.order_by("-thread_seq").first()
    return Said("customer", "", event.text, event.time) if event else None


def _authors(delivery: Delivery) -> tuple[str, ...]:
    return ("customer", "agent", "bot") if delivery.kind == Delivery.Kind.TRANSCRIPT else ("agent", "bot")


def _names(delivery: Delivery, emails: Collection[str]) -> dict[str, str]:
    if not emails:
        return {}
    people = Person.objects.filter(organization_id=delivery.organization_id, email__in=emails)
    return dict(people.values_list("email", "name"))


def _attachments(told: object) -> tuple[str, ...]:
    """The names of files: the files themselves are fetched where the conversation is."""
    if not isinstance(told, list):
        return ()
    return tuple(str(item.get("name", ""))[:100] for item in told[:20] if isinstance(item, dict) and item.get("name"))
