"""Why somebody was not asked, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

NO_CUSTOMER, NO_WAY, TOO_SOON, OPTED_OUT, IN_CHAT = "no_customer", "no_way", "too_soon", "opted_out", "in_chat"
OPEN_AGAIN, TOO_LATE, NO_DEAL, SWITCHED_OFF, NOT_SENT = "open_again", "too_late", "no_deal", "switched_off", "not_sent"

_WORDS = {
    NO_CUSTOMER: _("Nobody knows who she is"),
    NO_WAY: _("No mobile number or mail address that could be written to"),
    TOO_SOON: _("She was asked not long ago"),
    OPTED_OUT: _("She wants no surveys"),
    IN_CHAT: _("She is asked in the chat"),
    OPEN_AGAIN: _("Her ticket was opened again"),
    TOO_LATE: _("It had become too late"),
    NO_DEAL: _("It advertises: she has not agreed to that, or has taken it back, and has bought nothing in six months"),
    SWITCHED_OFF: _("Switched off meanwhile"),
    NOT_SENT: _("It could not be delivered"),
}


def reason_words(reason: str) -> str:
    return str(_WORDS.get(reason, reason))
