"""The codes: their list, the card to print, the code itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from kpi.actions.surveys_settings import SurveyRefused, make_point, switch_point
from kpi.queries.survey_points import point_for, points_for
from kpi.queries.survey_settings import plan_of
from kpi.surveys import qr
from kpi.surveys.forms import PointForm
from kpi.surveys.occasions import Occasion
from kpi.surveys.texts import texts_of


@open_to(Permission.MANAGE_CHANNELS)
@require_http_methods(["GET", "POST"])
def point_list(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = PointForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            point = make_point(organization_of(request), **form.cleaned_data, by=person, at=now())
        except SurveyRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The code is ready. Print the card, or open the page on a tablet."))
            return redirect("kpi:survey_card", point_id=point.public_id)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "kpi/surveys/points.html", {"form": form, "points": points_for(person)}, status=status)


@open_to(Permission.MANAGE_CHANNELS)
@require_GET
def card(request: HttpRequest, point_id: UUID) -> HttpResponse:
    point = point_for(person_of(request), point_id)
    organization = point.organization
    own = plan_of(organization, Occasion.COUNTER).texts
    with translation.override(organization.language):
        texts = texts_of(Occasion.COUNTER, own, organization.language, shop=organization.name)
    context: dict[str, Any] = {"point": point, "texts": texts, "tablet_url": qr.tablet_url(point.key)}
    return render(request, "kpi/surveys/card.html", context | {"point_url": qr.point_url(point.key)})


@open_to(Permission.MANAGE_CHANNELS)
@require_POST
def switch(request: HttpRequest, point_id: UUID) -> HttpResponse:
    person = person_of(request)
    point = point_for(person, point_id)
    switch_point(point, is_active="on" in request.POST, by=person, at=now())
    messages.success(request, _("Saved."))
    return redirect("kpi:survey_points")


@open_to(Permission.MANAGE_CHANNELS)
@require_GET
def svg(request: HttpRequest, point_id: UUID) -> HttpResponse:
    point = point_for(person_of(request), point_id)
    return HttpResponse(qr.as_svg(qr.point_url(point.key)), content_type="image/svg+xml")


@open_to(Permission.MANAGE_CHANNELS)
@require_GET
def png(request: HttpRequest, point_id: UUID) -> HttpResponse:
    point = point_for(person_of(request), point_id)
    return HttpResponse(
        qr.as_png(qr.point_url(point.key)),
        content_type="image/png",
        headers={"Content-Disposition": f'attachment; filename="survey-{point.store.slug}.png"'},
    )
