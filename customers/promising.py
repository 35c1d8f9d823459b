"""A promise as a function of the events that tell of it, sorted by their time. Pure: no database, no clock.

It is made by a note with `promise`; `promise.changed` moves its due time or hands it over, `promise.settled` (or a note
with `promise_kept`) closes it, or opens it again. Of each the last one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

NOTE, CHANGED, SETTLED = "note.added", "promise.changed", "promise.settled"
OPEN, KEPT = "open", "kept"


class PromiseEvent(NamedTuple):
    """What the rules need of one event. They are told in the order of their threads: time, rank, source, id."""

    time: datetime
    type: str
    agent_email: str
    text: str
    data: Mapping[str, Any]


@dataclass(slots=True)
class PromiseState:
    """Field names are those of `Promise`; `center` is a slug."""

    text: str
    made_at: datetime
    made_by: str
    due_at: datetime | None = None
    has_hour: bool = False
    owner_email: str = ""
    center: str = ""
    status: str = OPEN
    settled_at: datetime | None = None
    settled_by: str = ""


def makes_promise(kind: str, data: Mapping[str, Any]) -> bool:
    return kind == NOTE and isinstance(data.get("promise"), dict)


def promise_meant(kind: str, data: Mapping[str, Any]) -> str:
    """What an event calls the promise that it changes or settles; "" for one that does neither."""
    told = data.get("promise_kept") if kind == NOTE else data.get("promise") if kind in (CHANGED, SETTLED) else ""
    return told if isinstance(told, str) else ""


def follow_promise(made: PromiseEvent, steps: Iterable[PromiseEvent], *, zone: ZoneInfo) -> PromiseState:
    """What it comes to. `steps` are in their order; days end in the organization's zone."""
    told = made.data["promise"]
    state = PromiseState(str(told.get("text") or made.text), made.time, made.agent_email)
    state.due_at, state.has_hour = due_told(told.get("due"), zone)
    _give(state, told, made.agent_email)
    for step in steps:
        if step.type == CHANGED:
            if step.data.get("due"):
                state.due_at, state.has_hour = due_told(step.data["due"], zone)
            _give(state, step.data, state.owner_email)
            continue
        state.status = KEPT if step.type == NOTE else str(step.data["outcome"])
        is_settled = state.status != OPEN
        state.settled_at, state.settled_by = (step.time, step.agent_email) if is_settled else (None, "")
    return state


def _give(state: PromiseState, told: Mapping[str, Any], otherwise: str) -> None:
    if told.get("owner"):
        state.owner_email, state.center = str(told["owner"]).strip().lower(), ""
    elif told.get("center"):
        state.owner_email, state.center = "", str(told["center"]).strip()
    elif not state.center:
        state.owner_email = otherwise


def due_told(told: object, zone: ZoneInfo) -> tuple[datetime | None, bool]:
    """When something falls due and whether an hour was told; the end of the day where only a day was."""
    try:
        if isinstance(told, str) and len(told) == len("2026-11-25"):
            return datetime.combine(date.fromisoformat(told), time.max, tzinfo=zone).astimezone(UTC), False
        due = datetime.fromisoformat(str(told))
    except ValueError:
        return None, False
    return (due if due.tzinfo else due.replace(tzinfo=zone)).astimezone(UTC), True
