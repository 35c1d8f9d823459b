"""The settings screen of the relay of messengers."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from channels_app.messenger.actions import messenger_account_of, set_messenger
from channels_app.messenger.settings import MessengerSettings, settings_of
from channels_app.telephony.settings_actions import TelephonyRefused, checked_url


class MessengerForm(forms.Form):
    is_active = forms.BooleanField(label=gettext_lazy("Answers and surveys may go out by messenger"), required=False)
    url = forms.URLField(
        label=gettext_lazy("Address of the relay"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy(
            "A program of yours or of your dealer that takes a signed POST and speaks with the messenger."
        ),
    )

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        try:
            checked_url(url)
        except TelephonyRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return url


@never_cache
@open_to(Permission.MANAGE_CHANNELS)
@require_http_methods(["GET", "POST"])
def messenger(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    account = messenger_account_of(organization.pk)
    known = settings_of(account) if account else MessengerSettings()
    initial: dict[str, Any] = {"is_active": account.is_active if account else True, "url": known.url}
    form = MessengerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        settings = MessengerSettings(form.cleaned_data["url"], known.secret or secrets.token_urlsafe(32))
        set_messenger(
            organization,
            is_active=form.cleaned_data["is_active"],
            settings=settings,
            by=person_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("channels:messenger")
    if account is not None:
        audit.record_for(request, action="channels.messenger.view_secret", obj="messenger")
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "account": account, "secret": known.secret}
    return render(request, "channels_app/messenger/settings.html", context, status=status)
