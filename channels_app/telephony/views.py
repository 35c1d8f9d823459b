"""Calling from a screen, how that call stands, and listening to what was recorded."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event
from redis.exceptions import RedisError

from accounts import audit
from accounts.access import open_to, person_of
from accounts.models import Person
from accounts.policies import Permission
from accounts.queries import NotFound
from channels_app.hub.writing import HubRefusal
from channels_app.models import CallRequest
from channels_app.telephony import actions, queries, recordings
from channels_app.telephony.words import problem_words, unavailable_words
from cxhub.identifiers import is_uuid, uuid7
from tickets.models import Ticket
from tickets.queries import ticket_for
from tickets.queries.callbacks import call_back_for
from tickets.queries.conversation import event_of

logger = logging.getLogger(__name__)

# Whoever listens asks for a recording part by part: that is one look.
ONE_LOOK_SECONDS = 600
# A call that is over is told for so long.
SHOWN_AFTER = timedelta(seconds=20)


@require_POST
@open_to(Permission.USE_INBOX)
def call(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """Asks for a call to one of the customer's numbers, or back to whoever called; answers with the card of that call."""
    person, ticket = person_of(request), ticket_for(person_of(request), ticket_id)
    is_call_back = bool(request.POST.get("call_back"))
    number, key = request.POST.get("number", ""), request.POST.get("key", "")
    if number not in _numbers(person, ticket, is_call_back=is_call_back):
        raise NotFound
    try:
        asked = actions.request_call(
            ticket,
            number,
            is_call_back=is_call_back,
            by=person,
            at=timezone.now(),
            key=UUID(key) if is_uuid(key) else uuid7(),
        )
    except HubRefusal as refusal:
        return _refused(request, ticket, str(refusal))
    if not request.htmx:  # type: ignore[attr-defined]
        messages.info(request, _("The call is being made."))
        return redirect("tickets:detail", ticket_id=ticket.public_id)
    return _card(request, person, queries.request_for(person, asked.public_id))


@require_GET
@open_to(Permission.USE_INBOX)
def card(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """How a call that she has asked for stands; 204 some time after it is over."""
    person = person_of(request)
    asked = queries.request_for(person, request_id)
    is_past = asked.finished_at is not None and timezone.now() - asked.finished_at > SHOWN_AFTER
    return HttpResponse(status=204) if is_past and not asked.has_failed else _card(request, person, asked)


@require_POST
@open_to(Permission.USE_INBOX)
def again(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Once more, what could not be handed over."""
    person = person_of(request)
    asked = queries.request_for(person, request_id)
    actions.try_again(asked, by=person, at=timezone.now())
    return _card(request, person, queries.request_for(person, request_id))


@require_GET
@open_to(Permission.USE_INBOX)
def recording(request: HttpRequest, ticket_id: UUID, event_id: UUID) -> HttpResponse:
    """What was recorded of a call, or a part of it. Listening is logged: a voice is personal data."""
    person, ticket = person_of(request), ticket_for(person_of(request), ticket_id)
    event = event_of(ticket, event_id)
    if event is None or event.type != "call.recording":
        raise NotFound
    if _is_new_look(person, event_id):
        customer = ticket.customer.public_id if ticket.customer is not None else None
        audit.record_for(request, action="calls.listen", obj=f"ticket {ticket.public_id}", customer_id=customer)
    start, last = recordings.wanted(request.headers.get("Range", ""))
    try:
        part = recordings.part_of(event, start, last)
    except recordings.BeyondTheEnd as error:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{error.total}"
        return response
    except recordings.Unavailable as error:
        logger.warning("A recording cannot be played", extra={"cause": error.cause, "event": event_id.hex})
        return HttpResponse(unavailable_words(error.cause), status=503, content_type="text/plain; charset=utf-8")
    return _played(part)


def _played(part: recordings.Part) -> HttpResponse:
    is_whole = len(part.body) == part.total
    response = HttpResponse(part.body, status=200 if is_whole else 206, content_type=part.content_type)
    response["Accept-Ranges"] = "bytes"
    if not is_whole:
        response["Content-Range"] = f"bytes {part.start}-{part.start + len(part.body) - 1}/{part.total}"
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _numbers(person: Person, ticket: Ticket, *, is_call_back: bool) -> tuple[str, ...]:
    own = queries.numbers_of(person, ticket)
    if not is_call_back:
        return own
    entry, _tickets = call_back_for(person, ticket.public_id)
    return (*own, entry.number)


def _is_new_look(person: Person, event_id: UUID) -> bool:
    try:
        return bool(cache.add(f"listens:{person.pk}:{event_id.hex}", 1, timeout=ONE_LOOK_SECONDS))
    except RedisError:
        return True  # rather twice than not at all


def _card(request: HttpRequest, person: Person, asked: CallRequest) -> HttpResponse:
    context = {
        "asked": asked,
        "name": queries.name_called(person, asked),
        "ticket": queries.ticket_of(asked),
        "problem": problem_words(asked.problem) if asked.has_failed else "",
    }
    return render(request, "channels_app/telephony/partials/outgoing.html", context)


def _refused(request: HttpRequest, ticket: Ticket, problem: str) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        messages.error(request, problem)
        return redirect("tickets:detail", ticket_id=ticket.public_id)
    response = HttpResponse(problem, status=422, content_type="text/plain; charset=utf-8")
    response["HX-Reswap"] = "none"
    return trigger_client_event(response, "toast", {"text": problem, "level": "error"})
