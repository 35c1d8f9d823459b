"""What goes wrong with calls, in words for a screen; and what this folder's actions are called in the audit trail."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit_words import add_action_words


def problem_words(problem: str) -> str:
    """Why a call could not be handed over, and what to do."""
    return {
        "unreachable": _("The telephone system does not answer. Try again, or dial by hand."),
        "declined": _("The telephone system declined the call. Ask whoever runs it, or dial by hand."),
        "address": _("The hub may not ask the telephone system's address. Ask whoever runs the hub."),
        "not_connected": _("No telephone system is connected any more. Dial by hand."),
        "silent": _(
            "The telephone system took the call and has told nothing of it. Look at your telephone, or try again."
        ),
        "late": _("The call was not made in time. Try again."),
    }.get(problem, _("The call could not be made. Try again, or dial by hand."))


def unavailable_words(cause: str) -> str:
    """Why a recording cannot be played."""
    return {
        "unreachable": _("The provider of the recording does not answer. Try again later."),
        "gone": _("The provider no longer has this recording."),
        "address": _("The hub may not ask the address where this recording is kept. Ask whoever runs the hub."),
        "no_sound": _("What is kept there is no recording that can be played."),
    }.get(cause, _("The recording cannot be played now."))


def register_own_words() -> None:
    """Called once by the room's AppConfig."""
    add_action_words(
        {
            "calls.request": gettext_lazy("Called from the hub"),
            "calls.listen": gettext_lazy("Listened to a recording"),
            "channels.telephony.view_secret": gettext_lazy("Saw the secret of the telephone connection"),
            "channels.telephony.set": gettext_lazy("Changed the telephone connection"),
        }
    )
