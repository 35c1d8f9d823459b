"""Who else is at a ticket right now, by name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Person
from cxhub import attendance
from tickets.models import Ticket

# What stands behind the name of who is writing an answer.
WRITING = ":writes"


@dataclass(frozen=True, slots=True)
class Others:
    """Names of colleagues, each in one of the two lists, in their order."""

    answering: tuple[str, ...] = ()
    looking: tuple[str, ...] = ()


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
    names = people.order_by("name", "pk").values_list("pk", "name")
    return Others(
        answering=tuple(name for pk, name in names if pk in answering),
        looking=tuple(name for pk, name in names if pk in looking),
    )


def _key_of(name: str) -> int:
    return int(name.split(":", 1)[0])
