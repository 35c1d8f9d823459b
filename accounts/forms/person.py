"""Shape of what is typed about people. What is allowed is decided by the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.models import Center, Organization, Person, Role, Store

LANGUAGES = [("", _("As the organization")), *Organization.Language.choices]


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("What this person logs in with."))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)


class AccessForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect, initial=Role.AGENT)
    centers: "forms.ModelMultipleChoiceField[Center]" = forms.ModelMultipleChoiceField(
        label=_("Centers"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whose tickets this person sees. Head office sees every center."),
    )
    stores: "forms.ModelMultipleChoiceField[Store]" = forms.ModelMultipleChoiceField(
        label=_("Stores"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where store staff serve customers."),
    )

    def __init__(self, *args: Any, manager: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centers"].queryset = queries.centers_for(manager)  # type: ignore[attr-defined]
        self.fields["stores"].queryset = queries.stores_for(manager)  # type: ignore[attr-defined]


class NewPersonForm(AccessForm, PersonForm):
    field_order = ["name", "email", "role", "centers", "stores", "language"]


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)


class DeactivateForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
