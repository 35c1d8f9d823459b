"""The first-run page: organization, center, store and owner in one step, open only while there is none."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions, audit, queries
from accounts.access import organization_of
from accounts.actors import System
from accounts.configuration import (
    CenterConfiguration,
    Configuration,
    PersonConfiguration,
    StoreConfiguration,
)
from accounts.forms.welcome import WelcomeForm
from accounts.models import Person, Role


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Sets the hub up and logs the owner in; leads away once there is an organization."""
    if not queries.is_first_run():
        return redirect("accounts:start")
    form = WelcomeForm(request.POST or None)
    is_open = bool(settings.SETUP_CODE) or not settings.PRODUCTION
    if request.method == "POST" and is_open and form.is_valid() and _code_fits(form):
        try:
            installation = actions.install_first_organization(
                form.cleaned_data["organization_slug"],
                _configuration(form),
                by=System("first-run page"),
                at=now(),
            )
        except actions.HubIsSetUp:
            return redirect("accounts:start")
        except actions.Refused as refusal:
            form.add_error(_field_of(refusal), refusal.message)
        else:
            owner = Person.objects.get(organization=installation.organization, role=Role.OWNER)
            login(request, owner, backend="accounts.backends.PersonBackend")
            audit.record_for(request, action="accounts.login", obj=f"person:{owner.email}")
            return redirect("accounts:welcome_done")
    context = {"form": form, "is_open": is_open, "asks_code": bool(settings.SETUP_CODE)}
    return render(request, "accounts/welcome.html", context, status=422 if form.errors else 200)


@require_GET
@login_required
def welcome_done(request: HttpRequest) -> HttpResponse:
    """Shows the next steps; also later, to whoever comes back to them."""
    return render(request, "accounts/welcome_done.html", {"organization": organization_of(request)})


def _code_fits(form: WelcomeForm) -> bool:
    if not settings.SETUP_CODE or constant_time_compare(form.cleaned_data["setup_code"], settings.SETUP_CODE):
        return True
    form.add_error("setup_code", _("That is not the set-up code of this hub."))
    return False


def _configuration(form: WelcomeForm) -> Configuration:
    cleaned = form.cleaned_data
    store = StoreConfiguration("store-1", cleaned["store_name"], "center-1")
    return Configuration(
        name=cleaned["organization_name"],
        language=get_language(),
        centers=(CenterConfiguration("center-1", cleaned["center_name"], hours=form.hours()),),
        stores=(store,) if cleaned["store_name"] else (),
        people=(
            PersonConfiguration(
                email=cleaned["owner_email"].lower(),
                name=cleaned["owner_name"],
                role=Role.OWNER,
                centers=("center-1",),
                password=cleaned["owner_password"],
            ),
        ),
    )


def _field_of(refusal: actions.Refused) -> str | None:
    """Returns the field of this page that an action's argument came from."""
    fields = {
        "slug": "organization_slug",
        "password": "owner_password",
        "email": "owner_email",
        "hours": "opens",
    }
    return fields.get(refusal.field.split(".")[0])
