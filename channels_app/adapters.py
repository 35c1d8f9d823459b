"""The channels by which something goes out, each registered here once; a channel's own things are in its folder."""

from __future__ import annotations

from channels_app.deliveries.adapter import Adapter
from channels_app.mail.adapter import MailAdapter
from channels_app.messenger.adapter import MessengerAdapter
from channels_app.sms.adapter import SmsAdapter

ADAPTERS: dict[str, Adapter] = {"mail": MailAdapter(), "sms": SmsAdapter(), "messenger": MessengerAdapter()}


def adapter_for_channel(channel: str) -> Adapter | None:
    """Returns the adapter by which answers in conversations of this channel go out, where there is one."""
    return next((adapter for adapter in ADAPTERS.values() if adapter.channel == channel), None)
