"""Somebody's own day and how it compares. Nobody sees anybody else's here, unless the owner has opened them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.timezone import now as clock
from django.views.decorators.http import require_GET

from accounts.access import open_to, person_of
from accounts.policies import Permission
from kpi.queries.own_day import own_day
from tickets.policies import may_answer


@require_GET
@open_to(Permission.USE_COUNTER)
def my_day(request: HttpRequest) -> HttpResponse:
    """Her figures of today and of the last four weeks, beside the middle."""
    person, at = person_of(request), clock()
    context = {"day": own_day(person, at=at), "today": localdate(at), "may_answer": may_answer(person)}
    return render(request, "kpi/my_day.html", context)


@require_GET
@open_to(Permission.USE_COUNTER)
def compared(request: HttpRequest) -> HttpResponse:
    """The same alone, for the page of her day in the inbox and to keep it current."""
    return render(request, "kpi/partials/compared.html", {"day": own_day(person_of(request), at=clock())})
