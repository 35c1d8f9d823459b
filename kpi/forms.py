"""Forms of the room: exports, goals, mails."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.models import Export, Goal


class ExportForm(forms.Form):
    """`needs_reason` where customers' names are in the table."""

    format = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=[(Export.Format.XLSX, "Excel (.xlsx)"), (Export.Format.CSV, "CSV (UTF-8)")],
        widget=forms.RadioSelect,
        initial=Export.Format.XLSX,
    )
    reason = forms.CharField(
        label=gettext_lazy("What do you need it for?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Customers' names are in it. Who took it out, when and why is written down."),
    )

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_reason = needs_reason
        if needs_reason:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _("Say in a few words why.")
        else:
            del self.fields["reason"]

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if self.needs_reason and len(reason) < 2:
            raise forms.ValidationError(_("Say in a few words why."))
        return reason


class GoalForm(forms.Form):
    """A goal from a day on. Past days keep theirs: it begins today at the earliest."""

    figure = forms.ChoiceField(label=gettext_lazy("Figure"), choices=Goal.Figure.choices)
    value = forms.IntegerField(
        label=gettext_lazy("Goal"),
        required=False,
        help_text=gettext_lazy("A share in %, for NPS points from −100 to 100. Empty: no goal from that day on."),
    )
    effective_from = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Days before keep the goal of their time."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["effective_from"].initial = today

    def clean_effective_from(self) -> date:
        day: date = self.cleaned_data["effective_from"]
        if day < self.today:
            raise forms.ValidationError(_("Choose today or a later day: figures of the past stay as they are."))
        if day > self.today + timedelta(days=3660):
            raise forms.ValidationError(_("Choose a day within ten years."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        value, lowest = cleaned.get("value"), -100 if cleaned.get("figure") == Goal.Figure.NPS else 0
        if value is not None and not lowest <= value <= 100:
            self.add_error("value", _("Choose a number from %(low)d to 100.") % {"low": lowest})
        return cleaned
