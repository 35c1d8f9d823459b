"""The settings screen of API keys: list, a new one with its secret shown once, revoking."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from channels_app.api import actions, key_queries
from channels_app.api.key_forms import SCOPES, ApiKeyForm


@open_to(Permission.MANAGE_CHANNELS)
@require_GET
def key_list(request: HttpRequest) -> HttpResponse:
    at = now()
    keys = [(key, key.is_usable(at)) for key in key_queries.keys_for(person_of(request))]
    context = {
        "usable": [key for key, is_usable in keys if is_usable],
        "ended": [key for key, is_usable in keys if not is_usable],
        "scope_words": {scope.value: label for scope, label, _help in SCOPES},
        "address": _address(request),
    }
    return render(request, "channels_app/api/key_list.html", context)


@never_cache
@open_to(Permission.MANAGE_CHANNELS)
@require_http_methods(["GET", "POST"])
def key_new(request: HttpRequest) -> HttpResponse:
    """A POST answers with the secret itself and no redirect: it is stored nowhere from which a next page could read it."""
    form = ApiKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = now()
        try:
            key, secret = actions.create_api_key(
                organization_of(request),
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                sources=form.cleaned_data["sources"],
                by=person_of(request),
                at=at,
                events_per_minute=form.events_per_minute(),
                expires_at=form.expires_at(at),
            )
        except actions.ApiKeyRefusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            context = {"key": key, "secret": secret, "address": _address(request)}
            return render(request, "channels_app/api/key_made.html", context)
    status = 422 if form.is_bound else 200
    return render(request, "channels_app/api/key_new.html", {"form": form}, status=status)


@open_to(Permission.MANAGE_CHANNELS)
@require_POST
def key_revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    key = key_queries.key_for(person_of(request), key_id)
    if actions.revoke_api_key(key, by=person_of(request), at=now()):
        messages.success(request, _("Revoked. From now on this key opens nothing."))
    else:
        messages.info(request, _("This key was revoked already."))
    return redirect("channels:key_list")


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("channels:api-events"))
