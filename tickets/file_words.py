"""Why a file was not kept, for whoever reads the message that it came with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

_WORDS = {
    "too_large": _("not kept: too large"),
    "empty": _("not kept: it is empty"),
    "unknown_type": _("not kept: files of this kind are not taken"),
    "too_many_pixels": _("not kept: the picture is too large"),
}


def problem_words(code: str) -> str:
    """The words for a code of `tickets.actions.attachments.CannotAttach`; plain ones for one that is not known."""
    return str(_WORDS.get(code, _("not kept")))
