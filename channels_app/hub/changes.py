"""What an act on a ticket writes into its conversation, and what would undo it. Pure: a ticket in, event types and data
out; nothing is written here. One ticket on its page and many in a list are changed by the same functions.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Person
from customers.resolve_reasons import SOLVED
from tickets.models import Ticket

Steps = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Change:
    """Events to hand in, in their order, and those that bring the ticket back. No steps: it is so already.

    Nothing in `undo` where the ticket cannot be brought back.
    """

    steps: Steps
    undo: Steps


NO_CHANGE = Change([], [])


def assigning(ticket: Ticket, agent: Person, *, by: Person) -> Change:
    if ticket.agent_email == agent.email:
        return NO_CHANGE
    return Change([_step("assigned", ticket, agent=agent.email)], [_as_before(ticket, by)])


def unassigning(ticket: Ticket, *, by: Person) -> Change:
    if not ticket.agent_email:
        return NO_CHANGE
    return Change([_step("unassigned", ticket, agent=ticket.agent_email)], [_as_before(ticket, by)])


def prioritizing(ticket: Ticket, priority: str, *, by: Person) -> Change:
    if ticket.priority == priority:
        return NO_CHANGE
    steps = [[_step("priority", ticket, priority=value, agent=by.email)] for value in (priority, ticket.priority)]
    return Change(*steps)


def tagging(ticket: Ticket, *, add: Collection[str] = (), remove: Collection[str] = (), by: Person) -> Change:
    """`add` and `remove` are keys. Only what differs is written, so that undoing takes off what was put on here."""
    has = set(ticket.tag_keys)
    added, removed = sorted(set(add) - has), sorted(set(remove) & has)
    if not added and not removed:
        return NO_CHANGE
    return Change(
        [_step("tagged", ticket, **_told(add=added, remove=removed), agent=by.email)],
        [_step("tagged", ticket, **_told(add=removed, remove=added), agent=by.email)],
    )


def snoozing(ticket: Ticket, until: datetime, *, by: Person) -> Change:
    if not ticket.is_open:
        return NO_CHANGE
    return Change([_step("snoozed", ticket, until=until.isoformat(), agent=by.email)], [_snoozed_as_before(ticket, by)])


def waking(ticket: Ticket, *, by: Person) -> Change:
    if ticket.snoozed_until is None:
        return NO_CHANGE
    return Change([_step("woken", ticket, agent=by.email)], [_snoozed_as_before(ticket, by)])


def moving(ticket: Ticket, center: str, *, by: Person, is_escalation: bool = False) -> Change:
    """To the center of this slug, where nobody has it yet: whoever had it answers for another."""
    if ticket.center is not None and ticket.center.slug == center:
        return NO_CHANGE
    told: dict[str, Any] = {"center": center, "agent": by.email}
    if is_escalation:
        told["escalated"] = True
    back = [_step("moved", ticket, center=ticket.center.slug, agent=by.email)] if ticket.center else []
    if not ticket.agent_email:
        return Change([_step("moved", ticket, **told)], back)
    steps = [_step("unassigned", ticket, agent=ticket.agent_email), _step("moved", ticket, **told)]
    return Change(steps, [*back, _as_before(ticket, by)] if back else [])


def resolving(ticket: Ticket, topic: str, *, reason: str = SOLVED, by: Person) -> Change:
    if not ticket.is_open:
        return NO_CHANGE
    told = ({"topic": topic} if topic else {}) | ({"reason": reason} if reason else {})
    undo = [_step("reopened", ticket, agent=by.email)]
    if ticket.snoozed_until is not None:
        undo.append(_snoozed_as_before(ticket, by))
    return Change([_step("resolved", ticket, agent=by.email, by="agent", **told)], undo)


def _step(kind: str, ticket: Ticket, **data: Any) -> tuple[str, dict[str, Any]]:
    return f"ticket.{kind}", {"thread": ticket.thread, **data}


def _as_before(ticket: Ticket, by: Person) -> tuple[str, dict[str, Any]]:
    if ticket.agent_email:
        return _step("assigned", ticket, agent=ticket.agent_email)
    return _step("unassigned", ticket)


def _snoozed_as_before(ticket: Ticket, by: Person) -> tuple[str, dict[str, Any]]:
    if ticket.snoozed_until is None:
        return _step("woken", ticket, agent=by.email)
    return _step("snoozed", ticket, until=ticket.snoozed_until.isoformat(), agent=by.email)


def _told(**lists: list[str]) -> dict[str, Any]:
    return {name: keys for name, keys in lists.items() if keys}
