"""The clocks of tickets as screens show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.in_force import InForce, Schedules, schedules_of
from accounts.models import Organization
from tickets.clocks import TARGETS, Kind, resolution_left
from tickets.countdown import Countdown, countdown
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class ShownClocks:
    """The running targets of one ticket, the one that runs out first in front.

    `paused` is what is left to the resolution while the customer is the one to answer; None where that runs, or has no
    target.
    """

    running: tuple[Countdown, ...] = ()
    paused: timedelta | None = None


def clocks_of(ticket: Ticket) -> ShownClocks:
    """What runs in a ticket. One statement at most; none for one that is closed."""
    if not ticket.is_open or not ticket.memory or "clocks" not in ticket.memory:
        return ShownClocks()
    schedules, now = schedules_of(ticket.organization), timezone.now()
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


def schedules_for(organization: Organization, due: Sequence[datetime | None]) -> Schedules | None:
    """The organization's schedules, where any of these instants is due. One statement at most."""
    return schedules_of(organization) if any(due) else None


def countdown_to(kind: str, due_at: datetime, *, channel: str, in_force: InForce, now: datetime) -> Countdown:
    """A listed ticket's countdown: its row does not tell the target, which stands in the schedule."""
    seconds = {
        Kind.FIRST_RESPONSE: in_force.first_response_seconds,
        Kind.NEXT_RESPONSE: in_force.next_response_seconds,
        Kind.RESOLUTION: in_force.resolution_seconds,
    }[Kind(kind)](channel)
    return countdown(kind, due_at, seconds or 0, hours=in_force.hours, now=now)
