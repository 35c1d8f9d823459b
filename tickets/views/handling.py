"""Snooze, priority, tags, handing over and up, linking: each a small dialog, and the act itself."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Center, Person
from accounts.policies import Permission
from accounts.queries import NotFound
from channels_app.hub import handling
from channels_app.hub.writing import HubRefusal
from customers.policies import sight_of
from customers.queries.profiles import profiles_of
from tickets import policies
from tickets.forms import PriorityForm, SnoozeForm, TagsForm, TransferForm
from tickets.models import Ticket
from tickets.queries import ticket_for
from tickets.queries.links import linkable_to, linked_with
from tickets.queries.openings import openings_of
from tickets.queries.people import assignee_for, assignees_for, centers_elsewhere
from tickets.queries.tags import tag_names
from tickets.snoozing import Opening, Preset, until
from tickets.views.acts import act, changed, changed_or_gone, first_error, told
from tickets.views.dialogs import dialog


@act(policies.may_handle, methods=("GET", "POST"))
def snooze(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    now = timezone.now()
    opening = openings_of(ticket.organization, [ticket.center_id] if ticket.center_id else [], at=now)
    mine = opening.get(ticket.center_id, opening[None])
    if request.method != "POST":
        return dialog(request, "snooze", {"ticket": ticket, "presets": presets(mine, now), "now": now})
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        return told(request, ticket, first_error(form))
    handling.snooze_ticket(ticket, chosen_instant(form, mine, now), by=person, at=now)
    return changed(request, person, ticket)


@act(policies.may_handle)
def wake(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    handling.wake_ticket(ticket, by=person, at=timezone.now())
    return changed(request, person, ticket)


@act(policies.may_handle, methods=("GET", "POST"))
def priority(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    if request.method != "POST":
        return dialog(request, "priority", {"ticket": ticket, "priorities": Ticket.Priority.choices})
    form = PriorityForm(request.POST)
    if not form.is_valid():
        return told(request, ticket, first_error(form))
    handling.set_priority(ticket, form.cleaned_data["priority"], by=person, at=timezone.now())
    return changed(request, person, ticket)


@act(policies.may_handle, methods=("GET", "POST"))
def tags(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    if request.method != "POST":
        names = tag_names(ticket.organization_id)
        own = [names.get(key, key) for key in ticket.tag_keys]
        return dialog(request, "tags", {"ticket": ticket, "names": list(names.values()), "own": own})
    form = TagsForm(request.POST)
    if not form.is_valid():
        return told(request, ticket, first_error(form))
    handling.set_tags(ticket, form.names(), by=person, at=timezone.now())
    return changed(request, person, ticket)


@act(policies.may_assign)
def unassign(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    handling.unassign_ticket(ticket, by=person, at=timezone.now())
    return changed(request, person, ticket)


@act(policies.may_move, methods=("GET", "POST"))
def transfer(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """To a colleague or to a center, with a word to whoever goes on."""
    if request.method != "POST":
        people = [other for other in assignees_for(person, ticket) if other.email != ticket.agent_email]
        return dialog(request, "transfer", {"ticket": ticket, "people": people, "centers": centers_elsewhere(ticket)})
    form = TransferForm(request.POST)
    if not form.is_valid():
        return told(request, ticket, first_error(form))
    said, now = form.cleaned_data, timezone.now()
    if said["person"]:
        agent = assignee_for(person, ticket, said["person"])
        handling.transfer_ticket(ticket, agent, note=said["note"], by=person, at=now)
        return changed(request, person, ticket)
    if not said["center"]:
        return told(request, ticket, _("Choose who should go on."))
    center = _center(centers_elsewhere(ticket), said["center"])
    handling.transfer_ticket(ticket, center, note=said["note"], by=person, at=now)
    return changed_or_gone(request, person, ticket, center)


@act(policies.may_escalate, permission=Permission.USE_COUNTER, methods=("GET", "POST"))
def escalate(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """Up to a head office, with what it should decide."""
    offices = centers_elsewhere(ticket).filter(kind=Center.Kind.HEAD_OFFICE)
    if request.method != "POST":
        return dialog(request, "escalate", {"ticket": ticket, "centers": offices})
    form = TransferForm(request.POST)
    if not form.is_valid():
        return told(request, ticket, first_error(form))
    center = _center(offices, form.cleaned_data["center"])
    handling.escalate_ticket(ticket, center, note=form.cleaned_data["note"], by=person, at=timezone.now())
    return changed_or_gone(request, person, ticket, center)


@act(policies.may_handle, methods=("GET", "POST"))
def link(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """Other tickets of the customer, and those that are linked already."""
    if request.method != "POST":
        profile = None
        if ticket.customer is not None:
            root_id = ticket.customer.root_id
            profile = profiles_of(ticket.organization, [root_id], sight=sight_of(person))[root_id]
        context = {
            "ticket": ticket,
            "linked": linked_with(person, ticket),
            "offered": linkable_to(person, ticket, profile.ids if profile else ()),
        }
        return dialog(request, "link", context)
    handling.link_tickets(ticket, _other(person, request), by=person, at=timezone.now())
    return changed(request, person, ticket)


@act(policies.may_handle)
def unlink(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    handling.unlink_tickets(ticket, _other(person, request), by=person, at=timezone.now())
    return changed(request, person, ticket)


_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def presets(opening: Opening, now: datetime) -> list[tuple[str, str, datetime]]:
    """What is offered: the word that is sent, its label, and the instant it means."""
    labels = {
        Preset.HOUR: _("In one hour"),
        Preset.TOMORROW: _("Tomorrow morning"),
        Preset.MONDAY: _("Next Monday"),
    }
    today = now.astimezone(opening.zone).date()
    found = []
    for preset, label in labels.items():
        at = until(preset, opening, now=now)
        if preset is Preset.TOMORROW and (at.date() - today).days > 1:
            label = _("Next business day")
        found.append((str(preset), label, at))
    return found


def chosen_instant(form: SnoozeForm, opening: Opening, now: datetime) -> datetime:
    """The form's own instant, or what its preset means in a center with this opening."""
    own: datetime | None = form.cleaned_data["until"]
    if own is not None:
        return own
    return until(Preset(form.cleaned_data["preset"]), opening, now=now)


def _center(offered: Any, slug: str) -> Center:
    found: Center | None = offered.filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def _other(person: Person, request: HttpRequest) -> Ticket:
    """By its id, or by what stands in the address of its page."""
    told = request.POST.get("ticket") or request.POST.get("address", "")
    found = _ID.findall(told)
    if not found:
        raise HubRefusal(_("That is no address of a ticket. Open the other ticket and copy its address."))
    try:
        return ticket_for(person, UUID(found[-1]))
    except NotFound as error:
        raise HubRefusal(_("There is no such ticket in your reach.")) from error
