"""Shape of what is typed about a mail account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Center, Person
from accounts.queries import centers_for
from channels_app.mail.account_actions import AccountContent
from channels_app.mail.settings import LONGEST_CARRY_ON_MINUTES, SIGNATURE_LENGTH, MailSettings, settings_of
from channels_app.models import ChannelAccount


class MailAccountForm(forms.Form):
    name = forms.CharField(label=_("Sender's name"), max_length=60, help_text=_("Customers read it as the sender."))
    address = forms.CharField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("Mails go out from here. The mail server must allow that address."),
        widget=forms.EmailInput(attrs={"placeholder": "help@shop.example", "autocomplete": "off"}),
    )
    center = forms.ModelChoiceField(
        label=_("Center"),
        queryset=Center.objects.none(),
        required=False,
        empty_label=_("Every center without an account of its own"),
    )
    signature = forms.CharField(
        label=_("Signature"),
        max_length=SIGNATURE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands below each mail: the shop's name, telephone, opening hours."),
    )
    carries_on_after_minutes = forms.IntegerField(
        label=_("Chat answers go by mail after (minutes)"),
        min_value=0,
        max_value=LONGEST_CARRY_ON_MINUTES,
        help_text=_(
            "Where a visitor has left an address and has not seen the answer by then. 0: never. What comes meanwhile goes in one mail."
        ),
    )
    takes_answers = forms.BooleanField(
        label=_("Mails to this address reach the hub"),
        required=False,
        help_text=_("Then mails may ask for an answer. Your mail server hands them in: see below."),
    )
    plus_addresses = forms.BooleanField(
        label=_("The server knows plus addresses (help+…@)"),
        required=False,
        help_text=_("Then an answer finds its conversation in any mail program. If unsure, leave it off."),
    )
    vouching_server = forms.CharField(
        label=_("Name of the server that checks senders"),
        max_length=253,
        required=False,
        help_text=_(
            "The name in Authentication-Results of mails that you receive. Without it each sender stands as not confirmed."
        ),
    )
    is_active = forms.BooleanField(label=_("Switched on"), required=False)

    def __init__(self, data: Any, *, person: Person, account: ChannelAccount | None = None) -> None:
        super().__init__(data, initial=_initial(account))
        centers = self.fields["center"]
        assert isinstance(centers, forms.ModelChoiceField)
        centers.queryset = centers_for(person)

    def content(self) -> AccountContent:
        """What was typed; only after is_valid()."""
        told = self.cleaned_data
        settings = MailSettings(
            signature=told["signature"].strip(),
            takes_answers=told["takes_answers"],
            plus_addresses=told["plus_addresses"],
            vouching_server=told["vouching_server"].strip().lower(),
            carries_on_after_minutes=told["carries_on_after_minutes"],
        )
        return AccountContent(told["name"], told["address"], told["center"], told["is_active"], settings)


def _initial(account: ChannelAccount | None) -> dict[str, Any]:
    settings = settings_of(account) if account else MailSettings()
    return {
        "name": account.name if account else "",
        "address": account.address if account else "",
        "center": account.center_id if account else None,
        "is_active": account.is_active if account else True,
        "signature": settings.signature,
        "takes_answers": settings.takes_answers,
        "plus_addresses": settings.plus_addresses,
        "vouching_server": settings.vouching_server,
        "carries_on_after_minutes": settings.carries_on_after_minutes,
    }
