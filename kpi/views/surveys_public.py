"""The customer's pages: no log-in, no script needed. A GET changes nothing, whoever opens the link before she does.

Exempt from the check of forms' origin: whoever has the link may answer, and mail programs' browsers keep no cookies.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Organization
from channels_app.customer_pages import chosen_language, refused_for_haste, see_other
from cxhub.identifiers import is_uuid
from kpi.actions import surveys_answering as answering
from kpi.actions.surveys_answering import CannotAnswer
from kpi.actions.surveys_wishes import ask_again, is_stopped, stop_asking
from kpi.models import Survey, SurveyPoint
from kpi.queries.survey_points import point_behind, survey_behind
from kpi.queries.survey_settings import plan_of
from kpi.surveys.links import ANSWER, POINT, token_of
from kpi.surveys.occasions import CSAT, NPS, Occasion, choices
from kpi.surveys.texts import Texts, ends_of_scale, texts_of, words_of_faces

TABLET_SECONDS = 5


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    found = survey_behind(token)
    if found is None:
        return _notice(request, "unknown", 404)
    with _language(request, found.language), timezone.override(found.organization.zone):
        if request.method == "POST" and (refused := _refused_for_haste(request, token)):
            return refused
        given = answering.given_answer(found)
        if timezone.now() >= answering.open_until(found, given):
            return _notice(request, "answered" if given else "over", 410, found.organization)
        error, status = None, 200
        typed = _typed(request)
        if request.method == "POST":
            try:
                answering.answer_survey(found, score=typed["score"], comment=typed["comment"], at=timezone.now())
                return see_other(_own_address(request, token, "thanks"))
            except CannotAnswer as refusal:
                error, status = refusal, 422
        elif given is not None:
            typed = {"score": typed["score"] or given.score, "comment": given.comment}
        context = _question(found, typed, error) | {
            "given": given,
            "is_thanked": given is not None and "thanks" in request.GET,
            "open_until": answering.open_until(found, given),
            "stop_token": token if found.customer_id else "",
        }
        return render(request, "kpi/surveys/answer.html", context, status=status)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more surveys. A mail program may post here by itself where she presses its own button (RFC 8058)."""
    found = survey_behind(token)
    if found is None or found.customer is None:
        return _notice(request, "unknown", 404)
    with _language(request, found.language):
        if request.method == "POST":
            if refused := _refused_for_haste(request, token):
                return refused
            act = ask_again if request.POST.get("again") else stop_asking
            act(found.customer, by=None, at=timezone.now())
            return see_other(_own_address(request, token, ""))
        context = _frame(found.organization) | {"is_stopped": is_stopped(found.customer)}
        return render(request, "kpi/surveys/stop.html", context)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def point(request: HttpRequest, token: str) -> HttpResponse:
    """Behind a QR code."""
    found = point_behind(token)
    if found is None or not found.is_active:
        return _notice(request, "over" if found else "unknown", 410 if found else 404)
    with _language(request, found.organization.language):
        error, status = None, 200
        typed = _typed(request)
        if request.method == "POST":
            if refused := _refused_for_haste(request, f"{token}:{_nonce(request)}"):
                return refused
            try:
                survey = _take(request, found, typed)
                language = translation.get_language()
                return see_other(f"/s/{token_of(survey.key, ANSWER)}/?thanks=1&lang={language}")
            except CannotAnswer as refusal:
                error, status = refusal, 422
        context = _asked_here(found, typed, error)
        return render(request, "kpi/surveys/answer.html", context, status=status)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tablet(request: HttpRequest, token: str) -> HttpResponse:
    """On a tablet that stands there: one press on a face, thanks, and the next customer."""
    found = point_behind(token)
    if found is None or not found.is_active:
        return _notice(request, "over" if found else "unknown", 410 if found else 404)
    with _language(request, found.organization.language):
        again = f"/s/t/{token_of(found.key, POINT)}/?lang={translation.get_language()}"
        error, status = None, 200
        if request.method == "POST":
            if refused := _refused_for_haste(request, f"{token}:{_nonce(request)}"):
                return refused
            try:
                _take(request, found, _typed(request) | {"comment": ""})
                return see_other(f"{again}&thanks=1")
            except CannotAnswer as refusal:
                error, status = refusal, 422
        is_thanked = "thanks" in request.GET and request.method != "POST"
        context = _asked_here(found, {"score": None, "comment": ""}, error) | {"is_thanked": is_thanked, "again": again}
        response = render(request, "kpi/surveys/tablet.html", context, status=status)
        if is_thanked:
            response["Refresh"] = f"{TABLET_SECONDS}; url={again}"
        return response


