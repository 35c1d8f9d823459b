"""Shape of the audit trail's filter, its export and its monthly sign-off."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import audit_words, queries
from accounts.models import Person


class AuditFilterForm(forms.Form):
    person: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        label=_("Person"), queryset=None, required=False, to_field_name="public_id", empty_label=_("Everybody")
    )
    action = forms.ChoiceField(label=_("Action"), required=False)
    customer = forms.UUIDField(label=_("Customer number"), required=False)
    from_date = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    to_date = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, reader: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = queries.people_for(reader)  # type: ignore[attr-defined]
        self.fields["action"].choices = [  # type: ignore[attr-defined]
            ("", _("Every action")),
            *audit_words.known_actions(),
        ]


class AuditExportForm(AuditFilterForm):
    reason = forms.CharField(
        label=_("Why is this exported?"),
        max_length=200,
        min_length=2,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("The reason is kept in the trail and read at the monthly review."),
    )


class SignOffForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was noticed, and what was done about it."),
    )
