"""The short way for programs: past sessions, forms' tokens, messages and page headers, straight to the API's view.

Those are a fifth of the work for one event, and do nothing for who brings a key and is given JSON. `ApiShortcut` stands
before them in MIDDLEWARE, `ApiEntry` behind them.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts.origin import origin
from cxhub.middleware import GetResponse

API = "/api/v1/"

# Django builds middleware from the last to the first, so what stands behind is there when the shortcut is made.
_entries: list[GetResponse] = []


class ApiEntry:
    """Where the short way joins the long one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        _entries.append(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class ApiShortcut:
    """Speaks the language that `Accept-Language` asks for, and tells audit entries where a request came from."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.entry = _entries.pop()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API):
            return self.get_response(request)
        language = translation.get_language_from_request(request)
        address, request_id = request.META.get("REMOTE_ADDR"), getattr(request, "request_id", "")
        with origin(ip=address, request_id=request_id), translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.entry(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response
