"""Shape of what is typed about a new key."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from channels_app.models.api_key import Scope

SCOPES = [
    (
        Scope.EVENTS_WRITE,
        _("Send events"),
        _("For a till, a telephone exchange, a shop. Only under the sources below."),
    ),
    (Scope.EVENTS_READ, _("Read events"), _("The whole history of all customers of this organization.")),
    (Scope.CUSTOMERS_READ, _("Look up customers"), _("One customer at a time, by phone, e-mail or member number.")),
    (Scope.KPI_READ, _("Read figures"), _("Figures only, no customers.")),
]
NO_LIMIT = "none"
LIMITS = [
    ("600", _("600 events a minute")),
    ("6000", _("6,000 events a minute")),
    ("60000", _("60,000 events a minute (usual)")),
    (NO_LIMIT, _("No limit (for an import)")),
]
DAYS = [("", _("Never")), ("30", _("In 30 days")), ("90", _("In 90 days")), ("365", _("In a year"))]


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("Who or what will use it: one key for each, so that one can be revoked."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope, label) for scope, label, _help in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.EVENTS_WRITE],
        error_messages={"required": _("Choose at least one.")},
    )
    sources = forms.CharField(
        label=_("Sources it may write"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "/seoul/pos\n/seoul/call", "spellcheck": "false"}),
        help_text=_(
            "One a line. Each source named, and every path below it. By custom it begins with the center's name."
        ),
    )
    limit = forms.ChoiceField(label=_("Limit"), choices=LIMITS, initial="60000")
    days = forms.ChoiceField(label=_("Expires"), choices=DAYS, required=False)

    @property
    def scope_choices(self) -> list[dict[str, Any]]:
        """Each scope with its explanation, for the template."""
        chosen = self["scopes"].value() or []
        return [
            {"value": scope.value, "label": label, "help": words, "is_chosen": scope.value in chosen}
            for scope, label, words in SCOPES
        ]

    def clean_sources(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["sources"].splitlines() if line.strip()]

    def events_per_minute(self) -> int | None:
        limit = self.cleaned_data["limit"]
        return None if limit == NO_LIMIT else int(limit)

    def expires_at(self, now: datetime) -> datetime | None:
        days = self.cleaned_data["days"]
        return now + timedelta(days=int(days)) if days else None
