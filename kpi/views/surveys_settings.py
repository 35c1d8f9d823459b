"""The settings screens: what is asked when, caps and quiet hours, the texts with their preview."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as hub
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import open_to, organization_of, person_of
from accounts.models import Organization
from accounts.policies import Permission
from accounts.queries import NotFound
from channels_app.deliveries.queries import mail_account_for
from channels_app.sms.actions import sms_account_of
from customers.queries.survey_sentences import kind_words
from kpi.actions.surveys_settings import SurveyRefused, set_caps, set_plan
from kpi.models import SurveyPlan
from kpi.queries.survey_answers import not_asked
from kpi.queries.survey_settings import plan_of, plans_of, settings_of
from kpi.surveys.forms import CapsForm, PlanForm, wait_words
from kpi.surveys.occasions import RULES, SCALES, Occasion, choices
from kpi.surveys.reasons import reason_words
from kpi.surveys.texts import ends_of_scale, marked, stop_words, texts_of


@open_to(Permission.MANAGE_CHANNELS)
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    organization, person = organization_of(request), person_of(request)
    settings = settings_of(organization)
    form = CapsForm(request.POST or None, person=person, settings=settings)
    if request.method == "POST" and form.is_valid():
        try:
            set_caps(organization, form.content(), by=person, at=now())
        except SurveyRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("kpi:survey_settings")
    reasons = not_asked(organization, since=now() - timedelta(days=30))
    context = {
        "form": form,
        "plans": [_shown(plan) for plan in plans_of(organization)],
        "ways": _ways(organization),
        "reasons": [(reason_words(reason), count) for reason, count in reasons],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "kpi/surveys/settings.html", context, status=status)


@open_to(Permission.MANAGE_CHANNELS)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, occasion: str) -> HttpResponse:
    if occasion not in Occasion.values:
        raise NotFound
    organization, person = organization_of(request), person_of(request)
    row = plan_of(organization, occasion)
    form = PlanForm(request.POST or None, plan=row)
    is_preview = "preview" in request.POST
    if request.method == "POST" and form.is_valid() and not is_preview:
        try:
            set_plan(organization, occasion, form.content(), by=person, at=now())
        except SurveyRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("kpi:survey_plan", occasion=occasion)
    own = form.texts() if form.is_bound and form.is_valid() else row.texts
    is_advertising = bool(form["is_advertising"].value()) if "is_advertising" in form.fields else False
    context = {
        "form": form,
        "plan": row,
        "label": Occasion(occasion).label,
        "is_sent": RULES[Occasion(occasion)].is_sent,
        "ways": _ways(organization),
        "previews": [_preview(organization, row, own, language, is_advertising) for language in ("ko", "en")],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "kpi/surveys/plan.html", context, status=status)


def _shown(plan: SurveyPlan) -> dict[str, Any]:
    rule = RULES[Occasion(plan.occasion)]
    return {
        "plan": plan,
        "label": Occasion(plan.occasion).label,
        "kind_words": f"{kind_words(plan.kind)} ({plan.kind.upper()})",
        "when": wait_words(plan.wait_minutes) if rule.is_sent else "",
        "is_sent": rule.is_sent,
    }


def _ways(organization: Organization) -> dict[str, bool]:
    """Whether anything could go out at all, and lead back here."""
    sms = sms_account_of(organization.pk)
    host = urlsplit(hub.HUB_URL).hostname or ""
    return {
        "sms": sms is not None and sms.is_active,
        "mail": mail_account_for(organization.pk, None) is not None,
        "is_reachable": host not in ("127.0.0.1", "localhost", "::1"),
    }


def _preview(
    organization: Organization, plan: SurveyPlan, own: dict[str, Any], language: str, is_advertising: bool
) -> dict[str, Any]:
    texts = texts_of(plan.occasion, own, language, shop=organization.name)
    message = texts.message
    if is_advertising:
        contact = settings_of(organization).contact or "02-000-0100"
        message = marked(message, shop=organization.name, contact=contact, language=language)
    return {
        "language": language,
        "texts": texts,
        "message": message,
        "stop_words": stop_words(language, is_advertising=is_advertising),
        "choices": choices(plan.kind),
        "ends": ends_of_scale(plan.kind),
        "highest": SCALES[plan.kind][1],
    }
