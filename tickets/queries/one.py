"""Fetches one ticket for a person: the only way in which a view may get at one."""

from __future__ import annotations

from uuid import UUID

from accounts.models import Person
from accounts.queries import NotFound
from cxhub.prepared import Prepared, Told
from tickets import policies
from tickets.models import Ticket

# A late event may replace a ticket that had replaced another; more steps than this are a mistake in the data.
LONGEST_CHAIN = 20

_WHOLE = Prepared(
    lambda: Ticket.objects.filter(organization_id=Told("organization_id"), public_id=Told("public_id")).select_related(
        "organization", "center", "store", "customer"
    )
)
# What reach, the state and the limits of a conversation are told from: the way of every message to an open page.
_SHORT = Prepared(
    lambda: (
        Ticket.objects.filter(organization_id=Told("organization_id"), public_id=Told("public_id"))
        .select_related("customer")
        .only(
            *("organization_id", "public_id", "replaced_by_id", "merged_thread", "absorbed", "thread"),
            *("opened_event_id", "opened_at"),
            *("center_id", "store_id", "status", "agent_email", "topic", "call_state", "call_since", "waiting_since"),
            *("due_at", "channel"),
            *("priority", "tags", "snoozed_until"),
            *("customer__id", "customer__merged_into_id"),
        )
    )
)
_REPLACING = Prepared(
    lambda: Ticket.objects.filter(organization_id=Told("organization_id"), pk=Told("pk")).select_related(
        "organization", "center", "store", "customer"
    )
)

_GOING_ON = Prepared(
    lambda: (
        Ticket.objects.standing()
        .filter(organization_id=Told("organization_id"), thread=Told("thread"))
        .select_related("organization", "center", "store", "customer")
        .order_by("-opened_at", "-pk")[:1]
    )
)


def ticket_for(person: Person, public_id: UUID) -> Ticket:
    """Returns the ticket that this id leads to now: its own, or the one that a late event has joined it to,
    or that it was merged into.

    Comes with organization, center, store and customer. Raises NotFound outside of her reach.
    """
    return _found(_WHOLE, person, public_id)


def short_ticket_for(person: Person, public_id: UUID) -> Ticket:
    """As `ticket_for`, with the columns that `arrived_after` and a head's state need; others cost a statement each."""
    return _found(_SHORT, person, public_id)


def _found(rows: Prepared[Ticket], person: Person, public_id: UUID) -> Ticket:
    reach = policies.reach_of(person)
    if reach is None:
        raise NotFound
    ticket = rows.first(organization_id=reach.organization_id, public_id=public_id)
    for _step in range(LONGEST_CHAIN):
        if ticket is None or ticket.replaced_by_id is None:
            break
        ticket = _REPLACING.first(organization_id=reach.organization_id, pk=ticket.replaced_by_id)
    if ticket is not None and ticket.merged_thread:
        ticket = _GOING_ON.first(organization_id=reach.organization_id, thread=ticket.merged_thread)
    if ticket is None or not reach.holds(ticket):
        raise NotFound
    return ticket
