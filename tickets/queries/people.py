"""Whom a ticket can be given to, and where it can go."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Center, Person, Role
from accounts.policies import people_reached
from accounts.queries import NotFound, agents_of_center
from tickets.models import Ticket
from tickets.models.availability import State


def assignees_for(person: Person, ticket: Ticket) -> list[Person]:
    """The colleagues who answer for the ticket's center, herself first; without a center, those she reaches.

    As `with_herself_first`. Two statements at most.
    """
    if ticket.center is not None:
        people = agents_of_center(ticket.center)
    else:
        answering = people_reached(person).filter(is_active=True)
        people = answering.exclude(role=Role.STORE_STAFF).order_by("name", "pk")
    return with_herself_first(person, people)


def with_herself_first(person: Person, people: QuerySet[Person]) -> list[Person]:
    """Herself, then the others with their availability: who can be given work before who cannot. One statement."""
    found = [other for other in people.select_related("availability") if other.pk != person.pk]
    order = list(State)
    return [person, *sorted(found, key=lambda other: order.index(state_of_person(other)))]


def state_of_person(person: Person) -> State:
    """Her availability. Read her with it, or it costs a statement."""
    row = getattr(person, "availability", None)
    return State(row.state) if row else State.OFFLINE


def assignee_for(person: Person, ticket: Ticket, public_id: str) -> Person:
    """One of `assignees_for`. Raises NotFound."""
    for other in assignees_for(person, ticket):
        if str(other.public_id) == public_id:
            return other
    raise NotFound


def mentionable_for(person: Person, ticket: Ticket) -> list[Person]:
    """The colleagues whom a note in this ticket may call, by name: those who answer and may see it. One statement."""
    people = Person.objects.filter(organization_id=ticket.organization_id, is_active=True)
    people = people.exclude(role=Role.STORE_STAFF).exclude(pk=person.pk).exclude(name="")
    if ticket.center is not None:
        is_head_office = Q(centers__kind=Center.Kind.HEAD_OFFICE)
        people = people.filter(Q(role=Role.OWNER) | is_head_office | Q(centers=ticket.center))
    return list(people.order_by("name", "pk").distinct())


def named_in(text: str, people: Iterable[Person], *, chosen: Collection[UUID] = ()) -> list[Person]:
    """Those of `people` whom the text names as “@name”. Of two with the same name, whom the page has `chosen`; else both."""
    rest = unicodedata.normalize("NFC", text)
    by_name: dict[str, list[Person]] = {}
    for one in people:
        by_name.setdefault(unicodedata.normalize("NFC", one.name), []).append(one)
    named: list[Person] = []
    # The longest first: whoever calls @김민수 does not call @김민.
    for name in sorted(by_name, key=len, reverse=True):
        if f"@{name}" in rest:
            rest = rest.replace(f"@{name}", " ")
            alike = by_name[name]
            named += [one for one in alike if one.public_id in chosen] or alike
    return named


def centers_elsewhere(ticket: Ticket) -> QuerySet[Center]:
    """The organization's other centers: a ticket may be handed to one that the giver does not reach."""
    centers = Center.objects.filter(organization_id=ticket.organization_id).order_by("name", "pk")
    return centers.exclude(pk=ticket.center_id) if ticket.center_id else centers
