"""A customer's calls together: the newest first, each a conversation that opens beside the one at hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tickets.models import Ticket
from tickets.policies import Reach
from tickets.queries.names import agent_names

SHOWN = 6


@dataclass(frozen=True, slots=True)
class CustomersCall:
    ticket: Ticket
    agent: str
    topic: str


def calls_of(
    reach: Reach | None, ticket: Ticket, customer_ids: Collection[int], *, topics: Mapping[str, str]
) -> tuple[list[CustomersCall], bool]:
    """Her other calls within a reader's reach, and whether there are more. Two short statements at most."""
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
    calls = [
        CustomersCall(call, names.get(call.agent_email, call.agent_email), topics.get(call.topic, call.topic))
        for call in shown
    ]
    return calls, len(found) > SHOWN
