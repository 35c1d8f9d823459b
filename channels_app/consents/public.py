"""The customer's page: what she has agreed to, kept or taken back with one press. No log-in, no script; a GET changes nothing.

Exempt from the check of forms' origin: whoever has the link may decide, and a mail program posts here by itself (RFC 8058).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Organization
from channels_app.consents.decisions import keep, take_back
from channels_app.consents.queries import notice_behind, settings_of
from channels_app.customer_pages import chosen_language, refused_for_haste, see_other
from customers.consenting import MARKETING, MEDIA
from customers.queries.consent_sentences import medium_words
from customers.queries.consents import consents_of_members
from customers.queries.history import member_ids


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    notice = notice_behind(token)
    if notice is None or notice.customer is None:
        return _shown(request, "unknown", 404, language="ko")
    organization = notice.organization
    if request.method == "POST":
        refused = refused_for_haste(
            request,
            token,
            room="consent",
            page=lambda: _shown(request, "haste", 429, language=notice.language, organization=organization),
        )
        if refused:
            return refused
        if request.POST.get("keep"):
            keep(notice, at=timezone.now())
        else:
            take_back(notice, at=timezone.now())
        done = "kept" if request.POST.get("keep") else "withdrawn"
        return see_other(f"{request.path}?lang={chosen_language(request, notice.language)}&{done}=1")
    told = consents_of_members(organization, member_ids(notice.customer))
    with translation.override(chosen_language(request, notice.language)), timezone.override(organization.zone):
        standing = [(medium, told.standing.get((MARKETING, medium))) for medium in MEDIA]
        more = {
            "standing": [(medium_words(medium), one) for medium, one in standing if one is not None],
            "withdrawn_at": max((event.time for event in told.refused.values()), default=None),
            "contact": settings_of(organization).contact,
            "is_kept": "kept" in request.GET,
        }
    return _shown(request, "", 200, language=notice.language, organization=organization, **more)


def _shown(
    request: HttpRequest,
    what: str,
    status: int,
    *,
    language: str,
    organization: Organization | None = None,
    **more: Any,
) -> HttpResponse:
    chosen = chosen_language(request, language)
    zone = organization.zone if organization else None
    with translation.override(chosen), timezone.override(zone):
        context = {"shop": organization.name if organization else "", "language": chosen, "what": what, **more}
        return render(request, "channels_app/consents/page.html", context, status=status)
