"""A customer's tickets in short, for whoever serves her now: what is open, and what was settled lately.

Everybody who sees the customer sees that there is something open, in whichever center; only the conversation itself
is behind a ticket's own door.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Organization, Person
from tickets.models import Ticket
from tickets.policies import reach_of
from tickets.queries.inbox import agent_names, topic_names

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Matter:
    """`is_reached` says whether this reader may open the conversation."""

    ticket: Ticket
    topic: str
    agent: str
    is_reached: bool

    @property
    def status(self) -> str:
        if not self.ticket.is_open:
            return _("Resolved")
        return _("Waiting for an answer") if self.ticket.is_waiting else _("Open")


def matters_for(person: Person, organization: Organization, customer_ids: Collection[int]) -> list[Matter]:
    """Her tickets, open ones first, then by the last thing that happened. At most four short statements."""
    rows = Ticket.objects.standing().filter(organization=organization, customer__in=list(customer_ids))
    # "open" sorts before "resolved".
    tickets = list(rows.select_related("center").order_by("status", "-last_event_at", "-id")[:SHOWN])
    if not tickets:
        return []
    reach = reach_of(person)
    topics = topic_names(organization.pk) if any(ticket.topic for ticket in tickets) else {}
    agents = agent_names(organization.pk, {ticket.agent_email for ticket in tickets if ticket.agent_email})
    return [
        Matter(
            ticket,
            topics.get(ticket.topic, ticket.topic),
            agents.get(ticket.agent_email, ticket.agent_email),
            reach is not None and reach.holds(ticket),
        )
        for ticket in tickets
    ]


def with_open_tickets(organization: Organization, customer_ids: Collection[int]) -> set[int]:
    """Which of these customer rows have an open ticket. One statement."""
    rows = Ticket.objects.open().filter(organization=organization, customer__in=list(customer_ids))
    return {pk for pk in rows.values_list("customer_id", flat=True).distinct() if pk is not None}
