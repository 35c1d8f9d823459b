"""What every request gets: an id, its sender's address, a language.

Synchronous on purpose: see cxhub/http.py for how requests reach their thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from cxhub.identifiers import uuid7

GetResponse = Callable[[HttpRequest], HttpResponse]

# Another system's id is kept when it looks like one, so that both logs can be read together.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def client_address(request: HttpRequest) -> str:
    """Return the address of whoever sent the request, as the outermost trusted proxy saw it."""
    return str(request.META.get("REMOTE_ADDR", ""))


class RequestContextMiddleware:
    """Sets `request.request_id` and the true `REMOTE_ADDR`, and writes the id on every log line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get("X-Request-ID", "")
        request_id = sent if _REQUEST_ID.fullmatch(sent) else uuid7().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        if settings.TRUSTED_PROXIES:
            request.META["REMOTE_ADDR"] = self._forwarded_for(request)
        # Not unbound at the end: Django logs refused requests after the last middleware.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response

    @staticmethod
    def _forwarded_for(request: HttpRequest) -> str:
        """Count from the right: what stands further left was written by the sender and proves nothing."""
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) < settings.TRUSTED_PROXIES:
            return client_address(request)
        return hops[-settings.TRUSTED_PROXIES]


class LanguageMiddleware:
    """Chooses the language: the person's, else the one chosen on this device, else Korean.

    Screens ignore the browser's wish: the till's Windows is often English, the people before it are not.
    Programs calling the API have no screen; for them Accept-Language counts.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if request.path_info.startswith("/api/"):
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response

    @staticmethod
    def _language(request: HttpRequest) -> str:
        if request.path_info.startswith("/api/"):
            return translation.get_language_from_request(request)
        known = dict(settings.LANGUAGES)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        # The session cookie first: a visitor without one costs no query.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            chosen = getattr(request.user, "language", "") or chosen
        return chosen if chosen in known else settings.LANGUAGE_CODE
