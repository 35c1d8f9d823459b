"""The two verbs of messengers: posts what a delivery carries to the shop's relay; what comes in, the relay sends as events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels_app.deliveries.accounts import accounts_of_center
from channels_app.deliveries.adapter import Way
from channels_app.deliveries.contents import written
from channels_app.deliveries.webhook import post_signed
from channels_app.messenger.settings import settings_of
from channels_app.models import ChannelAccount, Delivery
from customers.models import Event

RECIPIENT_LENGTH = 254


class MessengerAdapter:
    channel = "message"

    @property
    def is_set_up(self) -> bool:
        return True  # each account brings its own relay

    def way_to(self, organization_id: int, thread: str, center_id: int | None) -> Way | None:
        """To whoever wrote last in the conversation, under the id that the service gave her. Two statements at most."""
        account = accounts_of_center(organization_id, "messenger", center_id).first()
        recipient = _written_from(organization_id, thread) if account else ""
        return Way(account, recipient) if account and recipient else None

    def awaits_report(self, account: ChannelAccount) -> bool:
        return False

    def message_id(self, delivery: Delivery, account: ChannelAccount) -> str:
        return delivery.key.hex

    def send(self, delivery: Delivery) -> None:
        settings = settings_of(delivery.account)
        channel, _space, recipient = delivery.recipient.partition(" ")
        told = {
            "type": "message",
            "id": delivery.key.hex,
            "service": channel.partition(":")[0],
            "account": channel,
            "to": recipient,
            "thread": delivery.thread,
            "text": written(delivery),
        }
        post_signed(told, url=settings.url, secret=settings.secret, key=delivery.key.hex)

    def events_of(self, account: ChannelAccount, payload: Any, *, at: datetime) -> list[dict[str, Any]]:
        return []


def _written_from(organization_id: int, thread: str) -> str:
    """Channel account and id, with a space between; "" where nobody is known by one."""
    rows = Event.objects.filter(
        organization_id=organization_id,
        thread=thread,
        type="message.message",
        author="customer",
        data__customer__external__isnull=False,
    )
    external = rows.order_by("-thread_seq").values_list("data__customer__external", flat=True).first()
    for channel, value in sorted(external.items()) if isinstance(external, dict) else ():
        told = f"{channel} {value}"
        if " " not in channel and value and len(told) <= RECIPIENT_LENGTH:
            return told
    return ""
