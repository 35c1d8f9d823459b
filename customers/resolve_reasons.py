"""Why a ticket was resolved, as `ticket.resolved` says it: in this room because the history says it as well.

Nothing said means that the matter is settled.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SOLVED = ""
REASONS = {
    SOLVED: _("Settled"),
    "no_reply": _("The customer did not answer any more"),
    "duplicate": _("Same matter as another ticket"),
    "not_ours": _("Not a matter of ours"),
    "spam": _("Spam or advertising"),
}


def words_of_reason(reason: object) -> str:
    """Returns the words for a reason that is worth a word; "" for a settled matter and for what is not known."""
    return str(REASONS[reason]) if isinstance(reason, str) and reason in REASONS and reason != SOLVED else ""
