"""Tickets that were merged into one: which they are, which could be, and where an answer would go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Q

from accounts.models import Person
from accounts.queries import NotFound
from customers.models import Event
from tickets.models import Ticket
from tickets.policies import reach_of, tickets_reached
from tickets.queries.inbox import Row, listed, rows_of
from tickets.queries.search import matching

OFFERED_AT_MOST = 20


def merged_into(ticket: Ticket) -> list[Ticket]:
    """Those that go on in this one, oldest first. One statement, none where nothing was merged into it."""
    threads = ticket.absorbed_threads
    if not threads:
        return []
    rows = Ticket.objects.standing().filter(
        organization_id=ticket.organization_id, thread__in=threads, merged_thread=ticket.thread
    )
    return list(rows.select_related("organization", "center", "customer").order_by("opened_at", "pk"))


def mergeable_with(person: Person, ticket: Ticket, customers: Collection[int], *, words: str = "") -> list[Row]:
    """Other conversations that could be merged with this one: hers first; with `words`, whatever those find."""
    rows = tickets_reached(person).shown().filter(absorbed="").exclude(thread=ticket.thread)
    if words:
        rows = rows.filter(matching(ticket.organization_id, words))
        if customers:
            rows = rows.filter(Q(customer__in=customers) | Q(customer=None))
    elif customers:
        rows = rows.filter(customer__in=customers)
    else:
        return []
    return rows_of(person, listed(rows.order_by("-last_event_at", "-pk")[:OFFERED_AT_MOST]))


def mergeable_for(person: Person, public_id: UUID) -> Ticket:
    """A ticket by its own id, a merged one too, which elsewhere leads on. Raises NotFound."""
    reach = reach_of(person)
    if reach is None:
        raise NotFound
    rows = Ticket.objects.standing().filter(organization_id=reach.organization_id, public_id=public_id)
    ticket = rows.select_related("organization", "center", "customer").first()
    if ticket is None or not reach.holds(ticket):
        raise NotFound
    return ticket


def last_written_on(ticket: Ticket, merged: Sequence[Ticket]) -> Ticket:
    """Of a ticket and those merged into it, the one in whose conversation the customer wrote last."""
    by_thread = {one.thread: one for one in (*merged, ticket)}
    hers = Event.objects.filter(organization_id=ticket.organization_id, thread__in=by_thread, author="customer")
    thread = hers.order_by("-time", "-pk").values_list("thread", flat=True).first()
    return by_thread.get(thread or "", ticket)
