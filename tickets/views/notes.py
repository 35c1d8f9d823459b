"""Changing one's own note, and whom a note may call."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import trigger_client_event

from accounts.access import open_to, person_of
from accounts.policies import Permission
from accounts.queries import NotFound
from channels_app.hub.actions import HubRefusal, edit_note
from tickets import policies
from tickets.forms import TextForm
from tickets.queries import ticket_for
from tickets.queries.conversation import note_of
from tickets.queries.people import mentionable_for, named_in


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_COUNTER)
def edit(request: HttpRequest, ticket_id: UUID, note_id: UUID) -> HttpResponse:
    """GET: the note in a field, in place of its line. POST: its new words; the page fetches the line as anybody does."""
    person = person_of(request)
    ticket = ticket_for(person, ticket_id)
    found = note_of(ticket, note_id)
    if found is None or found[0].agent_email != person.email or not policies.may_note(person, ticket):
        raise NotFound
    context = {"ticket": ticket, "note_id": note_id, "text": found[1], "problem": ""}
    if request.method == "GET":
        return _field(request, context)
    form = TextForm(request.POST)
    if not form.is_valid():
        return _field(request, context | {"text": request.POST.get("text", ""), "problem": _first(form)}, status=422)
    text = form.cleaned_data["text"]
    mentioned = named_in(text, mentionable_for(person, ticket)) if "@" in text else []
    try:
        edit_note(ticket, note_id, text, by=person, at=timezone.now(), key=form.act_key(), mentioned=mentioned)
    except HubRefusal as refusal:
        return _field(request, context | {"text": text, "problem": str(refusal)}, status=422)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("tickets:detail", ticket_id=ticket.public_id)
    response = HttpResponse(status=204)
    return trigger_client_event(response, "note-edited", {"line": f"line-{note_id.hex}"})


@require_GET
@open_to(Permission.USE_COUNTER)
def mentionable(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """The colleagues whom a note in this ticket may call."""
    person = person_of(request)
    ticket = ticket_for(person, ticket_id)
    return render(request, "tickets/partials/mentionable.html", {"people": mentionable_for(person, ticket)})


def _field(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "tickets/partials/edit_note.html", context, status=status)
    return render(request, "tickets/act.html", context | {"menu": "tickets/partials/edit_note.html"}, status=status)


def _first(form: TextForm) -> str:
    return str(next(iter(form.errors.values()))[0])
