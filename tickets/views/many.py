"""The same act on the tickets that were selected in the list, with a line that tells what came of it, and undoing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from accounts.access import open_to, organization_of, person_of
from accounts.models import Center, Person, Role
from accounts.policies import Permission, people_reached
from channels_app.hub import changes
from channels_app.hub.changes import Change
from channels_app.hub.handling import check_snooze
from channels_app.hub.many import Done, Make, change_tickets, undo_change
from channels_app.hub.writing import HubRefusal
from customers.resolve_reasons import REASONS
from tickets.actions import keep_tags
from tickets.forms import PriorityForm, ResolveForm, SnoozeForm, TagsForm
from tickets.models import Ticket
from tickets.policies import tickets_reached
from tickets.queries.names import topic_names
from tickets.queries.openings import openings_of
from tickets.queries.people import with_herself_first
from tickets.queries.tags import keys_named, tag_names
from tickets.views.acts import first_error
from tickets.views.dialogs import dialog
from tickets.views.handling import chosen_instant, presets

# More rows than anybody has loaded; beyond, somebody sends what no page sends.
MOST_AT_ONCE = 500
# How long the page offers to undo: long enough to see that it was a mistake.
UNDO_OFFERED_MS = 15_000

Tickets = list[Ticket]


@dataclass(frozen=True, slots=True)
class _Act:
    """`offer` gives a dialog its choices, `read` makes of what was chosen the change of one ticket."""

    dialog: str
    offer: Callable[[Person], dict[str, Any]]
    read: Callable[[HttpRequest, Person, Tickets], Make]


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_INBOX)
def many(request: HttpRequest, act: str) -> HttpResponse:
    """The choices, and the act on all `tickets` (ids with commas between) that she reaches."""
    person = person_of(request)
    if request.method != "POST":
        return dialog(request, ACTS[act].dialog, {"is_many": True, **ACTS[act].offer(person)})
    ids = _ids(request.POST.get("tickets", ""))
    if not ids:
        return _told(request, _("Select some tickets first."))
    rows = tickets_reached(person).standing().filter(public_id__in=ids)
    tickets = list(rows.select_related("organization", "center").order_by("pk"))
    try:
        make = ACTS[act].read(request, person, tickets)
        done = change_tickets(organization_of(request), tickets, make, by=person, at=timezone.now())
    except HubRefusal as refusal:
        return _told(request, str(refusal))
    if len(tickets) < len(ids):
        done.left[_("no longer in your reach")] += len(ids) - len(tickets)
    return _result(request, done)


@require_POST
@open_to(Permission.USE_INBOX)
def undo(request: HttpRequest) -> HttpResponse:
    try:
        done = undo_change(
            organization_of(request), request.POST.get("undo", ""), by=person_of(request), at=timezone.now()
        )
    except HubRefusal as refusal:
        return _told(request, str(refusal))
    count = len(done.changed)
    line = ngettext("%(count)d ticket is as it was.", "%(count)d tickets are as they were.", count) % {"count": count}
    return _answer(request, {"text": _with_reasons(line, done), "level": "warning" if done.left else "success"})


def _result(request: HttpRequest, done: Done) -> HttpResponse:
    count = len(done.changed)
    line = ngettext("%(count)d ticket done.", "%(count)d tickets done.", count) % {"count": count}
    told: dict[str, Any] = {"text": _with_reasons(line, done), "level": "warning" if done.left else "success"}
    if done.undo:
        told |= {"undo": done.undo, "stay": UNDO_OFFERED_MS}
    return _answer(request, told)


def _with_reasons(line: str, done: Done) -> str:
    """“12 done. Left as they were: 2 (it was so already)”."""
    if not done.left:
        return line
    reasons = ", ".join(f"{count} ({reason.rstrip('.')})" for reason, count in done.left.most_common())
    return " ".join([line, _("Left as they were: %(reasons)s") % {"reasons": reasons}])


def _answer(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("tickets:inbox")
    response = trigger_client_event(HttpResponse(status=204), "toast", told)
    return trigger_client_event(response, "tickets-changed", {})


def _told(request: HttpRequest, problem: str) -> HttpResponse:
    response = HttpResponse(problem, status=422, content_type="text/plain; charset=utf-8")
    response["HX-Reswap"] = "none"
    return trigger_client_event(response, "toast", {"text": problem, "level": "error"})


def _ids(text: str) -> set[UUID]:
    try:
        ids = {UUID(word) for word in text.split(",") if word}
    except ValueError:
        return set()
    return ids if len(ids) <= MOST_AT_ONCE else set()


def _assignees(person: Person) -> dict[str, Any]:
    people = people_reached(person).filter(is_active=True).exclude(role=Role.STORE_STAFF).order_by("name", "pk")
    return {"people": with_herself_first(person, people)}


def _read_assign(request: HttpRequest, person: Person, tickets: Tickets) -> Make:
    said = request.POST.get("person", "")
    if said == "nobody":
        return lambda ticket: changes.unassigning(ticket, by=person)
    agent = next((other for other in _assignees(person)["people"] if str(other.public_id) == said), None)
    if agent is None:
        raise HubRefusal(_("Choose a colleague."))
    centers = set(agent.centers.values_list("pk", flat=True))

    def make(ticket: Ticket) -> Change:
        if agent.pk != person.pk and ticket.center_id is not None and ticket.center_id not in centers:
            raise HubRefusal(_("%(name)s does not answer for that center") % {"name": agent.name})
        return changes.assigning(ticket, agent, by=person)

    return make


def _read_priority(request: HttpRequest, person: Person, tickets: Tickets) -> Make:
    form = PriorityForm(request.POST)
    if not form.is_valid():
        raise HubRefusal(first_error(form))
    priority = form.cleaned_data["priority"]
    return lambda ticket: changes.prioritizing(ticket, priority, by=person)


def _read_tags(request: HttpRequest, person: Person, tickets: Tickets) -> Make:
    form = TagsForm(request.POST)
    if not form.is_valid():
        raise HubRefusal(first_error(form))
    added, removed = (keys_named(_organization_id(person), form.names(field)) for field in ("tags", "removed"))
    if not added and not removed:
        raise HubRefusal(_("Write a tag first."))
    keep_tags(organization_of(request), added)
    return lambda ticket: changes.tagging(ticket, add=added, remove=removed, by=person)


def _read_snooze(request: HttpRequest, person: Person, tickets: Tickets) -> Make:
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        raise HubRefusal(first_error(form))
    now = timezone.now()
    openings = openings_of(
        organization_of(request), {ticket.center_id for ticket in tickets if ticket.center_id}, at=now
    )

    def make(ticket: Ticket) -> Change:
        instant = chosen_instant(form, openings.get(ticket.center_id, openings[None]), now)
        check_snooze(instant, at=now)
        if not ticket.is_open:
            raise HubRefusal(_("resolved"))
        return changes.snoozing(ticket, instant, by=person)

    return make


def _read_move(request: HttpRequest, person: Person, tickets: Tickets) -> Make:
    center = _centers(person)["centers"].filter(slug=request.POST.get("center", "")).first()
    if center is None:
        raise HubRefusal(_("Choose a center."))
    return lambda ticket: changes.moving(ticket, center.slug, by=person)


def _read_resolve(request: HttpRequest, person: Person, tickets: Tickets) -> Make:
    form = ResolveForm(request.POST)
    if not form.is_valid():
        raise HubRefusal(first_error(form))
    topic, reason = form.chosen(), form.cleaned_data["reason"]
    return lambda ticket: changes.resolving(ticket, topic, reason=reason, by=person)


def _organization_id(person: Person) -> int:
    assert person.organization_id is not None
    return person.organization_id


def _presets(person: Person) -> dict[str, Any]:
    """As for tickets of no center: each ticket's own center opens when it opens."""
    assert person.organization is not None
    now = timezone.now()
    return {"presets": presets(openings_of(person.organization, [], at=now)[None], now), "now": now}


def _centers(person: Person) -> dict[str, Any]:
    return {"centers": Center.objects.filter(organization=person.organization).order_by("name", "pk")}


def _tags(person: Person) -> dict[str, Any]:
    return {"names": list(tag_names(_organization_id(person)).values())}


def _topics(person: Person) -> dict[str, Any]:
    return {"topics": list(topic_names(_organization_id(person)).items()), "reasons": REASONS.items()}


ACTS = {
    "assign": _Act("many_assign", _assignees, _read_assign),
    "priority": _Act("priority", lambda _person: {"priorities": Ticket.Priority.choices}, _read_priority),
    "tags": _Act("many_tags", _tags, _read_tags),
    "snooze": _Act("snooze", _presets, _read_snooze),
    "move": _Act("many_move", _centers, _read_move),
    "resolve": _Act("many_resolve", _topics, _read_resolve),
}
