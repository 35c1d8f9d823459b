"""Her own day: nobody sees anybody else's here; of colleagues only their states."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import open_to, person_of
from accounts.policies import Permission
from tickets.queries.my_day import day_of
from tickets.queries.team import states_for


@require_GET
@open_to(Permission.USE_INBOX)
def my_day(request: HttpRequest) -> HttpResponse:
    """Today's figures, tickets and time; alone as the fragment that keeps the page current."""
    person = person_of(request)
    now = timezone.now()
    context = {"day": day_of(person, at=now), "colleagues": states_for(person), "today": timezone.localdate(now)}
    is_fragment = bool(request.htmx)  # type: ignore[attr-defined]
    return render(request, "tickets/partials/my_day.html" if is_fragment else "tickets/my_day.html", context)
