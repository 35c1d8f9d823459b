"""The settings screen of the provider of text messages."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.conf import settings as hub
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from channels_app.models import ChannelAccount
from channels_app.sms.actions import set_sms, sms_account_of
from channels_app.sms.reports import report_secret
from channels_app.sms.settings import SmsSettings, settings_of
from channels_app.telephony.settings_actions import TelephonyRefused, checked_url


class SmsForm(forms.Form):
    is_active = forms.BooleanField(label=gettext_lazy("Text messages may be sent"), required=False)
    number = forms.CharField(
        label=gettext_lazy("Sender's number"),
        max_length=20,
        help_text=gettext_lazy("One that you have registered with the provider: others are refused by law."),
    )
    provider = forms.ChoiceField(
        label=gettext_lazy("Provider"),
        choices=[("webhook", gettext_lazy("Webhook: an address that takes a signed POST")), ("solapi", "Solapi")],
        widget=forms.RadioSelect,
    )
    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Of the webhook. For Solapi leave it empty."),
    )
    api_key = forms.CharField(label=gettext_lazy("API key"), max_length=100, required=False)
    secret = forms.CharField(
        label=gettext_lazy("Secret"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Empty keeps the one that is set. A webhook gets one by itself."),
        widget=forms.PasswordInput,
    )
    kakao_profile = forms.CharField(label=gettext_lazy("Kakao profile (pfId)"), max_length=100, required=False)
    kakao_template = forms.CharField(
        label=gettext_lazy("Kakao template for surveys"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("An approved notice with #{상호} and #{링크}. What is advertising never goes by it."),
    )

    reports = forms.BooleanField(
        label=gettext_lazy("The provider tells whether a text has arrived"),
        required=False,
        help_text=gettext_lazy(
            "Then a survey counts as sent only when its text has arrived, and one that has not goes by mail. Give the provider the address below."
        ),
    )

    def __init__(self, *args: Any, account: ChannelAccount | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_number(self) -> str:
        # Not looked up in a numbering plan: what the provider has registered is right, a service's number too.
        digits = str(self.cleaned_data["number"]).replace("-", "").replace(" ", "")
        if not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 12):
            raise forms.ValidationError(_("Write the number with digits, such as 02-000-0100."))
        return digits

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        known = settings_of(self.account) if self.account else SmsSettings()
        is_webhook = data.get("provider") == "webhook"
        if is_webhook and "url" in data and not data["url"]:
            self.add_error("url", _("Enter the address that texts are posted to."))
        if data.get("url"):
            try:
                checked_url(data["url"])
            except TelephonyRefused as refusal:
                self.add_error("url", str(refusal))
        data["secret"] = data.get("secret") or known.secret or (secrets.token_urlsafe(32) if is_webhook else "")
        if not is_webhook and not (data.get("api_key") and data["secret"]):
            self.add_error("api_key", _("Solapi needs an API key and its secret."))
        return data

    def content(self) -> SmsSettings:
        names = ("provider", "url", "api_key", "secret", "kakao_profile", "kakao_template", "reports")
        return SmsSettings(**{name: self.cleaned_data[name] for name in names})


@never_cache
@open_to(Permission.MANAGE_CHANNELS)
@require_http_methods(["GET", "POST"])
def sms(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    account = sms_account_of(organization.pk)
    initial: dict[str, Any] = {"provider": "webhook", "is_active": True}
    if account is not None:
        told = settings_of(account)
        names = ("provider", "url", "api_key", "kakao_profile", "kakao_template", "reports")
        initial = {name: getattr(told, name) for name in names}
        initial |= {"number": account.address, "is_active": account.is_active}
    form = SmsForm(request.POST or None, initial=initial, account=account)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        set_sms(
            organization,
            number=data["number"],
            is_active=data["is_active"],
            settings=form.content(),
            by=person_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("channels:sms")
    if account is not None and account.settings.get("provider") == "webhook":
        audit.record_for(request, action="channels.sms.view_secret", obj="sms")
    status = 422 if form.is_bound and form.errors else 200
    context: dict[str, Any] = {"form": form, "account": account, "told": settings_of(account) if account else None}
    if account is not None:
        address = reverse("channels:sms_reports", args=[account.public_id])
        context |= {"reports_url": hub.HUB_URL + address, "reports_secret": report_secret(account)}
    return render(request, "channels_app/sms/settings.html", context, status=status)
