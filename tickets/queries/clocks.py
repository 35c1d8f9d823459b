"""The clocks of tickets as screens show them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.in_force import kept_schedules_of
from accounts.models import Organization
from tickets.clocks import TARGETS, Kind, resolution_left
from tickets.countdown import Countdown, countdown
from tickets.models import Ticket

if TYPE_CHECKING:
    from tickets.queries.lists import Listed


@dataclass(frozen=True, slots=True)
class ShownClocks:
    """The running targets of one ticket, the one that runs out first in front.

    `paused` is what is left to the resolution while the customer is the one to answer; None where that runs, or has no
    target.
    """

    running: tuple[Countdown, ...] = ()
    paused: timedelta | None = None


def clocks_of(ticket: Ticket) -> ShownClocks:
    """What runs in a ticket. One statement at most, and mostly none."""
    if not ticket.is_open or not ticket.memory or "clocks" not in ticket.memory:
        return ShownClocks()
    schedules, now = kept_schedules_of(ticket.organization), timezone.now()
    running = tuple(
        countdown(
            clock.kind,
            clock.late_at,
            clock.target_seconds,
            hours=schedules.at(ticket.center_id, clock.started_at).hours,
            now=now,
        )
        for clock in ticket.clocks
        if clock.kind in TARGETS
    )
    in_force = schedules.at(ticket.center_id, ticket.opened_at)
    return ShownClocks(running, resolution_left(ticket.channel, ticket.memory["clocks"], in_force))


def countdowns_of(organization: Organization, tickets: Collection[Listed]) -> dict[int, Countdown]:
    """Of the open ones of a list that have a running target, by their keys. One statement at most, and mostly none."""
    due = [(ticket, ticket.due_at) for ticket in tickets if ticket.is_open and ticket.due_at]
    if not due:
        return {}
    schedules, now = kept_schedules_of(organization), timezone.now()
    found = {}
    for ticket, due_at in due:
        # A row does not tell the target; it stands in the schedule of when the wait began.
        in_force = schedules.at(ticket.center_id, ticket.waiting_since or ticket.opened_at)
        seconds = {
            Kind.FIRST_RESPONSE: in_force.first_response_seconds,
            Kind.NEXT_RESPONSE: in_force.next_response_seconds,
            Kind.RESOLUTION: in_force.resolution_seconds,
        }[Kind(ticket.due_kind)](ticket.channel)
        found[ticket.pk] = countdown(ticket.due_kind, due_at, seconds or 0, hours=in_force.hours, now=now)
    return found