def _take(request: HttpRequest, found: SurveyPoint, typed: dict[str, Any]) -> Survey:
    nonce = _nonce(request)
    if nonce is None:
        raise CannotAnswer(_("Please open the page again."))
    return answering.answer_at_point(
        found,
        nonce=nonce,
        score=typed["score"],
        comment=typed["comment"],
        language=translation.get_language() or "ko",
        at=timezone.now(),
    )


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What she has chosen and written; a link may bring a score that is only chosen, not given."""
    told = (request.POST if request.method == "POST" else request.GET).get("score", "")
    score = int(told) if told.isascii() and told.isdigit() and len(told) < 3 else None
    return {"score": score, "comment": request.POST.get("comment", "")}


def _nonce(request: HttpRequest) -> UUID | None:
    told = request.POST.get("nonce", "")
    return UUID(told) if is_uuid(told) else None


def _question(survey: Survey, typed: dict[str, Any], error: CannotAnswer | None) -> dict[str, Any]:
    texts = _texts(survey.organization, survey.occasion)
    return _frame(survey.organization) | _scale(survey.kind) | {"texts": texts, "typed": typed, "error": error}


def _asked_here(point: SurveyPoint, typed: dict[str, Any], error: CannotAnswer | None) -> dict[str, Any]:
    texts = _texts(point.organization, Occasion.COUNTER)
    context = _frame(point.organization) | _scale(CSAT) | {"texts": texts, "typed": typed, "error": error}
    return context | {
        "nonce": uuid4().hex,
        "place": " · ".join(part for part in (point.store.name, point.label) if part),
    }


def _texts(organization: Organization, occasion: str) -> Texts:
    language = translation.get_language() or "ko"
    return texts_of(occasion, plan_of(organization, occasion).texts, language, shop=organization.name)


def _scale(kind: str) -> dict[str, Any]:
    """Faces for satisfaction, numbers for the others."""
    lowest, highest = ends_of_scale(kind)
    scores = choices(kind)
    faces = words_of_faces() if kind == CSAT else []
    return {
        "kind": kind,
        "is_wide": kind == NPS,
        "choices": [(score, faces[place] if faces else "") for place, score in enumerate(scores)],
        "has_faces": bool(faces),
        "lowest_words": lowest,
        "highest_words": highest,
        "comment_characters": answering.COMMENT_CHARACTERS,
    }


def _frame(organization: Organization | None) -> dict[str, Any]:
    return {"shop": organization.name if organization else "", "language": translation.get_language()}


def _notice(request: HttpRequest, what: str, status: int, organization: Organization | None = None) -> HttpResponse:
    """A friendly page instead of an error."""
    with _language(request, translation.get_language() or "ko"):
        return render(request, "kpi/surveys/notice.html", _frame(organization) | {"what": what}, status=status)


def _language(request: HttpRequest, usual: str) -> Any:
    return translation.override(chosen_language(request, usual))


def _refused_for_haste(request: HttpRequest, link: str) -> HttpResponse | None:
    return refused_for_haste(request, link, room="survey", page=lambda: _notice(request, "haste", 429))


def _own_address(request: HttpRequest, token: str, mark: str) -> str:
    language = translation.get_language()
    return f"{request.path}?lang={language}" + (f"&{mark}=1" if mark else "")
