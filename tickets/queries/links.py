"""Tickets that have to do with one another."""

from __future__ import annotations

from collections.abc import Collection

from accounts.models import Person
from tickets.models import Ticket
from tickets.policies import tickets_reached
from tickets.queries.inbox import Row, listed, rows_of
from tickets.tag_keys import keys_in

SHOWN_AT_MOST = 20


def linked_with(person: Person, ticket: Ticket) -> list[Row]:
    """The latest ticket of each conversation that this one is linked with, as far as she reaches it."""
    threads = keys_in(ticket.links)
    if not threads:
        return []
    found = tickets_reached(person).shown().filter(thread__in=threads).order_by("-opened_at", "-pk")
    latest = {one.thread: one for one in reversed(listed(found[: 5 * SHOWN_AT_MOST]))}
    return rows_of(person, list(latest.values())[:SHOWN_AT_MOST])


def linkable_to(person: Person, ticket: Ticket, customers: Collection[int]) -> list[Row]:
    """The customer's other tickets of late that she reaches, without those that are linked already."""
    if not customers:
        return []
    others = tickets_reached(person).shown().filter(customer__in=customers).exclude(thread=ticket.thread)
    free = others.exclude(thread__in=keys_in(ticket.links))
    return rows_of(person, listed(free.order_by("-last_event_at", "-pk")[:SHOWN_AT_MOST]))
