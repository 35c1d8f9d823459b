"""Merging two tickets into one conversation, and undoing it: an event for each side, in one act.

As everything in `hub.actions`: checks who may, writes events with source `/hub`; not inside a transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Person
from channels_app.hub.writing import HubRefusal, envelope, hand_in, require
from customers.actions import Recording
from cxhub.identifiers import uuid7
from tickets import policies
from tickets.models import Ticket


class CannotMerge(HubRefusal):
    """The two cannot become one conversation."""


def merge_tickets(ticket: Ticket, other: Ticket, *, by: Person, at: datetime) -> Ticket:
    """Lets `other` go on in `ticket`; the other way round where only the other's customer is known. Returns which goes on.

    Both must be in her reach. Raises `CannotMerge`.
    """
    require(policies.may_handle(by, ticket) and policies.may_handle(by, other))
    if ticket.customer is None and other.customer is not None:
        ticket, other = other, ticket
    _check(ticket, other)
    since = {"waiting_since": other.waiting_since.isoformat()} if other.is_waiting and other.waiting_since else {}
    told = [{"thread": other.thread, "into": ticket.thread}, {"thread": ticket.thread, "from": other.thread, **since}]
    _write("merged", ticket, other, told, by=by, at=at)
    return ticket


def unmerge_tickets(ticket: Ticket, other: Ticket, *, by: Person, at: datetime) -> None:
    """Undoes the merge of `other` into `ticket`: both are as if it had never been. Twice is once."""
    require(policies.may_handle(by, ticket) and policies.may_handle(by, other))
    if other.merged_thread != ticket.thread:
        return
    told = [{"thread": other.thread, "into": ticket.thread}, {"thread": ticket.thread, "from": other.thread}]
    _write("unmerged", ticket, other, told, by=by, at=at)


def _check(ticket: Ticket, other: Ticket) -> None:
    if ticket.thread == other.thread:
        raise CannotMerge(_("Both are of the same conversation already."))
    if not ticket.is_open:
        raise CannotMerge(_("The ticket is resolved. Reopen it first."))
    if other.absorbed or other.merged_thread or ticket.merged_thread:
        raise CannotMerge(
            _("One of the two is merged already. Undo that first, or merge from the ticket that goes on.")
        )
    roots = {one.customer.root_id for one in (ticket, other) if one.customer is not None}
    if len(roots) > 1:
        raise CannotMerge(_("These are two customers. If they are one person, merge the customers first."))


def _write(act: str, ticket: Ticket, other: Ticket, told: list[dict[str, Any]], *, by: Person, at: datetime) -> None:
    """Not before either's last event: a sender's clock may be ahead, and what was said belongs to before the merge."""
    instant = max(at, ticket.last_event_at, other.last_event_at)
    acts = [envelope(f"ticket.{act}", data | {"agent": by.email}, at=instant, key=str(uuid7())) for data in told]

    def write_down(_recording: Recording) -> None:
        what = f"ticket:{ticket.public_id}"
        audit.record(
            ticket.organization, by=by, at=at, action=f"tickets.{act}", obj=what, after={"other": other.public_id.hex}
        )

    hand_in(ticket.organization, acts, by=by, at=at, check=write_down)
