"""The shape of what people send about promises, and what their list should show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.business_hours import BusinessHours
from accounts.models import Center, Person
from customers.models import Promise
from tickets.models.promise_settings import MOST_LEAD_MINUTES
from tickets.promise_times import closing_of
from tickets.queries.promises import When, Whose

WORDS_LENGTH = 1000


class KeepingForm(forms.Form):
    """When it falls due and who keeps it. `day` is one of the closing times offered, `until` a time of one's own."""

    day = forms.DateField(required=False, error_messages={"invalid": _("Choose a day for the promise.")})
    until = forms.DateTimeField(required=False, error_messages={"invalid": _("Choose a day and a time.")})
    owner = forms.CharField(required=False, max_length=100)
    reason = forms.CharField(
        required=False,
        max_length=WORDS_LENGTH,
        error_messages={"max_length": _("This text is too long: at most %(limit_value)d characters.")},
    )

    def __init__(self, data: Any, *, hours: BusinessHours, people: list[Person], centers: list[Center]) -> None:
        super().__init__(data)
        self._hours, self._people, self._centers = hours, people, centers

    def due(self) -> datetime | None:
        """What was typed beats what was tapped: it was done on purpose."""
        until: datetime | None = self.cleaned_data["until"]
        day = self.cleaned_data["day"]
        return until or (closing_of(self._hours, day) if day else None)

    def clean_owner(self) -> Person | Center | None:
        kind, _colon, name = self.cleaned_data["owner"].partition(":")
        if not kind:
            return None
        by_name: dict[str, Person | Center] = {f"person:{one.public_id}": one for one in self._people}
        by_name |= {f"center:{one.slug}": one for one in self._centers}
        if f"{kind}:{name}" not in by_name:
            raise forms.ValidationError(_("Choose somebody from the list."))
        return by_name[f"{kind}:{name}"]


class PromiseForm(KeepingForm):
    """A new promise. `key` is the page's own id of it: sent twice, it is one."""

    text = forms.CharField(
        max_length=WORDS_LENGTH,
        error_messages={
            "required": _("Say what is promised."),
            "max_length": _("This text is too long: at most %(limit_value)d characters."),
        },
    )
    key = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data["day"] and not self.cleaned_data["until"]:
            raise forms.ValidationError(_("Choose by when."))
        return self.cleaned_data

    def act_key(self) -> str:
        key = self.cleaned_data["key"]
        return str(key) if key else ""


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=Promise.Status.choices)
    reason = forms.CharField(required=False, max_length=WORDS_LENGTH)


class PromiseListForm(forms.Form):
    """Anything unreadable is as if it had not been said."""

    whose = forms.ChoiceField(choices=[(whose, whose) for whose in Whose], required=False)
    when = forms.ChoiceField(choices=[(when, when) for when in When], required=False)

    def asked(self) -> tuple[Whose, When]:
        self.is_valid()
        said = self.cleaned_data
        return Whose(said.get("whose") or Whose.MINE), When(said.get("when") or When.ALL)


class LeadForm(forms.Form):
    minutes = forms.IntegerField(
        min_value=0,
        max_value=MOST_LEAD_MINUTES,
        error_messages={
            "required": _("Say how many minutes before."),
            "invalid": _("Give a number of minutes."),
            "min_value": _("Give a number of minutes."),
            "max_value": _("At most %(limit_value)d minutes of business time."),
        },
    )
