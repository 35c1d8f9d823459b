"""A customer's calls together: the newest first, each a conversation that opens beside the one at hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import Person
from tickets.models import Ticket
from tickets.policies import reach_of
from tickets.queries.names import agent_names, topic_names

SHOWN = 6


@dataclass(frozen=True, slots=True)
class CustomersCall:
    ticket: Ticket
    agent: str
    topic: str


def calls_of(person: Person, ticket: Ticket, customer_ids: Collection[int]) -> tuple[list[CustomersCall], bool]:
    """Her other calls that the reader reaches, and whether there are more. Four short statements at most."""
    reach = reach_of(person)
    if reach is None:
        return [], False
    rows = Ticket.objects.standing().filter(
        reach.rows, organization_id=ticket.organization_id, customer__in=customer_ids, channel="call"
    )
    found = list(rows.exclude(pk=ticket.pk).order_by("-opened_at", "-pk")[: SHOWN + 1])
    shown = found[:SHOWN]
    if not shown:
        return [], False
    names = agent_names(ticket.organization_id, {call.agent_email for call in shown})
    topics = topic_names(ticket.organization_id) if any(call.topic for call in shown) else {}
    calls = [
        CustomersCall(call, names.get(call.agent_email, call.agent_email), topics.get(call.topic, call.topic))
        for call in shown
    ]
    return calls, len(found) > SHOWN
