"""What is announced after tickets have changed: ids and sequence numbers, to the desks and to open conversations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from hashlib import sha256
from typing import Any
from zlib import crc32

from accounts.models import Organization, Person
from customers.events import announce_profiles
from cxhub.identifiers import uuid7
from cxhub.live import publish_on_commit
from tickets.actions.refold import Refolded
from tickets.actions.rows import COPIED, TicketRow
from tickets.models import Ticket
from tickets.waking import follow_calls_on_commit, settle_calls_on_commit, wake_on_commit

# Beyond this many in one transaction a desk is told once to look again, instead of ticket by ticket.
TOLD_ONE_BY_ONE = 50

_DECIDING = (
    "status",
    "channel",
    "center_id",
    "agent_email",
    "waiting_since",
    "due_at",
    "snoozed_until",
    "priority",
    "tags",
)
_DECISIVE = [COPIED.index(name) for name in _DECIDING]


def announce_tickets(
    organization: Organization, refolded: Sequence[Refolded], *, told_customers: Collection[int] = ()
) -> None:
    """Tells desks (`desk.<organization>.<center or 0>`) and conversations (`ticket.<id>`), after commit.

    Of calls every page of those who answer is told, for the caller's card (`calls.<organization>.<center or 0>`).

    The pages of the tickets' customers are told too, but for those in `told_customers`, who have been.
    """
    if not refolded:
        return
    publish_on_commit(_told_of(organization, refolded))
    _ask_the_worker(organization, refolded)
    customers = {change.ticket.customer_id for change in refolded if change.ticket.customer_id is not None}
    announce_profiles(organization, customers.difference(told_customers))


def _told_of(organization: Organization, refolded: Sequence[Refolded]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The messages, made only where they are read."""
    moved: set[int] = set()
    for change in refolded:
        ticket = change.ticket
        told: dict[str, Any] = {
            "type": "hub.event",
            "kind": "ticket.opened" if change.is_new else "ticket.changed",
            "ticket": str(ticket.public_id),
            "seq": ticket.last_seq,
            "call_state": ticket.call_state,
            "standing": standing_of(ticket),
        }
        yield f"ticket.{ticket.public_id.hex}", told
        if not change.is_new and (change.was_in_queue, change.center_before) != (ticket.is_in_queue, ticket.center_id):
            # Those behind her move up; or down, where an older one comes back.
            moved |= {ticket.center_id or 0, change.center_before or 0}
        if ticket.is_waiting:
            # Whoever had it as well: comes it back to her later, it is news again.
            hers = sorted({ticket.agent_email, change.agent_before} - {""})
            yield from ((work_group(organization.pk, email), {"type": "hub.event", "kind": "waits"}) for email in hers)
        if len(refolded) <= TOLD_ONE_BY_ONE:
            centers = {ticket.center_id or 0, change.center_before or ticket.center_id or 0}
            desks = ["desk", "calls"] if ticket.call_state else ["desk"]
            yield from ((f"{desk}.{organization.pk}.{center}", told) for center in sorted(centers) for desk in desks)
    if len(refolded) > TOLD_ONE_BY_ONE:
        centers = {change.ticket.center_id or 0 for change in refolded}
        again: dict[str, Any] = {"type": "hub.event", "kind": "desk.changed"}
        yield from ((f"desk.{organization.pk}.{center}", again) for center in sorted(centers))
    yield from ((queue_group(organization.pk, center), {"type": "queue.moved"}) for center in sorted(moved))


def queue_group(organization_id: int, center_id: int) -> str:
    """The group of those who wait there: they are told when others leave it, or come back to it."""
    return f"queue.{organization_id}.{center_id}"


def work_group(organization_id: int, email: str) -> str:
    """The group of the pages of whoever has this address: told when a customer begins to wait for her, or writes again.

    By her address as tickets know it: who she is need not be looked up for each message.
    """
    return f"work.{organization_id}.{sha256(email.encode()).hexdigest()[:16]}"


