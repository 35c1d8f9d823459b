"""Which mails with figures somebody gets, and how the next one would look."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from kpi.actions.digests import set_digests, wishes_of
from kpi.models import DigestMail

SHOWN = 10


@require_http_methods(["GET", "POST"])
@open_to(Permission.SEE_FIGURES)
def mails(request: HttpRequest) -> HttpResponse:
    """Two switches of her own, and what became of her last mails."""
    person = person_of(request)
    if request.method == "POST":
        set_digests(person, is_weekly=request.POST.get("weekly") == "on", is_daily=request.POST.get("daily") == "on")
        messages.success(request, _("Saved."))
        return redirect("kpi:mails")
    is_weekly, is_daily = wishes_of(person)
    sent = DigestMail.objects.filter(organization=organization_of(request), person=person)
    context = {
        "is_weekly": is_weekly,
        "is_daily": is_daily,
        "sends_mail": settings.SENDS_MAIL,
        "sent": list(sent.prefetch_related("tries").order_by("-day", "-pk")[:SHOWN]),
    }
    return render(request, "kpi/mails.html", context)
