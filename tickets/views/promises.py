"""Promises: the list of them, giving one, and what can be done with one from any screen that shows it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from accounts.access import open_to, organization_of, person_of
from accounts.in_force import schedules_of
from accounts.models import Person
from accounts.policies import Permission, may
from channels_app.hub import promises as hub
from channels_app.hub.writing import HubRefusal
from customers.models import Promise
from cxhub.identifiers import uuid7
from tickets import policies
from tickets.actions.promise_alarms import set_promise_lead
from tickets.models import Ticket
from tickets.promise_forms import KeepingForm, LeadForm, OutcomeForm, PromiseForm, PromiseListForm
from tickets.promise_times import PromiseTime, times_offered
from tickets.queries.promises import (
    When,
    Whose,
    centers_keeping,
    counts_of_promises,
    keepers_for,
    lead_of,
    promise_for,
    promises_listed,
    tickets_of_promises,
)
from tickets.views.acts import act, changed, first_error, is_scripted, told
from tickets.views.dialogs import dialog


@require_GET
@open_to(Permission.USE_INBOX)
def promises(request: HttpRequest) -> HttpResponse:
    """The list: the page, the part that keeps it current, or what follows a cursor."""
    person, now = person_of(request), timezone.now()
    whose, when = PromiseListForm(request.GET).asked()
    cursor = request.GET.get("cursor", "")
    page = promises_listed(person, whose=whose, when=when, now=now, cursor=cursor)
    here = f"{reverse('tickets:promises')}?whose={whose}&when={when}"
    context: dict[str, Any] = {
        "promises": page.promises,
        "next_url": f"{here}&cursor={page.next_cursor}" if page.next_cursor else "",
    }
    if cursor and is_scripted(request):
        return render(request, "tickets/partials/promise_rows.html", context)
    context |= {"here": here, "whose": whose, "when": when, **_choices(person, whose, when)}
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        return render(request, "tickets/partials/promise_list.html", context)
    context |= {
        "may_set_lead": may(person, Permission.EDIT_SCHEDULES),
        "lead_minutes": int(lead_of(organization_of(request)).total_seconds()) // 60,
    }
    return render(request, "tickets/promises.html", context)


@require_POST
@open_to(Permission.EDIT_SCHEDULES)
def lead(request: HttpRequest) -> HttpResponse:
    """How long before a promise falls due its owner is told."""
    form = LeadForm(request.POST)
    if form.is_valid():
        minutes = form.cleaned_data["minutes"]
        set_promise_lead(organization_of(request), minutes, by=person_of(request), at=timezone.now())
        messages.success(request, _("Saved."))
    else:
        messages.error(request, first_error(form))
    return redirect("tickets:promises")


@act(policies.may_note, permission=Permission.USE_COUNTER, methods=("GET", "POST"))
def make(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """A promise to the customer of a ticket."""
    unsaved = Promise(organization=ticket.organization, owner_email=person.email, center=None)
    keeping = _keeping(unsaved, ticket)
    if request.method != "POST":
        context = {"ticket": ticket, "new_key": uuid7(), **_offered(unsaved, keeping)}
        return dialog(request, "promise", context)
    form = PromiseForm(request.POST, **keeping)
    if not form.is_valid():
        return told(request, ticket, first_error(form))
    said, due = form.cleaned_data, form.due()
    assert due is not None, "The form has seen to it."
    hub.make_promise(
        ticket, said["text"], due=due, owner=said["owner"], by=person, at=timezone.now(), key=form.act_key()
    )
    return changed(request, person, ticket)


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_INBOX)
def change(request: HttpRequest, promise_id: UUID) -> HttpResponse:
    """Another time, somebody else who keeps it; and from here also what became of it."""
    person = person_of(request)
    promise = promise_for(person, promise_id)
    ticket = tickets_of_promises(promise.organization_id, [promise]).get(promise.pk)
    keeping = _keeping(promise, ticket)
    if request.method != "POST":
        context = {"promise": promise, "ticket": ticket, "is_change": True, **_offered(promise, keeping)}
        return dialog(request, "promise_change", context)
    form = KeepingForm(request.POST, **keeping)
    if not form.is_valid():
        return _refused(request, first_error(form))
    said = form.cleaned_data
    try:
        hub.change_promise(
            promise, due=form.due(), owner=said["owner"], reason=said["reason"], by=person, at=timezone.now()
        )
    except HubRefusal as refusal:
        return _refused(request, str(refusal))
    return _done(request, _("Changed."))


@require_POST
@open_to(Permission.USE_COUNTER)
def settle(request: HttpRequest, promise_id: UUID) -> HttpResponse:
    """Kept, not kept, withdrawn, or open after all; "kept" stands beside each promise, the counter's too."""
    person = person_of(request)
    promise = promise_for(person, promise_id)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _refused(request, first_error(form))
    said = form.cleaned_data
    try:
        hub.settle_promise(promise, said["outcome"], reason=said["reason"], by=person, at=timezone.now())
    except HubRefusal as refusal:
        return _refused(request, str(refusal))
    words = {
        "kept": _("The promise has been kept."),
        "broken": _("Noted that the promise was not kept."),
        "withdrawn": _("The promise is withdrawn."),
    }
    return _done(request, words.get(said["outcome"], _("The promise is open again.")))


