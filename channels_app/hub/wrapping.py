"""What is left after a call, in one act: what it was about, what came of it, and what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import Person
from channels_app.hub.writing import envelope, hand_in, require
from cxhub.identifiers import uuid7
from tickets import policies
from tickets.models import Ticket
from tickets.queries.openings import openings_of
from tickets.snoozing import Preset, until

RESULTS = ("solved", "promised", "handed_on", "not_reached", "wrong_number")
NEXT_STEPS = ("nothing", "stays_open", "call_back")


def wrap_up(
    ticket: Ticket, *, topic: str, result: str, next_step: str, by: Person, at: datetime, key: str = ""
) -> None:
    """Writes what was chosen, and resolves, leaves open, or snoozes until the center's next morning. One transaction.

    The same key twice is one act; without a result nothing is said of it.
    """
    require(policies.may_resolve(by, ticket))
    assert next_step in NEXT_STEPS, next_step
    assert result in ("", *RESULTS), result
    of_thread = {"thread": ticket.thread, "agent": by.email}
    steps: list[tuple[str, str, dict[str, Any]]] = []
    if result or next_step != "nothing":
        told = {"next": next_step} | ({"result": result} if result else {})
        steps.append(("wrapped", "call.wrapped_up", told))
    if next_step == "nothing":
        steps.append(("resolved", "ticket.resolved", {"by": "agent"} | ({"topic": topic} if topic else {})))
    elif topic:
        steps.append(("topic", "ticket.topic", {"topic": topic}))
    if next_step == "call_back":
        steps.append(("snoozed", "ticket.snoozed", {"until": _next_morning(ticket, at).isoformat()}))
    key = key or str(uuid7())
    acts = [envelope(kind, {**of_thread, **data}, at=at, key=f"{key}:{word}") for word, kind, data in steps]
    if acts:
        hand_in(ticket.organization, acts, by=by, at=at)


def _next_morning(ticket: Ticket, at: datetime) -> datetime:
    opening = openings_of(ticket.organization, [ticket.center_id] if ticket.center_id else [], at=at)
    return until(Preset.TOMORROW, opening.get(ticket.center_id, opening[None]), now=at)
