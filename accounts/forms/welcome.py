"""Shape of the first-run page: organization, first center, first store, the owner's account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.structure import SLUG_HELP
from accounts.validators import validate_slug

EVERY_DAY = "mon,tue,wed,thu,fri,sat,sun"
OPEN_DAYS = [
    ("mon,tue,wed,thu,fri", _("Monday to Friday")),
    ("mon,tue,wed,thu,fri,sat", _("Monday to Saturday")),
    (EVERY_DAY, _("Every day")),
]


def _time(label: object, initial: str, *, is_required: bool = True) -> forms.TimeField:
    return forms.TimeField(
        label=label,  # type: ignore[arg-type]
        initial=initial,
        required=is_required,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class WelcomeForm(forms.Form):
    organization_name = forms.CharField(label=_("Name of the shop or company"), max_length=100)
    organization_slug = forms.CharField(
        label=_("Short name"), max_length=50, validators=[validate_slug], help_text=SLUG_HELP
    )
    center_name = forms.CharField(label=_("Name of the team that answers"), max_length=100, initial=_("Contact center"))
    open_days = forms.ChoiceField(label=_("Open on"), choices=OPEN_DAYS)
    opens = _time(_("Opens at"), "09:00")
    closes = _time(_("Closes at"), "18:00")
    break_starts = _time(_("Lunch from"), "12:00", is_required=False)
    break_ends = _time(_("Lunch to"), "13:00", is_required=False)
    store_name = forms.CharField(label=_("Name of the first store"), max_length=100, required=False)
    owner_name = forms.CharField(label=_("Your name"), max_length=100)
    owner_email = forms.EmailField(label=_("E-mail to log in with"), max_length=254)
    owner_password = forms.CharField(
        label=_("Password"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters; not only digits."),
    )
    setup_code = forms.CharField(label=_("Set-up code"), max_length=200, required=False)

    def hours(self) -> dict[str, list[list[str]]]:
        """Returns the same spans for each open day; only after is_valid()."""
        cleaned = self.cleaned_data
        opens, closes = f"{cleaned['opens']:%H:%M}", f"{cleaned['closes']:%H:%M}"
        spans = [[opens, closes]]
        if cleaned["break_starts"] and cleaned["break_ends"]:
            spans = [[opens, f"{cleaned['break_starts']:%H:%M}"], [f"{cleaned['break_ends']:%H:%M}", closes]]
        return dict.fromkeys(cleaned["open_days"].split(","), spans)
