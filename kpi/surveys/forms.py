"""The forms of the settings screens and of the screen of answers."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person, Role
from accounts.queries import people_for, stores_for
from kpi.actions.surveys_settings import Caps, PlanContent
from kpi.models import SurveyPlan, SurveySettings
from kpi.surveys.occasions import RULES, Occasion
from kpi.surveys.texts import FIELDS, LANGUAGES, LENGTHS, default_texts

_LABELS = {
    "subject": gettext_lazy("Subject of the mail"),
    "message": gettext_lazy("Message"),
    "question": gettext_lazy("Question on the page"),
    "thanks": gettext_lazy("Thanks on the page"),
}
_WAITS = (0, 5, 15, 30, 60, 180, 1440, 2880, 4320, 7200, 10080, 14 * 1440)


def wait_words(minutes: int) -> str:
    if minutes == 0:
        return _("At once")
    if minutes < 60:
        return _("After %(count)d minutes") % {"count": minutes}
    if minutes < 1440:
        return _("After %(count)d hours") % {"count": minutes // 60}
    return _("After %(count)d days") % {"count": minutes // 1440}


class CapsForm(forms.Form):
    days_between = forms.IntegerField(
        label=gettext_lazy("Days between two surveys"),
        min_value=1,
        max_value=365,
        help_text=gettext_lazy("A customer is asked at most once in so many days, whatever about."),
    )
    nps_days_between = forms.IntegerField(
        label=gettext_lazy("Days between two of recommendation"), min_value=1, max_value=365
    )
    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("21:00 at the latest. What falls into the night goes in the morning."),
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("8:00 at the earliest."),
    )
    opens_tickets = forms.BooleanField(
        label=gettext_lazy("A low score opens a ticket, or a promise in the one that is open"), required=False
    )
    low_csat = forms.IntegerField(label=gettext_lazy("Satisfaction is low up to"), min_value=1, max_value=4)
    low_nps = forms.IntegerField(label=gettext_lazy("Recommendation is low up to"), min_value=0, max_value=9)
    low_ces = forms.IntegerField(label=gettext_lazy("Ease is low up to"), min_value=1, max_value=6)
    looked_after_by = forms.ModelChoiceField(
        label=gettext_lazy("Who looks after low scores"),
        queryset=Person.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=gettext_lazy("A lead of the center"),
    )
    contact = forms.CharField(
        label=gettext_lazy("Contact in advertisements"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Only for texts that advertise: where you can be reached, such as 02-000-0100."),
    )

    def __init__(self, *args: Any, person: Person, settings: SurveySettings, **kwargs: Any) -> None:
        names = Caps.__dataclass_fields__
        initial = {name: getattr(settings, name) for name in names if name != "looked_after_by"}
        named = settings.looked_after_by
        initial["looked_after_by"] = named.public_id if named else None
        super().__init__(*args, **{**kwargs, "initial": initial})
        field = self.fields["looked_after_by"]
        assert isinstance(field, forms.ModelChoiceField), "Declared so above."
        field.queryset = people_for(person).filter(is_active=True).exclude(role=Role.STORE_STAFF)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if (at := data.get("quiet_from")) and not 12 <= at.hour + at.minute / 60 <= 21:
            self.add_error("quiet_from", _("Choose a time from 12:00 to 21:00: the night stays quiet."))
        if (at := data.get("quiet_until")) and not 8 <= at.hour + at.minute / 60 < 12:
            self.add_error("quiet_until", _("Choose a time from 8:00 to 11:59: the night stays quiet."))
        return data

    def content(self) -> Caps:
        return Caps(**{name: self.cleaned_data[name] for name in Caps.__dataclass_fields__})


class PlanForm(forms.Form):
    is_on = forms.BooleanField(label=gettext_lazy("Ask customers"), required=False)
    wait_minutes = forms.TypedChoiceField(label=gettext_lazy("When"), coerce=int)
    sample_percent = forms.IntegerField(label=gettext_lazy("Ask how many of a hundred"), min_value=1, max_value=100)
    is_advertising = forms.BooleanField(
        label=gettext_lazy("The text advertises: a coupon, an event, a new product"),
        required=False,
        help_text=gettext_lazy(
            "Then the law asks for more: the mark (Ad), your contact, and her consent to that medium or a purchase within six months. A plain question is no advertisement."
        ),
    )

    def __init__(self, *args: Any, plan: SurveyPlan, **kwargs: Any) -> None:
        self.plan = plan
        initial: dict[str, Any] = {
            name: getattr(plan, name) for name in ("is_on", "wait_minutes", "sample_percent", "is_advertising")
        }
        for language in LANGUAGES:
            texts = {**default_texts(plan.occasion, language), **plan.texts.get(language, {})}
            initial |= {f"{language}_{name}": texts[name] for name in FIELDS}
        super().__init__(*args, **{**kwargs, "initial": initial})
        waits = sorted({*_WAITS, plan.wait_minutes})
        self.fields["wait_minutes"].choices = [(wait, wait_words(wait)) for wait in waits]  # type: ignore[attr-defined]
        for language in LANGUAGES:
            for name in FIELDS:
                widget = forms.Textarea(attrs={"rows": 3}) if name == "message" else forms.TextInput()
                self.fields[f"{language}_{name}"] = forms.CharField(
                    label=_LABELS[name], max_length=LENGTHS[name], required=False, widget=widget
                )
        if not RULES[Occasion(plan.occasion)].is_sent:
            for name in ("wait_minutes", "sample_percent", "is_advertising"):
                del self.fields[name]
            for language in LANGUAGES:
                del self.fields[f"{language}_subject"], self.fields[f"{language}_message"]

    @property
    def languages(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The texts by language, for the template."""
        names = {"ko": _("Korean"), "en": _("English")}
        return [
            (names[language], [self[name] for name in self.fields if name.startswith(f"{language}_")])
            for language in LANGUAGES
        ]

    def texts(self) -> dict[str, dict[str, str]]:
        """What differs from the defaults: those may become better with a later version."""
        told: dict[str, dict[str, str]] = {}
        for language in LANGUAGES:
            usual = default_texts(self.plan.occasion, language)
            written = {
                name: unicodedata.normalize("NFC", self.cleaned_data.get(f"{language}_{name}", "")) for name in FIELDS
            }
            told[language] = {name: text for name, text in written.items() if text and text != usual[name]}
        return told

    def content(self) -> PlanContent:
        data = self.cleaned_data
        return PlanContent(
            is_on=data["is_on"],
            wait_minutes=data.get("wait_minutes", 0),
            sample_percent=data.get("sample_percent", 100),
            is_advertising=data.get("is_advertising", False),
            texts=self.texts(),
        )


class PointForm(forms.Form):
    store = forms.ModelChoiceField(
        label=gettext_lazy("Store"), queryset=Person.objects.none(), to_field_name="public_id"
    )
    label = forms.CharField(
        label=gettext_lazy("Till or place"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Empty for the whole store."),
    )
    person = forms.ModelChoiceField(
        label=gettext_lazy("Member of staff"),
        queryset=Person.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=gettext_lazy("Nobody in particular"),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("store", stores_for(person)), ("person", people_for(person).filter(is_active=True))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField), "Declared so above."
            field.queryset = rows


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        choices=[
            ("solved", gettext_lazy("Solved")),
            ("called_back", gettext_lazy("Spoken to")),
            ("not_reached", gettext_lazy("Not reached")),
            ("nothing_possible", gettext_lazy("Nothing could be done")),
            ("not_needed", gettext_lazy("Nothing to be done")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("In a sentence"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_text(self) -> str:
        return unicodedata.normalize("NFC", str(self.cleaned_data["text"])).strip()
