"""What an account of this channel has decided. Kept in `ChannelAccount.settings`; no secrets: the server's are in MAIL_URL."""

from __future__ import annotations

from typing import Annotated

import msgspec

from channels_app.models import ChannelAccount

LONGEST_CARRY_ON_MINUTES = 24 * 60
SIGNATURE_LENGTH = 1000  # characters


class MailSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """`takes_answers`: mails to the address reach the hub, so that mails may ask for an answer."""

    signature: str = ""
    takes_answers: bool = False
    # help+<key>@shop.example: finds the conversation where a mail program drops references. Not every server knows it.
    plus_addresses: bool = False
    # Whose word counts that a sender is who she says she is: the name that our own mail server writes in front of its
    # Authentication-Results. Anybody may write such a header, only our server writes this name last.
    vouching_server: str = ""
    # A chat's answers that the visitor has not seen go by mail after so many minutes; 0: never.
    carries_on_after_minutes: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_CARRY_ON_MINUTES)] = 5


def settings_of(account: ChannelAccount) -> MailSettings:
    return msgspec.convert(account.settings, MailSettings)
