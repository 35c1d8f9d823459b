"""The settings screen: whether customers are told of their consents, who the sender is, and how the last notices went."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from channels_app.consents.queries import outcomes_of, settings_of
from channels_app.consents.settings_actions import set_consents
from channels_app.models import ConsentNotice

LOOKED_BACK = timedelta(days=30)
_WHY = {
    "no_customer": gettext_lazy("Nobody knows who she is"),
    "no_way": gettext_lazy("No mobile number or mail address that could be written to"),
    "over": gettext_lazy("It was not so any more"),
    "too_late": gettext_lazy("It had become too late"),
    "not_sent": gettext_lazy("It could not be delivered"),
    "on_page": gettext_lazy("Her own page has told her on the spot"),
}


class ConsentsForm(forms.Form):
    tells_results = forms.BooleanField(
        label=gettext_lazy("Tell customers what came of a consent or its withdrawal"),
        required=False,
        help_text=gettext_lazy(
            "The law asks for it within 14 days. Switch it off where another system of yours tells them, and before you load older consents."
        ),
    )
    reminds = forms.BooleanField(
        label=gettext_lazy("Remind customers every two years of what they agreed to"),
        required=False,
        help_text=gettext_lazy(
            "The law asks for it. The first time it may be many messages at once: each costs what a text costs."
        ),
    )
    contact = forms.CharField(
        label=gettext_lazy("Contact of the sender"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Where you can be reached, such as 02-000-0100. It stands in each notice."),
    )


@open_to(Permission.MANAGE_CHANNELS)
@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    settings = settings_of(organization)
    initial = {name: getattr(settings, name) for name in ConsentsForm.base_fields}
    form = ConsentsForm(request.POST or None, initial=initial)
    if request.method == "POST":
        form = ConsentsForm(request.POST)
        if form.is_valid():
            set_consents(organization, **form.cleaned_data, by=person_of(request), at=now())
            messages.success(request, _("Saved."))
            return redirect("channels:consents")
    told = outcomes_of(organization, since=now() - LOOKED_BACK)
    outcomes = [
        (ConsentNotice.Kind(kind).label, ConsentNotice.State(state).label, _WHY.get(reason, reason), count)
        for kind, state, reason, count in told
    ]
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "channels_app/consents/settings.html", {"form": form, "outcomes": outcomes}, status=status)
