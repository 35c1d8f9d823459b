"""What changes from second to second beside a conversation: colleagues there, and calls to this person."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from accounts.access import open_to, person_of
from accounts.policies import Permission
from tickets.queries import short_ticket_for
from tickets.queries.mentions import unread_mentions
from tickets.queries.own_work import waiting_for
from tickets.queries.presence import others_at


@require_GET
@open_to(Permission.USE_COUNTER)
def others(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """Who else looks at this ticket or is answering it."""
    person = person_of(request)
    context = {"others": others_at(person, short_ticket_for(person, ticket_id))}
    return render(request, "tickets/partials/others.html", context)


@require_GET
@open_to(Permission.USE_INBOX)
def waits(request: HttpRequest) -> HttpResponse:
    """Who waits for this person, in words that say of nobody who it is: they stand on her screen for all to see."""
    context = {"tickets": waiting_for(person_of(request), at=now())}
    return render(request, "tickets/partials/own_waits.html", context)


@require_GET
@open_to(Permission.USE_INBOX)
def mentions(request: HttpRequest) -> HttpResponse:
    """How many tickets call this person unread; a number, for the badge on every page."""
    return HttpResponse(str(unread_mentions(person_of(request))), content_type="text/plain")
