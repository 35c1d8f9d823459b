"""Shape of what is typed about organization, centers and stores; schedules have their own file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.models import Center, Organization, Person
from accounts.schedules import DEFAULT_TARGETS, Targets
from accounts.validators import validate_currency, validate_slug

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SECONDS_BY_UNIT = {"s": 1, "m": 60, "h": 3600}
UNITS = [("s", _("seconds")), ("m", _("minutes")), ("h", _("hours"))]
CHANNEL_LABELS = {"chat": _("Chat"), "call": _("Call"), "message": _("Message"), "mail": _("Mail")}

SLUG_HELP = _("Lower-case letters, digits and hyphens. Events name it; it cannot be changed later.")


def _timezones() -> list[tuple[str, str]]:
    return [(zone, zone) for zone in sorted(available_timezones()) if "/" in zone and not zone.startswith("Etc/")]


class SecondsForm(forms.Form):
    """Lengths of time, each typed as a number and a unit, in the fields `<name>_amount` and `<name>_unit`."""

    def add_seconds(self, name: str, label: StrOrPromise, *, placeholder: str = "", unit: str = "m") -> None:
        """Adds the pair of fields of one length; `unit` is what it is offered in."""
        self.fields[f"{name}_amount"] = forms.IntegerField(
            label=label,
            required=False,
            min_value=1,
            max_value=86_400,
            widget=forms.NumberInput(attrs={"placeholder": placeholder}),
        )
        self.fields[f"{name}_unit"] = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial=unit, required=False)

    def pairs(self, names: Iterable[str]) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Number and unit of each, for the template."""
        return [(self[f"{name}_amount"], self[f"{name}_unit"]) for name in names]

    def seconds(self, name: str) -> int | None:
        """Returns what was typed, or None; only after is_valid()."""
        amount = self.cleaned_data.get(f"{name}_amount")
        return amount * SECONDS_BY_UNIT[self.cleaned_data[f"{name}_unit"] or "s"] if amount else None


def typed_seconds(name: str, seconds: int) -> dict[str, Any]:
    """The initial values of the pair of fields that shows so many seconds."""
    amount, unit = split_seconds(seconds)
    return {f"{name}_amount": amount, f"{name}_unit": unit}


class TargetsForm(SecondsForm):
    """Seconds to the first response by channel. Empty: the default."""

    def __init__(
        self,
        data: Any = None,
        *,
        targets: Targets | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        initial = dict(initial or {})
        for channel, seconds in (targets or {}).items():
            initial |= typed_seconds(channel, seconds)
        super().__init__(data, initial=initial)
        for channel, default_seconds in DEFAULT_TARGETS.items():
            amount, unit = split_seconds(default_seconds)
            self.add_seconds(channel, CHANNEL_LABELS[channel], placeholder=str(amount), unit=unit)

    def target_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The pairs of number and unit, for the template."""
        return self.pairs(DEFAULT_TARGETS)

    def targets(self) -> Targets:
        """Returns the seconds of the channels that were filled in; only after is_valid()."""
        return {channel: seconds for channel in DEFAULT_TARGETS if (seconds := self.seconds(channel))}


def split_seconds(seconds: int) -> tuple[int, str]:
    """Returns the largest unit that divides the seconds, and how many of it: 14400 is (4, "h")."""
    for unit in ("h", "m"):
        if seconds % SECONDS_BY_UNIT[unit] == 0:
            return seconds // SECONDS_BY_UNIT[unit], unit
    return seconds, "s"


class OrganizationForm(TargetsForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=_timezones, help_text=_("Where the organization's days begin and end.")
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, validators=[validate_currency])
    language = forms.ChoiceField(label=_("Language"), choices=Organization.Language.choices)
    reopen_days = forms.IntegerField(
        label=_("Days in which a ticket reopens"),
        min_value=1,
        max_value=365,
        help_text=_("A customer who writes within these days after it was resolved reopens the ticket."),
    )


class CenterForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=Center.Kind.choices)


class NewCenterForm(CenterForm):
    slug = forms.CharField(label=_("Short name"), max_length=50, validators=[validate_slug], help_text=SLUG_HELP)
    field_order = ["name", "slug", "kind"]


class StoreForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    center: forms.ModelChoiceField[Center] = forms.ModelChoiceField(
        label=_("Center"),
        queryset=None,
        required=False,
        empty_label=_("None"),
        help_text=_("Inquiries raised in this store go to this center."),
    )

    def __init__(self, *args: Any, manager: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["center"].queryset = queries.centers_for(manager)  # type: ignore[attr-defined]


class NewStoreForm(StoreForm):
    slug = forms.CharField(label=_("Short name"), max_length=50, validators=[validate_slug], help_text=SLUG_HELP)
    field_order = ["name", "slug", "center"]
