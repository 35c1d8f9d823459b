"""The counter: one box, a short list, and the customer who stands there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.access import open_to, person_of
from accounts.models import Store
from accounts.policies import Permission
from accounts.queries import stores_for
from channels_app.hub.actions import HubRefusal, raise_inquiry, record_visit
from customers.forms import CounterForm, ReasonForm
from customers.queries import Profile
from customers.queries.contacts import contacts_for
from customers.views.opening import open_profile, peek_at_profile
from customers.views.search import look_up
from customers.views.telling import tell
from cxhub.identifiers import uuid7

# The store this person stood in last, remembered for the session: whoever serves two stores chooses once.
COUNTER_STORE = "counter_store"


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Permission.USE_COUNTER)
def counter(request: HttpRequest) -> HttpResponse:
    """The box. Without scripts its form is sent here, and the list comes with the page."""
    context: dict[str, Any] = {"place": "counter"}
    if request.method == "POST":
        context["typed"] = request.POST.get("q", "")[:100]
        context["results"] = look_up(request, context["typed"], place=context["place"])
    return render(request, "customers/counter.html", context)


@require_safe
@open_to(Permission.USE_COUNTER)
def counter_customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The customer at the counter: beside the list for htmx, else with the whole page."""
    is_fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    is_part = bool(is_fragment) and request.GET.get("part") == "briefing"
    profile = open_profile(request, customer_id, what="counter", is_part=is_part)
    if profile.public_id != customer_id and not is_fragment:
        return redirect("customers:counter_customer", profile.public_id)
    context = {"place": "counter", "profile": profile, **_customer_context(request, profile)}
    part = "briefing" if is_part else "counter_customer"
    template = f"customers/partials/{part}.html" if is_fragment else "customers/counter.html"
    return TemplateResponse(request, template, context)


@require_POST
@open_to(Permission.USE_COUNTER)
def counter_note(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """What it was about, for whoever serves her next."""
    return _write(request, customer_id, is_inquiry=False)


@require_POST
@open_to(Permission.USE_COUNTER)
def counter_inquiry(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """A question or complaint for the center: becomes a ticket there at once."""
    return _write(request, customer_id, is_inquiry=True)


def _write(request: HttpRequest, customer_id: UUID, *, is_inquiry: bool) -> HttpResponse:
    person = person_of(request)
    profile = peek_at_profile(request, customer_id)
    stores = list(stores_for(person))
    form = CounterForm(request.POST, stores=stores)
    if form.is_valid():
        store, text, key = form.cleaned_data["store"], form.cleaned_data["text"], str(form.cleaned_data["key"])
        try:
            if is_inquiry:
                raise_inquiry(profile.root, text, store=store, by=person, at=now(), key=key)
            else:
                record_visit(profile.root, store=store, note=text, by=person, at=now(), key=key)
        except HubRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session[COUNTER_STORE] = str(store.public_id)
            return _written(request, profile, stores, is_inquiry=is_inquiry)
    context = {
        "form": form,
        "profile": profile,
        "is_inquiry": is_inquiry,
        "stores": stores,
        "chosen_store": request.POST.get("store", ""),
        "key": request.POST.get("key") or uuid7(),
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "customers/partials/counter_form.html", context, status=422)
    return render(request, "customers/counter_form.html", context, status=422)


def _written(request: HttpRequest, profile: Profile, stores: list[Store], *, is_inquiry: bool) -> HttpResponse:
    told = _("The center has it now.") if is_inquiry else _("Noted.")
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("customers:counter_customer", profile.public_id)
    # A fresh form: the next note is another act, with another key.
    context = {"profile": profile, "is_inquiry": is_inquiry, "is_sent": True, **_form_context(request, stores)}
    response = render(request, "customers/partials/counter_form.html", context)
    return trigger_client_event(response, "toast", {"text": told, "level": "success"})


def _form_context(request: HttpRequest, stores: list[Store]) -> dict[str, Any]:
    """`chosen_store` is where she stood last; of several, the first otherwise."""
    return {"stores": stores, "chosen_store": request.session.get(COUNTER_STORE, ""), "key": uuid7()}


def _customer_context(request: HttpRequest, profile: Profile) -> dict[str, Any]:
    return {
        "told": tell(request, profile),
        "contacts": contacts_for(profile, now()),
        "inquiry_key": uuid7(),
        "reason_form": ReasonForm() if profile.sight.is_masked else None,
        **_form_context(request, list(stores_for(person_of(request)))),
    }
