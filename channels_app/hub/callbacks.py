"""Calling back whoever was not answered: who takes it, what came of each attempt, and when nobody need call any more.

As everything in `hub`: each act becomes events with source `/hub`. An attempt stands in the conversation of the newest
missed call; what settles an entry resolves the tickets of all its calls, and so ends their waiting (METRICS.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organization, Person
from channels_app.hub.writing import HubRefusal, envelope, hand_in, require
from channels_app.intake import Check, hub_sender, receive_decided
from customers.actions import Recording
from cxhub.identifiers import uuid7
from tickets import policies
from tickets.callbacks import settled
from tickets.models import Ticket
from tickets.queries.callbacks import missed_calls, spoken_since

OUTCOMES = ("no_answer", "busy", "reached")
REASONS = ("settled", "wrong_number", "no_contact", "duplicate", "other")
# So many missed calls are looked at in one transaction, so that nobody's event waits long for their threads.
AT_ONCE = 200

Step = tuple[str, dict[str, Any], str]


class TakenMeanwhile(HubRefusal):
    """A colleague has taken the call-back already; nothing was changed."""

    def __init__(self, agent_email: str) -> None:
        super().__init__(_("A colleague has taken this call-back already."))
        self.agent_email = agent_email


def claim(tickets: Sequence[Ticket], *, by: Person, at: datetime) -> None:
    """She calls back, so nobody else does. Raises `TakenMeanwhile`."""
    _require(tickets, by)
    steps = [
        ("ticket.assigned", {"thread": one.thread, "agent": by.email}, str(uuid7())) for one in _not_hers(tickets, by)
    ]
    _apply(tickets, steps, by=by, at=at, check=_unless_taken(tickets, by))


def release(tickets: Sequence[Ticket], *, by: Person, at: datetime) -> None:
    """Back to whoever is free. What she has not taken stays as it is."""
    _require(tickets, by)
    hers = [one for one in tickets if one.agent_email == by.email]
    steps = [("ticket.unassigned", {"thread": one.thread, "agent": by.email}, str(uuid7())) for one in hers]
    _apply(tickets, steps, by=by, at=at)


def note_attempt(
    tickets: Sequence[Ticket], outcome: str, *, by: Person, at: datetime, key: str, call: str = ""
) -> None:
    """Somebody called back. Reached: all the missed calls are resolved. `call` is the thread of the call she made.

    The same `key` twice is one attempt. Takes the entry where nobody has; raises `TakenMeanwhile` where a colleague has.
    """
    _require(tickets, by)
    assert outcome in OUTCOMES, outcome
    told = {"thread": tickets[-1].thread, "agent": by.email, "outcome": outcome} | ({"call": call} if call else {})
    steps: list[Step] = [("callback.tried", told, f"{key}:tried")]
    steps += [
        ("ticket.assigned", {"thread": one.thread, "agent": by.email}, f"{key}:{one.public_id.hex}:taken")
        for one in _not_hers(tickets, by)
    ]
    if outcome == "reached":
        steps += [_resolved(one, key, agent=by.email, call=call) for one in tickets]
    _apply(tickets, steps, by=by, at=at, check=_unless_taken(tickets, by))


def close(tickets: Sequence[Ticket], reason: str, *, text: str = "", by: Person, at: datetime, key: str) -> None:
    """Nobody need call back any more, and why. The same `key` twice is one act."""
    _require(tickets, by)
    assert reason in REASONS, reason
    told = {"thread": tickets[-1].thread, "agent": by.email, "reason": reason} | ({"text": text} if text else {})
    steps: list[Step] = [("callback.closed", told, f"{key}:closed")]
    _apply(tickets, [*steps, *(_resolved(one, key, agent=by.email) for one in tickets)], by=by, at=at)


def settle_missed(organization: Organization, *, at: datetime) -> int:
    """Resolves the missed calls of whoever has been spoken to since; returns how many. Call it outside of any transaction.

    What it finds hangs on the times of calls alone, so it comes to the same whatever came in first, and may run twice.
    """
    count, after = 0, 0
    while page := _page(organization, after):
        after = page[-1].pk
        if _settling(organization, page):
            keys = [ticket.pk for ticket in page]
            count += receive_decided(
                organization,
                lambda keys=keys: _settling(organization, _again(keys)),  # type: ignore[misc]
                sender=hub_sender(),
                at=at,
            )
    return count


def _page(organization: Organization, after: int) -> list[Ticket]:
    rows = missed_calls().filter(organization=organization, customer__isnull=False, pk__gt=after)
    return list(rows.select_related("customer").order_by("pk")[:AT_ONCE])


def _again(keys: Sequence[int]) -> list[Ticket]:
    return list(missed_calls().filter(pk__in=keys, customer__isnull=False).select_related("customer").order_by("pk"))


def _settling(organization: Organization, tickets: Sequence[Ticket]) -> list[dict[str, Any]]:
    missed = {one.thread: (one.customer.root_id, one.opened_at) for one in tickets if one.customer is not None}
    if not missed:
        return []
    roots, since = {root for root, _at in missed.values()}, min(at for _root, at in missed.values())
    spoken = {str(root): at for root, at in spoken_since(organization, roots, since).items()}
    since_when = settled({thread: (str(root), at) for thread, (root, at) in missed.items()}, spoken)
    return [
        envelope(
            "ticket.resolved",
            {"thread": one.thread, "by": "rule", "later_call": True},
            at=max(since_when[one.thread], one.last_event_at),
            key=f"settled-{one.public_id.hex}-{since_when[one.thread].timestamp():.6f}",
        )
        for one in tickets
        if one.thread in since_when
    ]


def _require(tickets: Sequence[Ticket], by: Person) -> None:
    require(bool(tickets) and all(policies.may_assign(by, ticket) for ticket in tickets))


def _not_hers(tickets: Sequence[Ticket], by: Person) -> list[Ticket]:
    return [ticket for ticket in tickets if ticket.agent_email != by.email]


def _resolved(ticket: Ticket, key: str, *, agent: str, call: str = "") -> Step:
    told = {"thread": ticket.thread, "agent": agent, "by": "agent"} | ({"call": call} if call else {})
    return ("ticket.resolved", told, f"{key}:{ticket.public_id.hex}:resolved")


def _unless_taken(tickets: Sequence[Ticket], by: Person) -> Check:
    """The recording holds the threads by then: of two who take it at once, the second finds the first."""

    def check(recording: Recording) -> None:
        if not any(recorded.is_new for recorded in recording.recorded):
            return  # done before
        rows = Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).exclude(agent_email__in=("", by.email))
        taken = rows.order_by("pk").values_list("agent_email", flat=True).first()
        if taken is not None:
            raise TakenMeanwhile(taken)

    return check


def _apply(
    tickets: Sequence[Ticket], steps: Sequence[Step], *, by: Person, at: datetime, check: Check | None = None
) -> None:
    if steps:
        acts = [envelope(kind, data, at=at, key=key) for kind, data, key in steps]
        hand_in(tickets[0].organization, acts, by=by, at=at, check=check)
