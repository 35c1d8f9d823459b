"""What is announced after history has been written: which customers have something new. Hints, no personal data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from accounts.models import Organization
from customers.actions import Recording
from customers.incoming import IncomingEvent
from customers.models import Customer
from customers.models.identity import IdentityKind
from cxhub.live import publish_on_commit, thread_group, thread_mark

# A page shows one customer; a batch that touches more than this is an import, and pages find out when they reload.
ANNOUNCED_AT_MOST = 200


def announce_history(organization: Organization, recording: Recording) -> None:
    """Tells the open pages of each customer that her history has grown, once the transaction has committed.

    Conversations come first: somebody at the other end waits for the answer.
    """
    _announce_threads(organization, recording)
    fresh = [place.event for place in recording.recorded if place.is_new and place.event.customer_id]
    if not fresh or len({row.customer_id for row in fresh}) > ANNOUNCED_AT_MOST:
        return
    talk = {(row.source, row.event_id) for some in recording.arrived.values() for event, row in some if _is_talk(event)}
    marks: dict[UUID, str] = {}
    for row in fresh:
        name = recording.customers.get(row.customer_id or 0)
        if name is not None:
            mark = thread_mark(organization.pk, row.thread) if (row.source, row.event_id) in talk else ""
            marks[name] = mark if marks.get(name, mark) == mark else ""
    publish_on_commit(told_of(marks))


def announce_profiles(organization: Organization, customer_ids: Collection[int]) -> None:
    """Tells the open pages of customers in whose conversations something happened that names nobody: a reply, a note."""
    if not customer_ids or len(customer_ids) > ANNOUNCED_AT_MOST:
        return

    def told() -> Iterator[tuple[str, dict[str, str]]]:
        rows = Customer.objects.filter(organization=organization, id__in=customer_ids)
        names = {root or own for own, root in rows.values_list("public_id", "merged_into__public_id")}
        yield from told_of(dict.fromkeys(names, ""))

    publish_on_commit(told())


def told_of(marks: Mapping[UUID, str]) -> list[tuple[str, dict[str, str]]]:
    """The message to each customer's group: with the mark of a conversation where she said something there, no more."""
    return [
        (
            f"customer.{name.hex}",
            {"type": "hub.event", "kind": "customer.changed", "customer": str(name), "thread": mark},
        )
        for name, mark in marks.items()
    ]


def _is_talk(event: IncomingEvent) -> bool:
    """Something said, and nothing told of who says it: that may change what is known of her, even in passing."""
    tells = event.name or event.claims or any(key.kind != IdentityKind.EXTERNAL for key in event.identities)
    return event.type.endswith(".message") and not tells


def _announce_threads(organization: Organization, recording: Recording) -> None:
    fresh = [place.event for place in recording.recorded if place.is_new and place.event.thread]
    upto = {event.thread: event.thread_seq for event in sorted(fresh, key=lambda event: event.thread_seq or 0)}
    if not upto or len(upto) > ANNOUNCED_AT_MOST:
        return
    publish_on_commit(
        (thread_group(organization.pk, thread), {"type": "hub.event", "kind": "thread.changed", "seq": seq})
        for thread, seq in upto.items()
    )
