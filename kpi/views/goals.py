"""What figures are to be: goals with the day they take effect, beside the centers' targets in seconds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import open_to, organization_of, person_of
from accounts.in_force import schedules_of
from accounts.models import Organization
from accounts.policies import Permission
from accounts.queries import centers_for
from accounts.schedules import DEFAULT_TARGETS
from kpi.actions.goals import set_goal, set_openness
from kpi.forms import GoalForm
from kpi.models import Goal
from kpi.queries.goals import goal_history, goals_on, shows_people


@require_http_methods(["GET", "POST"])
@open_to(Permission.MANAGE_FIGURES)
def goals(request: HttpRequest) -> HttpResponse:
    person, organization, at = person_of(request), organization_of(request), clock()
    today = at.astimezone(organization.zone).date()
    form = GoalForm(request.POST if request.method == "POST" else None, today=today)
    if request.method == "POST" and form.is_valid():
        set_goal(organization, **form.cleaned_data, by=person, at=at)
        messages.success(request, _("Saved."))
        return redirect("kpi:goals")
    in_force = goals_on(organization, today)
    context = {
        "form": form,
        "goals": [(figure, label, in_force.get(figure)) for figure, label in Goal.Figure.choices],
        "history": goal_history(organization),
        "today": today,
        "centers": _targets(request, organization),
        "channels": list(DEFAULT_TARGETS),
        "shows_people": shows_people(organization),
    }
    return render(request, "kpi/goals.html", context, status=422 if form.errors else 200)


def _targets(request: HttpRequest, organization: Organization) -> list[dict[str, Any]]:
    """What each center is measured by now, channel by channel."""
    schedules, at = schedules_of(organization), clock()
    found = []
    for center in centers_for(person_of(request)):
        rules = schedules.at(center.pk, at)
        rows = [
            (
                channel,
                rules.first_response_seconds(channel),
                rules.next_response_seconds(channel),
                rules.resolution_seconds(channel),
            )
            for channel in DEFAULT_TARGETS
        ]
        found.append({"center": center, "rows": rows})
    return found


@require_POST
@open_to(Permission.MANAGE_FIGURES)
def openness(request: HttpRequest) -> HttpResponse:
    """Lets colleagues see each other's figures, or no longer."""
    set_openness(
        organization_of(request), shows_people=request.POST.get("shows") == "on", by=person_of(request), at=clock()
    )
    messages.success(request, _("Saved."))
    return redirect("kpi:goals")
