"""Gives a center's waiting tickets to its people, and takes back what somebody who is gone has left behind.

What is decided is written as events of the hub's own, in the transaction that decided it: under a lock of the center
and of each person who could be given something, so that two workers never go beyond a limit together, also where
somebody belongs to two centers. A person who takes the ticket meanwhile keeps it: a rule's event counts only where
nobody has the ticket. An event's id follows from the thread and its length: the same decision twice is one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from accounts.models import Center
from channels_app.hub.writing import envelope
from channels_app.intake import hub_sender, receive_decided
from cxhub.presence import connected_among
from tickets.actions.availability import lock_people, note_turns
from tickets.models import CenterRouting, Ticket
from tickets.queries import routing as asked
from tickets.routing import Candidate, Mode, decide

# So many at once; the rest in the next transaction, so that nobody's message waits long for a lock.
AT_ONCE = 50


def route_center(center: Center, *, at: datetime) -> int:
    """Hands back and gives out what can be; returns how many events that made. Call it outside of any transaction."""
    routing = asked.routing_of(center)
    if routing.mode == Mode.MANUAL:
        return 0
    count = 0
    if _left_behind(center):
        count += _written(center, lambda: _hand_back(center, at), at=at)
    # Asked without a lock first: most of the time there is nobody waiting, or nobody free.
    while _is_something_to_give(center, routing, at):
        given = _written(center, lambda: _give_out(center, at), at=at)
        count += given
        if given < AT_ONCE:
            break
    return count


def _written(center: Center, decide: Callable[[], list[dict[str, Any]]], *, at: datetime) -> int:
    return receive_decided(center.organization, decide, sender=hub_sender(), at=at)


def _is_something_to_give(center: Center, routing: CenterRouting, at: datetime) -> bool:
    return (
        asked.queue_of(center.organization_id, center.pk).exists()
        and asked.is_open_at(center, at)
        and any(_has_room(one) for one in asked.available_in(center, routing.chat_limit, at=at))
    )


def _has_room(candidate: Candidate) -> bool:
    return candidate.load < candidate.limit


def _left_behind(center: Center) -> list[Ticket]:
    """Of those whose agent is offline: not what she took up by hand since then, as long as her page is open."""
    found = asked.left_behind_in(center)
    connected = connected_among({one.came_back for one in found if one.came_back is not None})
    # Redis away: nothing is taken from somebody who may be there.
    return [
        one.ticket
        for one in found
        if one.came_back is None or (connected is not None and one.came_back not in connected)
    ]


def _hand_back(center: Center, at: datetime) -> list[dict[str, Any]]:
    if _locked(center) is None:
        return []
    tickets = _left_behind(center)[:AT_ONCE]
    numbers = asked.next_numbers(center.organization_id, [ticket.thread for ticket in tickets])
    return [
        envelope(
            "ticket.unassigned",
            {"thread": ticket.thread, "agent": ticket.agent_email},
            at=_after_all(ticket, at),
            key=f"back-{ticket.public_id.hex}-{numbers[ticket.thread]}",
        )
        for ticket in tickets
    ]


def _give_out(center: Center, at: datetime) -> list[dict[str, Any]]:
    routing = _locked(center)
    if routing is None or not asked.is_open_at(center, at):
        return []
    lock_people(center)
    candidates = asked.available_in(center, routing.chat_limit, at=at)
    room = sum(max(0, one.limit - one.load) for one in candidates)
    tickets = list(asked.queue_of(center.organization_id, center.pk).select_related("customer")[: min(room, AT_ONCE)])
    given = decide(asked.waiting_of(tickets), candidates, Mode(routing.mode))
    by_key = {ticket.pk: ticket for ticket in tickets}
    numbers = asked.next_numbers(center.organization_id, [ticket.thread for ticket in tickets])
    note_turns(center.organization, {candidate.email for _, candidate in given}, at=at)
    return [
        _assignment(by_key[waiting.key], candidate, numbers[by_key[waiting.key].thread], at)
        for waiting, candidate in given
    ]


def _assignment(ticket: Ticket, candidate: Candidate, number: int, at: datetime) -> dict[str, Any]:
    data = {"thread": ticket.thread, "agent": candidate.email, "by": "rule"}
    return envelope("ticket.assigned", data, at=_after_all(ticket, at), key=f"route-{ticket.public_id.hex}-{number}")


def _after_all(ticket: Ticket, at: datetime) -> datetime:
    """A sender's clock may be ahead: what is decided because of an event does not happen before it."""
    return max(at, ticket.last_event_at)


def _locked(center: Center) -> CenterRouting | None:
    """The center's routing, locked until the transaction ends; None where people decide by hand."""
    rows = CenterRouting.objects.select_for_update(of=("self",)).exclude(mode=Mode.MANUAL)
    return rows.filter(center=center).first()
