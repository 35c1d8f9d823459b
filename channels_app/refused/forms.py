"""Shape of what is asked of the list, typed into the editor, and given as a reason."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from channels_app.problems import PROBLEM_KINDS
from channels_app.refused.queries import Wanted

STATES = [("open", _("Still to settle")), ("mended", _("Sent again")), ("discarded", _("Discarded"))]
# A little more than one event may have; larger bodies are not shown for editing.
EDITABLE_CHARACTERS = 1_200_000


def read_wanted(told: QueryDict) -> Wanted:
    """What the list is asked for; nonsense counts as not asked."""
    state, kind = told.get("state", ""), told.get("kind", "")
    return Wanted(
        state=state if state in dict(STATES) else "open",
        kind=kind if kind in PROBLEM_KINDS else "",
        sender=told.get("sender", "").replace("\x00", "")[:200],
    )


class MendForm(forms.Form):
    body = forms.CharField(
        label=_("The event as JSON"), max_length=EDITABLE_CHARACTERS, strip=False, widget=forms.Textarea
    )


class DiscardForm(forms.Form):
    reason = forms.CharField(label=_("Why is it discarded?"), max_length=500)
