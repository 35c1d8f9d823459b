"""Her own availability: the control on every page, and what her page tells of idleness."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import open_to, person_of
from accounts.actions import Refused
from accounts.policies import Permission
from tickets.actions import availability
from tickets.templatetags.availability import control_context


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_INBOX)
def own(request: HttpRequest) -> HttpResponse:
    """The control as it stands; by POST, what she chose."""
    person = person_of(request)
    is_scripted = bool(request.htmx)  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            availability.choose_state(person, request.POST.get("state", ""), at=timezone.now())
        except Refused as refusal:
            if is_scripted:
                return HttpResponse(refusal.message, status=422, content_type="text/plain; charset=utf-8")
            messages.error(request, refusal.message)
    if not is_scripted:
        return redirect(_came_from(request))
    place = request.POST.get("place") or request.GET.get("place")
    # The address of the page around it, which htmx tells; without scripts it is in the form.
    context = {"place": "bar" if place == "bar" else "rail", "here": _came_from(request), **control_context(person)}
    return render(request, "tickets/partials/availability.html", context)


@require_POST
@open_to(Permission.USE_INBOX)
def idle(request: HttpRequest) -> HttpResponse:
    """Her page says that she has left the keyboard, or is back at it."""
    told = availability.note_idle if request.POST.get("idle") else availability.note_active
    told(person_of(request), at=timezone.now())
    return HttpResponse(status=204)


def _came_from(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else "/"
