"""What the account for messengers has decided. Kept in `ChannelAccount.settings`; the secret stands readable: HMAC needs it."""

from __future__ import annotations

import msgspec

from channels_app.models import ChannelAccount


class MessengerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """`url` of the relay that takes a signed POST."""

    url: str = ""
    secret: str = ""


def settings_of(account: ChannelAccount) -> MessengerSettings:
    return msgspec.convert(account.settings, MessengerSettings)
