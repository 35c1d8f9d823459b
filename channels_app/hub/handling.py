"""Acts on one ticket that are more than a word to the customer: snooze, tags, hand over, escalate, link.

As everything in `hub.actions`: each checks who may, and becomes events with source `/hub`. None may be called inside a
transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Center, Person
from channels_app.hub import changes
from channels_app.hub.changes import Change
from channels_app.hub.writing import HubRefusal, envelope, hand_in, require
from cxhub.identifiers import uuid7
from tickets import policies
from tickets.actions import keep_tags
from tickets.models import Ticket
from tickets.queries.tags import keys_named
from tickets.tag_keys import keys_in

LONGEST_SNOOZE = timedelta(days=366)
MOST_TAGS = 20


class CannotSnooze(HubRefusal):
    """The instant is not one to snooze until, or the ticket is not open."""


class TooManyTags(HubRefusal):
    """A ticket with more tags than anybody reads."""


class CannotLink(HubRefusal):
    """The two cannot be linked."""


def check_snooze(until: datetime, *, at: datetime) -> None:
    """Raises `CannotSnooze` for an instant that is past or too far away."""
    if until <= at:
        raise CannotSnooze(_("That time has passed. Choose a later one."))
    if until > at + LONGEST_SNOOZE:
        raise CannotSnooze(_("Snooze for at most a year."))


def snooze_ticket(ticket: Ticket, until: datetime, *, by: Person, at: datetime) -> None:
    """Out of sight until then, or until the customer speaks. Raises `CannotSnooze`."""
    require(policies.may_handle(by, ticket))
    if not ticket.is_open:
        raise CannotSnooze(_("The ticket is resolved. Reopen it first."))
    check_snooze(until, at=at)
    _apply(ticket, changes.snoozing(ticket, until, by=by), by=by, at=at)


def wake_ticket(ticket: Ticket, *, by: Person, at: datetime) -> None:
    require(policies.may_handle(by, ticket))
    _apply(ticket, changes.waking(ticket, by=by), by=by, at=at)


def set_priority(ticket: Ticket, priority: str, *, by: Person, at: datetime) -> None:
    """`priority` is one of `Ticket.Priority`."""
    require(policies.may_handle(by, ticket))
    _apply(ticket, changes.prioritizing(ticket, priority, by=by), by=by, at=at)


def set_tags(ticket: Ticket, names: Iterable[str], *, by: Person, at: datetime) -> None:
    """Leaves the ticket with the tags of these names, made where there is none of a name. Raises `TooManyTags`."""
    require(policies.may_handle(by, ticket))
    wanted = keys_named(ticket.organization_id, names)
    if len(wanted) > MOST_TAGS:
        raise TooManyTags(_("At most %(count)d tags, so that somebody reads them.") % {"count": MOST_TAGS})
    change = changes.tagging(ticket, add=wanted, remove=set(ticket.tag_keys) - wanted.keys(), by=by)
    if change.steps:
        keep_tags(ticket.organization, wanted)
    _apply(ticket, change, by=by, at=at)


def unassign_ticket(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Back to the queue of its center."""
    require(policies.may_assign(by, ticket))
    _apply(ticket, changes.unassigning(ticket, by=by), by=by, at=at)


def transfer_ticket(ticket: Ticket, to: Person | Center, *, note: str = "", by: Person, at: datetime) -> None:
    """Hands the ticket to a colleague, or to a center's queue, with a word to whoever goes on: one act."""
    require(policies.may_move(by, ticket))
    _apply(ticket, _transferring(ticket, to, by), note=note, by=by, at=at)


def _transferring(ticket: Ticket, to: Person | Center, by: Person) -> Change:
    if isinstance(to, Person):
        return changes.assigning(ticket, to, by=by)
    return changes.moving(ticket, to.slug, by=by)


def escalate_ticket(ticket: Ticket, to: Center, *, note: str, by: Person, at: datetime) -> None:
    """Hands the ticket up to a head office, with what is to be decided."""
    require(policies.may_escalate(by, ticket))
    if not note.strip():
        raise HubRefusal(_("Say what the head office should decide."))
    _apply(ticket, changes.moving(ticket, to.slug, by=by, is_escalation=True), note=note, by=by, at=at)


def link_tickets(ticket: Ticket, other: Ticket, *, by: Person, at: datetime) -> None:
    """Says on both that they have to do with each other. Raises `CannotLink`."""
    require(policies.may_handle(by, ticket) and policies.may_handle(by, other))
    if ticket.thread == other.thread:
        raise CannotLink(_("Both are of the same conversation already."))
    if other.thread in keys_in(ticket.links):
        raise CannotLink(_("The two are linked already."))
    _both("ticket.linked", ticket, other, by=by, at=at)


def unlink_tickets(ticket: Ticket, other: Ticket, *, by: Person, at: datetime) -> None:
    require(policies.may_handle(by, ticket) and policies.may_handle(by, other))
    if other.thread in keys_in(ticket.links):
        _both("ticket.unlinked", ticket, other, by=by, at=at)


def _both(kind: str, ticket: Ticket, other: Ticket, *, by: Person, at: datetime) -> None:
    told = [
        {"thread": one.thread, "to": another.thread, "agent": by.email}
        for one, another in ((ticket, other), (other, ticket))
    ]
    hand_in(ticket.organization, [envelope(kind, data, at=at, key=str(uuid7())) for data in told], by=by, at=at)


def _apply(ticket: Ticket, change: Change, *, note: str = "", by: Person, at: datetime) -> None:
    """Hands the change in, and the note before it, in one transaction. What is so already writes nothing."""
    steps: list[tuple[str, dict[str, Any]]] = list(change.steps)
    if note.strip():
        steps.insert(0, ("note.added", {"thread": ticket.thread, "agent": by.email, "text": note.strip()}))
    if steps:
        acts = [envelope(kind, data, at=at, key=str(uuid7())) for kind, data in steps]
        hand_in(ticket.organization, acts, by=by, at=at)
