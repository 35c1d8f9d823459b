"""Whom a ticket can be given to, and where it can go."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Center, Person, Role
from accounts.policies import people_reached
from accounts.queries import NotFound, agents_of_center
from tickets.models import Ticket


def assignees_for(person: Person, ticket: Ticket) -> list[Person]:
    """The colleagues who answer for the ticket's center, herself first; without a center, those she reaches."""
    if ticket.center is not None:
        people = agents_of_center(ticket.center)
    else:
        answering = people_reached(person).filter(is_active=True)
        people = answering.exclude(role=Role.STORE_STAFF).order_by("name", "pk")
    found = [other for other in people if other.pk != person.pk]
    return [person, *found]


def assignee_for(person: Person, ticket: Ticket, public_id: str) -> Person:
    """One of `assignees_for`. Raises NotFound."""
    for other in assignees_for(person, ticket):
        if str(other.public_id) == public_id:
            return other
    raise NotFound


def centers_elsewhere(ticket: Ticket) -> QuerySet[Center]:
    """The organization's other centers: a ticket may be handed to one that the giver does not reach."""
    centers = Center.objects.filter(organization_id=ticket.organization_id).order_by("name", "pk")
    return centers.exclude(pk=ticket.center_id) if ticket.center_id else centers
