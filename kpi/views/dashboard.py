"""The owner's morning: six figures and what changed at once, everything else as parts that come after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.views.decorators.http import require_GET

from accounts.access import open_to, person_of
from accounts.policies import Permission
from kpi.models import Day
from kpi.policies import may_manage_figures, may_see_figures
from kpi.queries.findings import JUDGED, findings_for
from kpi.queries.fresh import fresh_as_of
from kpi.queries.morning import head_for, sold_for, waiting_for
from kpi.queries.wanted import CUTS, FILTERS, PRESETS, TIMES, Wanted, wanted_of
from kpi.sentences import sentences_of
from kpi.views.parts import cut, heat, journey, misses, sales, spread, trend

Part = Callable[[HttpRequest, Wanted], tuple[str, dict[str, Any]]]
PARTS: dict[str, Part] = {
    "cut": cut,
    "trend": trend,
    "heat": heat,
    "spread": spread,
    "misses": misses,
    "journey": journey,
    "sales": sales,
}


@require_GET
@open_to(Permission.USE_COUNTER)
def dashboard(request: HttpRequest) -> HttpResponse:
    """For whoever leads; everybody else has a day of her own."""
    person = person_of(request)
    if not may_see_figures(person):
        return redirect("kpi:my_day")
    wanted = wanted_of(person, request.GET, now=clock())
    context = _head(wanted) | {
        "presets": PRESETS.items(),
        "filters": [(name, wanted.choices.of(name), wanted.chosen.get(name, "")) for name in FILTERS],
        "cuts": CUTS,
        "times": TIMES,
        "has_facts": Day.objects.filter(organization=wanted.organization).exists(),
        "may_manage": may_manage_figures(person),
        "figure": request.GET.get("figure", ""),
    }
    return render(request, "kpi/dashboard.html", context)


@require_GET
@open_to(Permission.SEE_FIGURES)
def now(request: HttpRequest) -> HttpResponse:
    """The head alone, as it stands now: what the page fetches when something has changed."""
    wanted = wanted_of(person_of(request), request.GET, now=clock())
    # With the sales, which come after a whole page: nothing is to flicker where it moves.
    return render(request, "kpi/partials/head.html", _head(wanted) | {"sold": sold_for(wanted)})


@require_GET
@open_to(Permission.SEE_FIGURES)
def waiting(request: HttpRequest) -> HttpResponse:
    """Who waits, alone: it moves even beside a period that is over."""
    wanted = wanted_of(person_of(request), request.GET, now=clock())
    return render(request, "kpi/partials/waiting.html", {"wanted": wanted, "waiting": waiting_for(wanted)})


@require_GET
@open_to(Permission.SEE_FIGURES)
def part(request: HttpRequest, name: str) -> HttpResponse:
    """One part of the page below the head."""
    if name not in PARTS:
        raise Http404
    wanted = wanted_of(person_of(request), request.GET, now=clock())
    template, context = PARTS[name](request, wanted)
    return render(request, template, {"wanted": wanted, "name": name, **context})


def _head(wanted: Wanted) -> dict[str, Any]:
    head = head_for(wanted, JUDGED)
    return {
        "wanted": wanted,
        "head": head,
        "sentences": sentences_of(findings_for(wanted, head), wanted),
        "waiting": waiting_for(wanted),
        "fresh": fresh_as_of(wanted.organization, wanted.now),
    }
