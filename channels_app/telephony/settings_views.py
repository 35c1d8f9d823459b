"""The settings screen of the telephone system."""

from __future__ import annotations

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
from channels_app.models import TelephonySettings
from channels_app.telephony.queries import settings_of
from channels_app.telephony.settings_actions import TelephonyRefused, checked_url, set_telephony


class TelephonyForm(forms.Form):
    adapter = forms.ChoiceField(
        label=gettext_lazy("Outgoing calls"), choices=TelephonySettings.Adapter.choices, widget=forms.RadioSelect
    )
    url = forms.URLField(
        label=gettext_lazy("Address of the telephone system"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Calls are posted there, signed with the secret below."),
    )
    sends_recordings = forms.BooleanField(
        label=gettext_lazy("The telephone system sends recordings and transcripts"), required=False
    )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("adapter") == TelephonySettings.Adapter.WEBHOOK and "url" in self.cleaned_data:
            if not self.cleaned_data["url"]:
                self.add_error("url", _("Enter the address that calls are posted to."))
            else:
                try:
                    checked_url(self.cleaned_data["url"])
                except TelephonyRefused as refusal:
                    self.add_error("url", str(refusal))
        return self.cleaned_data


@never_cache
@open_to(Permission.MANAGE_CHANNELS)
@require_http_methods(["GET", "POST"])
def telephony(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    settings = settings_of(organization.pk) or TelephonySettings(organization=organization, secret="")
    shown = {name: getattr(settings, name) for name in ("adapter", "url", "sends_recordings")}
    form = TelephonyForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        is_new_secret = "new_secret" in request.POST
        set_telephony(
            organization, **form.cleaned_data, is_new_secret=is_new_secret, by=person_of(request), at=timezone.now()
        )
        messages.success(request, _("Saved."))
        return redirect("channels:telephony")
    if settings.secret:
        audit.record_for(request, action="channels.telephony.view_secret", obj="telephony")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "channels_app/telephony/settings.html", {"form": form, "settings": settings}, status=status)
