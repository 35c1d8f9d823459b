"""How the API answers: JSON written by msgspec, problems as RFC 9457 documents in the caller's language."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils import translation
from rest_framework import exceptions

from accounts.audit import AuditChainIsBusy
from channels_app.problems import Problem, Refused, render

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 10 * 1024 * 1024 - 1
# A deadlock or a restarting database is over by then.
UNAVAILABLE_SECONDS = 5


def json_response(content: Any, *, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(content), status=status, content_type="application/json")


def problem_response(problem: Problem, *, event_id: str | None = None) -> HttpResponse:
    """A problem with its own status, in the language that `Accept-Language` chose; `event_id` names the refused event."""
    document = render(problem)
    if event_id is not None:
        document["id"] = event_id
    response = HttpResponse(
        msgspec.json.encode(document), status=problem.status, content_type="application/problem+json"
    )
    response["Content-Language"] = translation.get_language() or "ko"
    if problem.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if problem.status == 503:
        response["Retry-After"] = str(UNAVAILABLE_SECONDS)
    if "seconds" in problem.params:
        response["Retry-After"] = str(problem.params["seconds"])
    return response


def handle_exception(error: Exception, _context: dict[str, Any]) -> HttpResponse | None:
    """What a view could not answer, as a problem; None lets Django answer 500 and log it."""
    if isinstance(error, Refused):
        return problem_response(error.problem)
    if isinstance(error, RequestDataTooBig):
        return problem_response(Problem("body-too-large", params={"limit": MAX_BODY_BYTES}))
    if isinstance(error, Http404 | exceptions.NotFound):
        return problem_response(Problem("not-found"))
    if isinstance(error, exceptions.MethodNotAllowed):
        return problem_response(Problem("method-not-allowed"))
    if isinstance(error, OperationalError | InterfaceError | AuditChainIsBusy):
        logger.error("The database could not take a request of the API", exc_info=error)
        return problem_response(Problem("unavailable"))
    return None
