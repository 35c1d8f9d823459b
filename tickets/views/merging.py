"""Merging a ticket with another one, and undoing it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Person
from accounts.queries import NotFound
from channels_app.hub import merging
from channels_app.hub.writing import HubRefusal
from customers.policies import sight_of
from customers.queries.profiles import profiles_of
from cxhub.identifiers import is_uuid
from tickets import policies
from tickets.models import Ticket
from tickets.queries.merges import mergeable_for, mergeable_with, merged_into
from tickets.queries.search import tidy_words
from tickets.views.acts import act, is_scripted
from tickets.views.dialogs import dialog


@act(policies.may_handle, methods=("GET", "POST"))
def merge(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """The customer's other tickets, a search for any other, and what is merged already."""
    if request.method == "POST":
        goes_on = merging.merge_tickets(ticket, _other(person, request), by=person, at=timezone.now())
        return _to(request, goes_on)
    members: tuple[int, ...] = ()
    if ticket.customer is not None:
        root_id = ticket.customer.root_id
        members = tuple(profiles_of(ticket.organization, [root_id], sight=sight_of(person))[root_id].ids)
    words = tidy_words(request.GET.get("q", ""))
    context = {
        "ticket": ticket,
        "words": words,
        "merged": merged_into(ticket),
        "offered": mergeable_with(person, ticket, members, words=words),
    }
    return dialog(request, "merge", context)


@act(policies.may_handle)
def unmerge(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    merging.unmerge_tickets(ticket, _other(person, request), by=person, at=timezone.now())
    return _to(request, ticket)


def _to(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """The whole conversation is another now: the page is opened anew."""
    url = reverse("tickets:detail", args=[ticket.public_id])
    return HttpResponseClientRedirect(url) if is_scripted(request) else redirect(url)


def _other(person: Person, request: HttpRequest) -> Ticket:
    told = request.POST.get("ticket", "")
    try:
        if not is_uuid(told):
            raise NotFound
        return mergeable_for(person, UUID(told))
    except NotFound as error:
        raise HubRefusal(_("There is no such ticket in your reach.")) from error
