"""Shape of what is typed about a widget."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Center, Person
from accounts.queries import centers_for
from channels_app.models.widget import WidgetSettings
from channels_app.widget.settings_actions import WidgetContent, WidgetSettingsRefused, checked_origins


class WidgetForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Visitors read it at the top of the chat."))
    center = forms.ModelChoiceField(label=_("Center that answers"), queryset=Center.objects.none(), empty_label=None)
    greeting_ko = forms.CharField(
        label=_("Greeting in Korean"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    greeting_en = forms.CharField(
        label=_("Greeting in English"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    allowed_origins = forms.CharField(
        label=_("Allowed sites"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "https://shop.example"}),
        help_text=_("One address a line. The widget works on these sites only; this hub's own pages always may."),
    )
    asks_contact = forms.BooleanField(label=_("Ask for name and phone (visitors may skip it)"), required=False)
    is_active = forms.BooleanField(label=_("Switched on"), required=False)

    def __init__(self, data: Any, *, person: Person, widget: WidgetSettings | None = None) -> None:
        super().__init__(data, initial=_initial(widget))
        centers = self.fields["center"]
        assert isinstance(centers, forms.ModelChoiceField)
        centers.queryset = centers_for(person)

    def clean_allowed_origins(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["allowed_origins"].splitlines() if line.strip()]
        try:
            return checked_origins(lines)
        except WidgetSettingsRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def content(self) -> WidgetContent:
        """Returns what was typed; only after is_valid()."""
        return WidgetContent(**{key: value for key, value in self.cleaned_data.items() if key != "center"})


def _initial(widget: WidgetSettings | None) -> dict[str, Any]:
    if widget is None:
        return {
            "asks_contact": True,
            "is_active": True,
            "greeting_ko": "안녕하세요! 무엇을 도와드릴까요?",
            "greeting_en": "Hello! How can we help you?",
        }
    return {
        "name": widget.name,
        "center": widget.center_id,
        "greeting_ko": widget.greeting_ko,
        "greeting_en": widget.greeting_en,
        "allowed_origins": "\n".join(widget.allowed_origins),
        "asks_contact": widget.asks_contact,
        "is_active": widget.is_active,
    }
