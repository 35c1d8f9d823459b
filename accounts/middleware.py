"""What a request needs to know of the organization: its time zone, and where audit entries come from.

Also ends a session nobody has used for a while (law R6).
"""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.origin import origin

SEEN_AT = "seen_at"
# Written at most this often: a write for each fragment the inbox fetches would cost more than the fragment.
SEEN_EVERY_SECONDS = 120


class OrganizationMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = None
        # The session cookie first: a visitor without one, and the API, cost no query.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, Person):
            _end_idle_session(request, now=timezone.now())
            zone = _zone_of(request)
        ip, request_id = request.META.get("REMOTE_ADDR"), getattr(request, "request_id", "")
        with origin(ip=ip, request_id=request_id), timezone.override(zone):
            return self.get_response(request)


def _zone_of(request: HttpRequest) -> ZoneInfo | None:
    organization = getattr(request.user, "organization", None)
    return organization.zone if organization else None


def _end_idle_session(request: HttpRequest, *, now: datetime) -> None:
    seen_at = request.session.get(SEEN_AT, 0)
    idle_seconds = now.timestamp() - seen_at
    if seen_at and idle_seconds > settings.SESSION_IDLE_SECONDS:
        logout(request)
        messages.info(request, _("You were logged out because nothing happened for a while."))
    elif idle_seconds > SEEN_EVERY_SECONDS:
        request.session[SEEN_AT] = int(now.timestamp())
