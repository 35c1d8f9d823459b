"""Shape of what is typed about a widget."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Center, Person
from accounts.queries import centers_for
from channels_app.models.widget import Asked, WidgetSettings
from channels_app.widget.settings_actions import PLAIN, WidgetContent, WidgetSettingsRefused, checked_origins


def _asked(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Asked.choices)


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
    brand_color = forms.CharField(
        label=_("Color"),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_(
            "The button, the head and her own messages. Letters on it are black or white, whichever reads better."
        ),
    )
    plays_sound = forms.BooleanField(
        label=_("A short sound when an answer comes (visitors can switch it off)"), required=False
    )
    asks_contact = forms.BooleanField(label=_("Form before the chat"), required=False)
    asks_name = _asked(_("Name"))
    asks_phone = _asked(_("Mobile phone"))
    asks_email = _asked(_("Mail address"))
    asks_topic = _asked(_("Topic"))
    takes_closed_messages = forms.BooleanField(
        label=_("Form out of hours: message and how to reach her"), required=False
    )
    contact_kept_months = forms.IntegerField(
        label=_("Contact is kept for (months)"),
        min_value=1,
        max_value=120,
        help_text=_("Stands in the consent of both forms, with what is collected and why."),
    )
    privacy_url = forms.URLField(
        label=_("Address of your privacy policy"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://shop.example/privacy"}),
    )
    asks_satisfaction = forms.BooleanField(
        label=_("Ask for satisfaction (1–5) when a chat is resolved"), required=False
    )
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
            **asdict(WidgetContent("")),
            "greeting_ko": "안녕하세요! 무엇을 도와드릴까요?",
            "greeting_en": "Hello! How can we help you?",
            "allowed_origins": "",
        }
    return {
        "name": widget.name,
        "center": widget.center_id,
        "greeting_ko": widget.greeting_ko,
        "greeting_en": widget.greeting_en,
        "allowed_origins": "\n".join(widget.allowed_origins),
        **{field: getattr(widget, field) for field in ("brand_color", "privacy_url", "contact_kept_months", *PLAIN)},
    }
