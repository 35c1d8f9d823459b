"""The call-back list: who was not answered, who takes her, what came of calling back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.models import Person
from accounts.policies import Permission
from accounts.queries import centers_for
from channels_app.hub import callbacks as acts
from channels_app.hub.writing import HubRefusal
from channels_app.telephony.queries import may_dial
from cxhub.identifiers import is_uuid, uuid7
from tickets.forms import CallBackClosingForm, CallBackOutcomeForm
from tickets.models import Ticket
from tickets.queries import agent_names
from tickets.queries.callbacks import call_back_count, call_back_for, call_backs_for
from tickets.views.acts import first_error

Act = Callable[[HttpRequest, Person, list[Ticket]], None]


@require_GET
@open_to(Permission.USE_INBOX)
def call_backs(request: HttpRequest) -> HttpResponse:
    """The page, or its list alone. Opening the page is logged, keeping it current is not."""
    person, is_fragment = person_of(request), bool(request.htmx)  # type: ignore[attr-defined]
    told = request.GET.get("center", "")
    entries = call_backs_for(person, center=UUID(told) if is_uuid(told) else None)
    context = {
        "entries": entries,
        "centers": centers_for(person),
        "center": told,
        "person": person,
        "new_key": uuid7(),
        "may_dial": may_dial(person),
    }
    if is_fragment:
        return render(request, "tickets/partials/call_backs.html", context)
    known = [entry.profile.public_id for entry in entries if entry.profile is not None]
    audit.record_for_customers(organization_of(request), known, by=person, action="customers.view", obj="call backs")
    return render(request, "tickets/call_backs.html", context)


@require_GET
@open_to(Permission.USE_INBOX)
def count(request: HttpRequest) -> HttpResponse:
    return HttpResponse(call_back_count(person_of(request)), content_type="text/plain")


def _act(view: Act) -> Callable[..., HttpResponseBase]:
    """Opens an act on the entry that a ticket belongs to; what is refused is told, and the list is shown as it is now."""

    @require_POST
    @open_to(Permission.USE_INBOX)
    @wraps(view)
    def guarded(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
        person = person_of(request)
        _entry, tickets = call_back_for(person, ticket_id)
        problem = ""
        try:
            view(request, person, tickets)
        except acts.TakenMeanwhile as taken:
            name = agent_names(tickets[0].organization_id, [taken.agent_email]).get(taken.agent_email, "")
            problem = _("%(name)s has taken this call-back already.") % {"name": name or _("A colleague")}
        except HubRefusal as refusal:
            problem = str(refusal)
        return _answered(request, person, problem)

    return guarded


@_act
def claim(request: HttpRequest, person: Person, tickets: list[Ticket]) -> None:
    acts.claim(tickets, by=person, at=timezone.now())


@_act
def release(request: HttpRequest, person: Person, tickets: list[Ticket]) -> None:
    acts.release(tickets, by=person, at=timezone.now())


@_act
def tried(request: HttpRequest, person: Person, tickets: list[Ticket]) -> None:
    form = CallBackOutcomeForm(request.POST)
    if not form.is_valid():
        raise HubRefusal(first_error(form))
    acts.note_attempt(
        tickets,
        form.cleaned_data["outcome"],
        by=person,
        at=timezone.now(),
        key=str(form.cleaned_data["key"] or uuid7()),
    )


@_act
def close(request: HttpRequest, person: Person, tickets: list[Ticket]) -> None:
    form = CallBackClosingForm(request.POST)
    if not form.is_valid():
        raise HubRefusal(first_error(form))
    said = form.cleaned_data
    acts.close(
        tickets, said["reason"], text=said["text"], by=person, at=timezone.now(), key=str(said["key"] or uuid7())
    )


def _answered(request: HttpRequest, person: Person, problem: str) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        if problem:
            messages.error(request, problem)
        return redirect("tickets:call_backs")
    context = {"entries": call_backs_for(person), "person": person, "new_key": uuid7(), "may_dial": may_dial(person)}
    response = render(request, "tickets/partials/call_backs.html", context)
    if problem:
        trigger_client_event(response, "toast", {"text": problem, "level": "error"})
    return response
