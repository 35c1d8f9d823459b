"""Where `/` leads, and the language switch."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from accounts import actions, navigation, policies, queries
from accounts.models import Person

ONE_YEAR_SECONDS = 365 * 24 * 3600


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Leads to where this person works; before the first organization, to the first-run page."""
    person = request.user
    if not isinstance(person, Person):
        return redirect("accounts:welcome" if queries.is_first_run() else "account_login")
    if policies.is_operator(person):
        return redirect("admin:index")
    # What stands first in her rail is what she works with.
    return redirect(navigation.main_entries(person, request.path)[0].url)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keeps the language for this device, and for the person who is logged in."""
    language = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = redirect(target)
    if language not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, Person) and request.user.organization:
        actions.change_own_profile(request.user, name=request.user.name, language=language, at=now())
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=ONE_YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