def _ask_the_worker(organization: Organization, refolded: Sequence[Refolded]) -> None:
    """Whoever waits is to be routed, or taken from an agent who is gone; who is resolved or handed on frees a slot."""
    due = {
        change.ticket.center_id
        for change in refolded
        if change.ticket.is_waiting or change.was_in_queue or not change.ticket.is_open
    }
    wake_on_commit(organization.pk, {center for center in due if center is not None})
    if len(refolded) <= TOLD_ONE_BY_ONE:
        calls = {change.ticket.agent_email for change in refolded if change.ticket.call_state != change.call_before}
        follow_calls_on_commit(organization.pk, calls - {""})
        if any(change.ticket.call_state != change.call_before for change in refolded):
            settle_calls_on_commit(organization.pk)


def announce_breaches(tickets: Sequence[Ticket]) -> None:
    """Tells desks and conversations, after commit, that clocks of these tickets have run out."""
    publish_on_commit(_told_by_the_clock(tickets, lambda ticket: f"breached {ticket.due_at}"))


def announce_alarms(people: Sequence[int]) -> None:
    """Tells the pages of these people, after commit, that their alarms have changed."""
    told: dict[str, Any] = {"type": "hub.event", "kind": "alarms.changed"}
    publish_on_commit([(f"person.{person}", told) for person in people])


def woken_messages(tickets: Collection[Ticket]) -> list[tuple[str, dict[str, Any]]]:
    """What desks and open pages are told of tickets that wake: as of a change, since their place in lists is another."""
    return _told_by_the_clock(tickets, lambda _ticket: "awake")


def announce_hints(tickets: Sequence[Ticket]) -> None:
    """Tells lists and open conversations, after commit, that the mood in these tickets is another."""
    publish_on_commit(_told_by_the_clock(tickets, lambda _ticket: f"mood {uuid7().hex[-8:]}"))


def _told_by_the_clock(
    tickets: Collection[Ticket], standing: Callable[[Ticket], str]
) -> list[tuple[str, dict[str, Any]]]:
    """The messages about tickets that stand elsewhere now, by no event: so their `standing` is one that no event gives."""
    messages: list[tuple[str, dict[str, Any]]] = []
    for ticket in tickets:
        told: dict[str, Any] = {
            "type": "hub.event",
            "kind": "ticket.changed",
            "ticket": str(ticket.public_id),
            "seq": ticket.last_seq,
            "call_state": ticket.call_state,
            "standing": standing(ticket),
        }
        messages.append((f"ticket.{ticket.public_id.hex}", told))
        if len(tickets) <= TOLD_ONE_BY_ONE:
            messages.append((_desk_of(ticket), told))
    if len(tickets) > TOLD_ONE_BY_ONE:
        again = {"type": "hub.event", "kind": "desk.changed"}
        messages += [(desk, again) for desk in sorted({_desk_of(ticket) for ticket in tickets})]
    return messages


def _desk_of(ticket: Ticket) -> str:
    return f"desk.{ticket.organization_id}.{ticket.center_id or 0}"


def standing_of(ticket: TicketRow) -> str:
    """A short word that differs when the lists the ticket stands in differ, or its place among those who wait.

    By it a page knows that a ticket which it does not show has not come into its list either.
    """
    decisive = " ".join(str(ticket.values[place]) for place in _DECISIVE)
    return f"{crc32(decisive.encode()):08x}"


def announce_availability(person: Person) -> None:
    """Tells her own pages (`person.<id>`) and those who watch her centers (`team.<organization>.<center>`)."""
    told = {"type": "hub.event", "kind": "availability"}
    centers = person.centers.order_by("pk").values_list("pk", flat=True)
    publish_on_commit(
        [
            (f"person.{person.pk}", told),
            *((f"team.{person.organization_id}.{center}", told) for center in centers),
        ]
    )
