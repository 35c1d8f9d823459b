"""What a customer agrees to: the card with its ledger, and the small form by which it is written down or taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from accounts.access import open_to, person_of
from accounts.policies import Permission
from channels_app.hub.actions import HubRefusal
from channels_app.hub.consents import record_consent, record_withdrawal, words_shown
from customers.consenting import MEDIA
from customers.forms import ConsentForm
from customers.queries import Profile
from customers.queries.consents import shown_consents
from customers.views.opening import open_profile, peek_at_profile
from cxhub.identifiers import uuid7


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Permission.USE_COUNTER)
def consents(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The card as a part of a page, the form as a dialog over it; both on a page of their own without scripts."""
    if request.method == "POST":
        return _write(request, customer_id)
    is_part = bool(request.htmx)  # type: ignore[attr-defined]
    profile = open_profile(request, customer_id, what="consents", is_part=is_part)
    if is_part and request.GET.get("part") == "card":
        context = {"profile": profile, "consents": shown_consents(profile), "place": _place(request)}
        return render(request, "customers/partials/consents.html", context)
    medium = request.GET.get("medium", "")
    return _form(request, profile, ConsentForm(initial=_initial(request, medium)))


def _initial(request: HttpRequest, medium: str) -> dict[str, Any]:
    # At the counter she stands before whoever writes it down; at a desk she is on the telephone.
    return {
        "chosen": [medium] if medium in MEDIA else [],
        "how": "counter" if _place(request) == "counter" or person_of(request).is_store_staff else "phone",
        "key": uuid7(),
    }


def _place(request: HttpRequest) -> str:
    told = request.GET.get("place", "")
    return told if told in ("counter", "customers") else "customers"


def _form(request: HttpRequest, profile: Profile, form: ConsentForm, *, status: int = 200) -> HttpResponse:
    organization = profile.organization
    context = {
        "profile": profile,
        "form": form,
        "consents": shown_consents(profile),
        "words": words_shown(organization),
        "act_url": request.get_full_path(),
    }
    is_scripted = bool(request.htmx)  # type: ignore[attr-defined]
    name = "customers/partials/consent_dialog.html" if is_scripted else "customers/consent.html"
    return render(request, name, context, status=status)


def _write(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    profile = peek_at_profile(request, customer_id)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _form(request, profile, form, status=422)
    told = form.cleaned_data
    act = record_consent if told["act"] == "give" else record_withdrawal
    try:
        act(
            profile.root,
            told["chosen"],
            is_night=told["night"],
            how=told["how"],
            by=person_of(request),
            at=now(),
            key=f"consent-{told['key']}",
        )
    except HubRefusal as refusal:
        form.add_error(None, str(refusal))
        return _form(request, profile, form, status=422)
    said = (
        _("Her consent is written down.")
        if told["act"] == "give"
        else _("Withdrawn. Nothing of it goes to her any more.")
    )
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, said)
        return redirect("customers:detail", profile.public_id)
    response = HttpResponse(status=204)
    trigger_client_event(response, "consent-changed")
    return trigger_client_event(response, "toast", {"text": said, "level": "success"})
