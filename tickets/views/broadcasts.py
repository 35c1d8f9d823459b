"""Broadcasts: the form and the list for leads, and what is shown on everybody's pages until she has read it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import open_to, person_of
from accounts.actions import Refused
from accounts.models import Person
from accounts.policies import Permission
from accounts.queries import centers_for
from cxhub.identifiers import uuid7
from tickets.actions.broadcasts import end_broadcast, read_broadcast, send_broadcast
from tickets.actions.mentions import read_mentions
from tickets.forms import BroadcastForm
from tickets.queries import ticket_for
from tickets.queries.broadcasts import sent_broadcast, sent_broadcasts, unread_broadcasts
from tickets.queries.notices import unread_notices


@require_http_methods(["GET", "POST"])
@open_to(Permission.SEE_PEOPLE)
def broadcasts(request: HttpRequest) -> HttpResponse:
    """What was said and who has read it; by POST, a new one."""
    person = person_of(request)
    now = timezone.now()
    form = BroadcastForm(request.POST or None, centers=centers_for(person), initial={"key": uuid7()})
    if request.method == "POST" and form.is_valid() and _is_sent(form, person):
        messages.success(request, _("Sent. It stands on the pages of those who are there, and waits for the others."))
        return redirect("tickets:broadcasts")
    status = 422 if request.method == "POST" else 200
    is_fragment = bool(request.htmx) and request.method == "GET"  # type: ignore[attr-defined]
    template = "tickets/partials/broadcast_list.html" if is_fragment else "tickets/broadcasts.html"
    return render(request, template, {"form": form, "sent": sent_broadcasts(person, at=now)}, status=status)


def _is_sent(form: BroadcastForm, person: Person) -> bool:
    """What the action refuses stands at its field."""
    now = timezone.now()
    said = form.cleaned_data
    try:
        send_broadcast(
            said["text"], to=list(said["centers"]), ends_at=form.ends_at(now), by=person, at=now, key=said["key"]
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    return True


@require_POST
@open_to(Permission.SEE_PEOPLE)
def end(request: HttpRequest, broadcast_id: UUID) -> HttpResponse:
    """Takes one from all pages."""
    person = person_of(request)
    end_broadcast(sent_broadcast(person, broadcast_id), by=person, at=timezone.now())
    messages.success(request, _("It is no longer shown."))
    return redirect("tickets:broadcasts")


@require_GET
@open_to(Permission.USE_INBOX)
def notices(request: HttpRequest) -> HttpResponse:
    """What this person has been told and has not read: broadcasts, whispers, tickets taken over from her."""
    return _shown(request)


@require_POST
@open_to(Permission.USE_INBOX)
def read(request: HttpRequest, broadcast_id: UUID) -> HttpResponse:
    """She has read a broadcast."""
    read_broadcast(broadcast_id, by=person_of(request), at=timezone.now())
    return _shown(request)


@require_POST
@open_to(Permission.USE_INBOX)
def read_notice(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """She has read what she was told of a ticket, without opening it: up to the number that was shown to her."""
    person = person_of(request)
    ticket = ticket_for(person, ticket_id)
    upto = request.POST.get("upto", "")
    if upto.isascii() and upto.isdigit() and len(upto) <= 9:
        read_mentions(ticket, upto=int(upto), by=person, at=timezone.now())
    return _shown(request)


def _shown(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if not request.htmx and request.method == "POST":  # type: ignore[attr-defined]
        return redirect("/")
    context = {"broadcasts": unread_broadcasts(person, at=timezone.now()), "notices": unread_notices(person)}
    return render(request, "tickets/partials/notices.html", context)
