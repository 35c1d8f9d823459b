"""A customer's tickets in short, for whoever serves her now: what is open, and what was settled lately.

Everybody who sees the customer sees that there is something open, in whichever center; only the conversation itself
is behind a ticket's own door.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Organization, Person
from cxhub.prepared import Prepared, Told
from tickets.models import Ticket
from tickets.policies import reach_of
from tickets.queries.names import agent_names, topic_names

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


_TICKETS = Prepared(
    lambda: (
        Ticket.objects.shown()
        .filter(organization_id=Told("organization_id"), customer__any_of=Told("customers"))
        .select_related("center")
        .only(
            *("organization_id", "public_id", "status", "waiting_since", "channel", "topic", "agent_email"),
            *("opened_at", "last_event_at", "store_id", "center__name"),
        )
        # "open" sorts before "resolved".
        .order_by("status", "-last_event_at", "-id")[:SHOWN]
    )
)
# Which of these customer rows have an open ticket.
WITH_OPEN_TICKETS = Prepared(
    lambda: (
        Ticket.objects.open()
        .filter(organization_id=Told("organization_id"), customer__any_of=Told("customers", is_unseen=True))
        .values_list("customer_id", flat=True)
        .distinct()
    )
)


def matters_for(
    person: Person,
    organization: Organization,
    customer_ids: Collection[int],
    *,
    topics: Mapping[str, str] | None = None,
    agents: Mapping[str, str] | None = None,
) -> list[Matter]:
    """Her tickets, open ones first, then by the last thing that happened. At most four short statements.

    `topics` are the organization's and `agents` names by e-mail, where the caller has read them already: a statement
    less for each that tells all.
    """
    tickets = _TICKETS(organization_id=organization.pk, customers=customer_ids)
    return _matters(person, organization, tickets, topics=topics, agents=agents) if tickets else []


def all_matters_for(person: Person, organization: Organization, customer_ids: Collection[int]) -> list[Matter]:
    """The same without end, the latest first: for what is given out and must be whole."""
    rows = Ticket.objects.shown().filter(organization=organization, customer__in=customer_ids)
    return _matters(person, organization, list(rows.select_related("center").order_by("-opened_at", "-pk")))


def _matters(
    person: Person,
    organization: Organization,
    tickets: Sequence[Ticket],
    *,
    topics: Mapping[str, str] | None = None,
    agents: Mapping[str, str] | None = None,
) -> list[Matter]:
    reach = reach_of(person)
    if topics is None:
        topics = topic_names(organization.pk) if any(ticket.topic for ticket in tickets) else {}
    names = dict(agents or {})
    names |= agent_names(organization.pk, {ticket.agent_email for ticket in tickets} - names.keys())
    return [
        Matter(
            ticket,
            topics.get(ticket.topic, ticket.topic),
            names.get(ticket.agent_email, ticket.agent_email),
            reach is not None and reach.holds(ticket),
        )
        for ticket in tickets
    ]