def _keeping(promise: Promise, ticket: Ticket | None) -> dict[str, Any]:
    """Who can keep it, and by which hours its days end."""
    organization = promise.organization
    center_id = promise.center_id or (ticket.center_id if ticket else None)
    hours = schedules_of(organization).at(center_id, timezone.now()).hours
    return {"hours": hours, "people": keepers_for(promise, ticket), "centers": centers_keeping(organization)}


def _offered(promise: Promise, keeping: dict[str, Any]) -> dict[str, Any]:
    """What the dialogs offer: closing times, and who keeps it, whoever does now chosen."""
    now = timezone.now()
    people = [(f"person:{one.public_id}", one.name, one.email == promise.owner_email) for one in keeping["people"]]
    if promise.owner_email and not any(is_chosen for _word, _name, is_chosen in people):
        people.insert(0, ("", promise.owner_email.partition("@")[0], True))
    centers = [(f"center:{one.slug}", one.name, one.pk == promise.center_id) for one in keeping["centers"]]
    return {
        "times": [(one.word, _time_label(one), one.due_at) for one in times_offered(keeping["hours"], now)],
        "owner_groups": [(_("Colleagues"), people), (_("Centers"), centers)],
        "now": now,
    }


def _time_label(one: PromiseTime) -> str:
    if one.ahead == 0:
        return _("By closing time today")
    if one.ahead == 1:
        return _("By tomorrow")
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return _("By %(day)s") % {"day": names[one.day.weekday()]}


def _choices(person: Person, whose: Whose, when: When) -> dict[str, Any]:
    counts = counts_of_promises(person, whose, now=timezone.now())
    labels = {When.ALL: _("All open"), When.TODAY: _("Today"), When.OVERDUE: _("Overdue")}
    return {
        "whose_choices": [(Whose.MINE, _("My promises")), (Whose.CENTER, _("My center's"))],
        "when_choices": [(one, labels[one], counts[one], one is When.OVERDUE and counts[one] > 0) for one in When],
        "is_filtered": when is not When.ALL,
    }


def _done(request: HttpRequest, words: str) -> HttpResponse:
    """Whatever shows the promise is told to fetch itself anew; without scripts, back to where it was pressed."""
    if not is_scripted(request):
        messages.success(request, words)
        return redirect(_where_from(request))
    response = trigger_client_event(HttpResponse(), "toast", {"text": words, "level": "success"})
    return trigger_client_event(trigger_client_event(response, "promise-changed"), "ticket-changed")


def _refused(request: HttpRequest, problem: str) -> HttpResponse:
    if not is_scripted(request):
        messages.error(request, problem)
        return redirect(_where_from(request))
    response = HttpResponse(problem, status=422, content_type="text/plain; charset=utf-8")
    response["HX-Reswap"] = "none"
    return trigger_client_event(response, "toast", {"text": problem, "level": "error"})


def _where_from(request: HttpRequest) -> str:
    referer = request.META.get("HTTP_REFERER", "")
    is_own = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if is_own and f"{reverse('tickets:promises')}" not in referer else reverse("tickets:promises")
