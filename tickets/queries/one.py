"""Fetches one ticket for a person: the only way in which a view may get at one."""

from __future__ import annotations

from uuid import UUID

from accounts.models import Person
from accounts.queries import NotFound
from tickets import policies
from tickets.models import Ticket

# A late event may replace a ticket that had replaced another; more steps than this are a mistake in the data.
LONGEST_CHAIN = 20


def ticket_for(person: Person, public_id: UUID) -> Ticket:
    """Returns the ticket that this id leads to now: its own, or the one that a late event has joined it to.

    Comes with organization, center, store and customer. Raises NotFound outside of her reach.
    """
    reach = policies.reach_of(person)
    if reach is None:
        raise NotFound
    rows = Ticket.objects.filter(organization_id=reach.organization_id).select_related(
        "organization", "center", "store", "customer"
    )
    ticket = rows.filter(public_id=public_id).first()
    for _step in range(LONGEST_CHAIN):
        if ticket is None or ticket.replaced_by_id is None:
            break
        ticket = rows.filter(pk=ticket.replaced_by_id).first()
    if ticket is None or not reach.holds(ticket):
        raise NotFound
    return ticket
