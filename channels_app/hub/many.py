"""The same act on many tickets at once, and for some seconds the way back.

What undoes it waits in the cache: it is no fact about a conversation until somebody asks for it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from accounts.models import Organization, Person
from channels_app.hub.changes import Change, Steps
from channels_app.hub.writing import HubRefusal, envelope, hand_in
from cxhub.identifiers import uuid7
from tickets.models import Ticket

logger = logging.getLogger(__name__)

# One transaction holds the locks of so many threads, with two or three events each.
TICKETS_AT_ONCE = 100
# Longer than the page offers it: a press at the last moment counts.
UNDO_SECONDS = 60

Make = Callable[[Ticket], Change]


@dataclass(slots=True)
class Done:
    """What came of it: which were changed, how many were not and why (reason → count), and the key to undo it ("": none)."""

    changed: list[UUID] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    undo: str = ""


@dataclass(frozen=True, slots=True)
class _Undo:
    """How one ticket comes back, and the number of the last event that may stand in it until then."""

    ticket_id: int
    seq: int
    steps: Steps


class NothingToUndo(HubRefusal):
    """It is too late, or it was somebody else's act."""


def change_tickets(
    organization: Organization, tickets: Sequence[Ticket], make: Make, *, by: Person, at: datetime
) -> Done:
    """Changes each ticket as `make` says. `make` may raise `HubRefusal`: that ticket is left, with its reason.

    One transaction for each hundred tickets: what is done stays done where a later one fails.
    """
    done = Done()
    undo: list[_Undo] = []
    for some in _parts(tickets, TICKETS_AT_ONCE):
        changes = [(ticket, change) for ticket, change in _made(some, make, done) if change.steps]
        for ticket, change, seq in _written(organization, changes, by=by, at=at):
            done.changed.append(ticket.public_id)
            undo.append(_Undo(ticket.pk, seq, change.undo))
    if any(one.steps for one in undo):
        done.undo = _keep(by, undo)
    return done


def undo_change(organization: Organization, key: str, *, by: Person, at: datetime) -> Done:
    """Brings back those in which nothing has happened since. Raises `NothingToUndo`."""
    kept = _kept(by, key)
    rows = Ticket.objects.standing().filter(organization=organization, pk__in=[one.ticket_id for one in kept])
    tickets = {ticket.pk: ticket for ticket in rows}
    done = Done()
    changes = []
    for one in kept:
        ticket = tickets.get(one.ticket_id)
        if not one.steps:
            done.left[_("cannot be brought back")] += 1
        elif ticket is None or ticket.last_seq != one.seq:
            done.left[_("something has happened since")] += 1
        else:
            changes.append((ticket, Change(one.steps, [])))
    for some in _parts(changes, TICKETS_AT_ONCE):
        done.changed += [ticket.public_id for ticket, *_rest in _written(organization, some, by=by, at=at)]
    return done


def _made(tickets: Iterable[Ticket], make: Make, done: Done) -> list[tuple[Ticket, Change]]:
    made = []
    for ticket in tickets:
        try:
            change = make(ticket)
        except HubRefusal as refusal:
            done.left[str(refusal)] += 1
            continue
        if not change.steps:
            done.left[_("it was so already")] += 1
        made.append((ticket, change))
    return made


def _written(
    organization: Organization, changes: Sequence[tuple[Ticket, Change]], *, by: Person, at: datetime
) -> list[tuple[Ticket, Change, int]]:
    """Hands the changes' events in, in one transaction; returns them with the number of each ticket's last event."""
    acts: list[dict[str, Any]] = []
    for _ticket, change in changes:
        # One instant after the other: what brings a ticket back counts in the order in which it stands.
        acts += [
            envelope(kind, data, at=at + timedelta(microseconds=place), key=str(uuid7()))
            for place, (kind, data) in enumerate(change.steps)
        ]
    outcomes = iter(hand_in(organization, acts, by=by, at=at) if acts else [])
    written = []
    for ticket, change in changes:
        numbers = [next(outcomes).seq or 0 for _step in change.steps]
        written.append((ticket, change, max(numbers)))
    return written


def _parts(rows: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _keep(by: Person, undo: Sequence[_Undo]) -> str:
    """Returns the key; "" where the cache is away: then there is no way back by one press."""
    key = uuid4().hex
    try:
        cache.set(_name(by, key), [(one.ticket_id, one.seq, one.steps) for one in undo], UNDO_SECONDS)
    except RedisError as error:
        logger.warning("An act on many tickets cannot be undone", extra={"cause": type(error).__name__})
        return ""
    return key


def _kept(by: Person, key: str) -> list[_Undo]:
    name = _name(by, key)
    try:
        kept = cache.get(name)
        # Whoever deletes it undoes it: two presses are one.
        is_mine = kept is not None and cache.delete(name)
    except RedisError:
        is_mine = False
    if not is_mine:
        raise NothingToUndo(_("It is too late to undo this. Change the tickets themselves."))
    return [_Undo(*one) for one in kept]


def _name(by: Person, key: str) -> str:
    return f"undo.{by.pk}.{key[:32]}"
