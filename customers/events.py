"""What is announced after history has been written: which customers have something new. Hints, no personal data."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction

from accounts.models import Organization
from customers.actions import Recording
from customers.models import Customer
from cxhub.live import publish_all, thread_group

# A page shows one customer; a batch that touches more than this is an import, and pages find out when they reload.
ANNOUNCED_AT_MOST = 200


def announce_history(organization: Organization, recording: Recording) -> None:
    """Tells the open pages of each customer that her history has grown, once the transaction has committed.

    Conversations come first: somebody at the other end waits for the answer.
    """
    _announce_threads(organization, recording)
    ids = {place.event.customer_id for place in recording.recorded if place.is_new and place.event.customer_id}
    if not ids or len(ids) > ANNOUNCED_AT_MOST:
        return

    names = {recording.customers[pk] for pk in ids if pk in recording.customers}
    transaction.on_commit(lambda: publish_all(told_of(names)), robust=True)


def announce_profiles(organization: Organization, customer_ids: Collection[int]) -> None:
    """Tells the open pages of customers in whose conversations something happened that names nobody: a reply, a note."""
    if not customer_ids or len(customer_ids) > ANNOUNCED_AT_MOST:
        return

    def send() -> None:
        rows = Customer.objects.filter(organization=organization, id__in=customer_ids)
        publish_all(told_of({root or own for own, root in rows.values_list("public_id", "merged_into__public_id")}))

    transaction.on_commit(send, robust=True)


def told_of(names: Iterable[UUID]) -> list[tuple[str, dict[str, str]]]:
    """The message to each customer's group."""
    return [
        (f"customer.{name.hex}", {"type": "hub.event", "kind": "customer.changed", "customer": str(name)})
        for name in names
    ]


def _announce_threads(organization: Organization, recording: Recording) -> None:
    fresh = [place.event for place in recording.recorded if place.is_new and place.event.thread]
    upto = {event.thread: event.thread_seq for event in sorted(fresh, key=lambda event: event.thread_seq or 0)}
    if not upto or len(upto) > ANNOUNCED_AT_MOST:
        return
    messages = [
        (thread_group(organization.pk, thread), {"type": "hub.event", "kind": "thread.changed", "seq": seq})
        for thread, seq in upto.items()
    ]
    transaction.on_commit(lambda: publish_all(messages), robust=True)
