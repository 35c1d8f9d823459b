"""One item of a customer's history, opened beside the conversation at hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import open_to, person_of
from accounts.policies import Permission
from accounts.queries import NotFound
from customers.policies import sight_of
from customers.queries.profiles import profiles_of
from tickets.lines import days_of
from tickets.queries import conversation_of, ticket_for
from tickets.queries.past import item_of


@require_GET
@open_to(Permission.USE_INBOX)
def item(request: HttpRequest, ticket_id: UUID, event_id: UUID) -> HttpResponse:
    """A receipt with all its lines, a whole message, or the conversation it was said in."""
    person = person_of(request)
    ticket = ticket_for(person, ticket_id)
    if ticket.customer is None:
        raise NotFound
    root_id = ticket.customer.root_id
    profile = profiles_of(ticket.organization, [root_id], sight=sight_of(person))[root_id]
    found = item_of(person, ticket, profile, event_id)
    context: dict[str, Any] = {"item": found}
    if found.ticket is not None:
        conversation = conversation_of(found.ticket, sight=profile.sight)
        context |= {"ticket": found.ticket, "conversation": conversation, "days": days_of(conversation.lines)}
    return render(request, "tickets/partials/item.html", context)
