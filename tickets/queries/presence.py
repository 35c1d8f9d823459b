"""Who else is at a ticket right now, by name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Person
from cxhub import attendance
from tickets import policies
from tickets.models import Ticket

# What stands behind the name of who is writing an answer.
WRITING = ":writes"


@dataclass(frozen=True, slots=True)
class Others:
    """Names of colleagues, each in one of the lists, in their order."""

    answering: tuple[str, ...] = ()
    looking: tuple[str, ...] = ()
    # Leads who look at what a colleague has: she is told so, as of any colleague.
    along: tuple[str, ...] = ()


def place_of(ticket_id: UUID) -> str:
    """The ticket's place in `cxhub.attendance`, and the group of its live hints."""
    return f"ticket.{ticket_id.hex}"


def others_at(person: Person, ticket: Ticket) -> Others:
    """Returns who but herself is at the ticket. No statement where nobody is."""
    there = attendance.names_at(place_of(ticket.public_id))
    answering = {_key_of(name) for name in there if name.endswith(WRITING)} - {person.pk}
    looking = {_key_of(name) for name in there} - answering - {person.pk}
    if not answering and not looking:
        return Others()
    people = Person.objects.filter(organization_id=ticket.organization_id, pk__in=answering | looking)
    found = list(people.order_by("name", "pk"))
    along = {one.pk for one in found if one.pk in looking and policies.reads_along(one, ticket)}
    return Others(
        answering=tuple(one.name for one in found if one.pk in answering),
        looking=tuple(one.name for one in found if one.pk in looking - along),
        along=tuple(one.name for one in found if one.pk in along),
    )


def _key_of(name: str) -> int:
    return int(name.split(":", 1)[0])
