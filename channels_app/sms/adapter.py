"""The two verbs of text messages: sends what a delivery announces; nothing comes in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels_app.deliveries.adapter import DeliveryFailed, Way
from channels_app.deliveries.announcements import announcement_of
from channels_app.models import ChannelAccount, Delivery
from channels_app.sms.providers import PROVIDERS, Text
from channels_app.sms.settings import settings_of
from customers.phone_numbers import parse_phone


class SmsAdapter:
    channel = "sms"

    @property
    def is_set_up(self) -> bool:
        return True  # each account brings its own provider

    def way_to(self, organization_id: int, thread: str, center_id: int | None) -> Way | None:
        return None  # no conversation is held by text messages

    def awaits_report(self, account: ChannelAccount) -> bool:
        return settings_of(account).reports

    def message_id(self, delivery: Delivery, account: ChannelAccount) -> str:
        return delivery.key.hex

    def send(self, delivery: Delivery) -> None:
        settings = settings_of(delivery.account)
        if not settings.knows_repeats and delivery.may_have_gone():
            raise DeliveryFailed("interrupted", is_permanent=True, is_unknown=True)
        told = announcement_of(delivery)
        text = Text(
            key=delivery.key.hex,
            sender=delivery.account.address,
            recipient=_digits(delivery.recipient),
            subject=told.subject,
            words=told.as_text,
            shop=delivery.organization.name,
            link=told.link,
            is_notice=told.fills_template,
        )
        PROVIDERS[settings.provider](text, settings)

    def events_of(self, account: ChannelAccount, payload: Any, *, at: datetime) -> list[dict[str, Any]]:
        return []


def _digits(number: str) -> str:
    """As Korean providers want it: 01012345678; a foreign one in full."""
    phone = parse_phone(number)
    e164 = phone.e164 or number
    return f"0{e164[3:]}" if e164.startswith("+82") else e164
