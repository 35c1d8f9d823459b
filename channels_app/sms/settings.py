"""What an account for text messages has decided. Kept in `ChannelAccount.settings`; the secret stands readable: HMAC needs it."""

from __future__ import annotations

from typing import Literal

import msgspec

from channels_app.models import ChannelAccount

SOLAPI_URL = "https://api.solapi.com/messages/v4/send-many/detail"


class SmsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """`url` of the webhook; for Solapi "" is its own address. With a Kakao profile and template an information goes as
    a notice by Kakao, and as a text message where that does not reach her."""

    provider: Literal["webhook", "solapi"] = "webhook"
    url: str = ""
    api_key: str = ""
    secret: str = ""
    kakao_profile: str = ""
    kakao_template: str = ""
    # The provider tells whether a text has arrived, at the address of this account (channels_app.sms.reports).
    reports: bool = False

    @property
    def knows_repeats(self) -> bool:
        """Whether the provider sends what it is asked for twice under one key once only."""
        return self.provider == "webhook"


def settings_of(account: ChannelAccount) -> SmsSettings:
    return msgspec.convert(account.settings, SmsSettings)
