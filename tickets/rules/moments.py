"""The moments of a thread at which rules are asked, and what was known at each. Pure: events in, moments out.

The thread is folded event by event, so a rule that runs sees exactly what its trial has seen: the ticket as it stood
when the thing happened, not as it stands when somebody looks.

What a rule did sets off no rule, nor does it begin a time that one waits for: no chain of rules can come about, and
none can go round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from accounts.in_force import Schedules
from tickets.fold import MESSAGES, fold
from tickets.rules.content import Content
from tickets.rules.matching import Facts
from tickets.rules.vocabulary import Trigger
from tickets.state import ThreadEvent, TicketState
from tickets.tag_keys import keys_in

# Ids of events that rules write (source `/hub`) begin so.
ID_PREFIX = "rule-"
# Types after which a rule may have to be asked, or a wait has begun or ended.
ASKED_AFTER = frozenset(
    {
        *MESSAGES,
        *("store.inquiry", "chat.handoff", "call.queued", "call.answered", "call.abandoned"),
        *("ticket.assigned", "ticket.moved", "ticket.tagged", "ticket.priority", "ticket.resolved", "ticket.reopened"),
    }
)


class Buyer(NamedTuple):
    """What a rule may ask of a customer."""

    is_known: bool
    purchases: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What facts need besides a thread's events. `centers` maps keys to public ids as hex, `slugs` slugs to keys."""

    schedules: Schedules
    reopen_window: timedelta
    centers: Mapping[int, str] = field(default_factory=dict)
    slugs: Mapping[str, int] = field(default_factory=dict)
    buyers: Mapping[int, Buyer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a ticket: what it set off, what was known after it, and since when each timed trigger waits.

    `ticket` is the key of the event that opened the ticket.
    """

    event: ThreadEvent
    ticket: int
    triggers: frozenset[str]
    facts: Facts
    waits: Mapping[str, datetime]
    center_id: int | None


class Moment(NamedTuple):
    """A rule is to be asked: what caused it (the same word for the same cause, for ever) and what was known."""

    cause: str
    ticket: int
    facts: Facts
    center_id: int | None


def is_by_rule(event: ThreadEvent) -> bool:
    """Whether nobody but a rule, or routing, did it."""
    return event.qualifier == "rule" or (event.source == "/hub" and event.event_id.startswith(ID_PREFIX))


def steps_of(events: Iterable[ThreadEvent], around: Surroundings) -> Iterator[Step]:
    """A thread's events, in their order, from its beginning. Those before its first ticket make no step."""
    state: TicketState | None = None
    said = ""
    for event in events:
        before = _Before.of(state)
        folded = fold(
            [event],
            reopen_window=around.reopen_window,
            centers=dict(around.slugs),
            schedules=around.schedules,
            standing=state,
        )
        if not folded:
            continue
        is_new = folded[-1] is not state
        state = folded[-1]
        if is_new:
            before, said = _Before(), ""
        if _is_from_customer(event):
            said = event.text
        yield Step(
            event,
            state.opened.pk,
            frozenset() if is_by_rule(event) else frozenset(_triggers(event, before, state, is_new=is_new)),
            _facts(state, event.time, said, around),
            _waits(state),
            state.center_id,
        )


def moments_of(steps: Sequence[Step], content: Content, around: Surroundings, *, until: datetime) -> Iterator[Moment]:
    """All moments at which a rule of this content would have been asked. Missed targets are not among them: `missed`."""
    told: set[str] = set()
    for place, step in enumerate(steps):
        if content.trigger in step.triggers:
            yield happened(step)
        if content.is_timed:
            following = steps[place + 1] if place + 1 < len(steps) else None
            end = following.event.time if following and following.ticket == step.ticket else until
            moment = _passed(step, content, end, around)
            if moment is not None and moment.cause not in told:
                told.add(moment.cause)
                yield moment


def happened(step: Step) -> Moment:
    """The moment at which an event came."""
    return Moment(event_cause(step.event.pk), step.ticket, step.facts, step.center_id)


def missed(steps: Iterable[Step], kind: str, ordinal: int, due_at: datetime, around: Surroundings) -> Moment | None:
    """The moment at which a target was missed, as the ticket stood then. `steps` are those of the one ticket."""
    before = [step for step in steps if step.event.time <= due_at]
    if not before:
        return None
    step = before[-1]
    facts = _as_of(step, due_at, around, target=kind)
    return Moment(f"breach:{step.ticket}:{kind}:{ordinal}:{due_at.isoformat()}", step.ticket, facts, step.center_id)


def waited(step: Step, trigger: str, since: datetime, at: datetime, around: Surroundings) -> Moment:
    """The moment at which a wait that still goes on after its last event has lasted as long as a rule wants.

    Where it had lasted so long already (the ticket came to another center, whose hours are others), that event's.
    """
    facts = _as_of(step, max(at, step.event.time), around)
    return Moment(wait_cause(step.ticket, trigger, since), step.ticket, facts, step.center_id)


def lasted_at(content: Content, since: datetime, center_id: int | None, schedules: Schedules) -> datetime | None:
    """When a wait has lasted as long as a timed rule wants; None where its center is never open for so long.

    In business time by the hours that were in force when the wait began, as a ticket's clocks (`tickets.clocks`).
    """
    minutes = timedelta(minutes=content.minutes)
    if not content.in_business_time:
        return since + minutes
    return schedules.at(center_id, since).hours.after(since, minutes)


def event_cause(pk: int) -> str:
    return f"event:{pk}"


def wait_cause(ticket: int, trigger: str, since: datetime) -> str:
    return f"wait:{ticket}:{trigger}:{since.isoformat()}"


def _passed(step: Step, content: Content, until: datetime, around: Surroundings) -> Moment | None:
    """The moment at which the time passed, where that was before the next event."""
    since = step.waits.get(content.trigger)
    due = lasted_at(content, since, step.center_id, around.schedules) if since else None
    if since is None or due is None or max(due, step.event.time) >= until:
        return None
    return waited(step, content.trigger, since, due, around)


def _as_of(step: Step, at: datetime, around: Surroundings, *, target: str = "") -> Facts:
    is_in_hours = around.schedules.at(step.center_id, at).hours.is_open(at)
    return replace(step.facts, at=at, is_in_hours=is_in_hours, target=target)


class _Before(NamedTuple):
    is_open: bool = True
    agent_email: str = ""
    center_id: int | None = None
    tags: str = ""
    priority: str = ""

    @classmethod
    def of(cls, state: TicketState | None) -> _Before:
        if state is None:
            return cls()
        return cls(state.is_open, state.agent_email, state.center_id, state.tags, state.priority)


def _triggers(event: ThreadEvent, before: _Before, state: TicketState, *, is_new: bool) -> Iterator[str]:
    if is_new:
        yield Trigger.OPENED
    if _is_from_customer(event):
        yield Trigger.CUSTOMER_MESSAGE
    if event.type in _SIMPLE:
        yield _SIMPLE[event.type]
    if not is_new and state.is_open and not before.is_open:
        yield Trigger.REOPENED
    changed = _CHANGING.get(event.type)
    if changed is not None and changed[1](before, state):
        yield changed[0]


_SIMPLE = {"chat.handoff": Trigger.HANDOFF, "call.abandoned": Trigger.CALL_ABANDONED}
_CHANGING: Mapping[str, tuple[str, Callable[[_Before, TicketState], bool]]] = {
    "ticket.assigned": (Trigger.ASSIGNED, lambda before, state: before.agent_email != state.agent_email),
    "ticket.moved": (Trigger.MOVED, lambda before, state: before.center_id != state.center_id),
    "ticket.tagged": (Trigger.TAGGED, lambda before, state: before.tags != state.tags),
    "ticket.priority": (Trigger.PRIORITIZED, lambda before, state: before.priority != state.priority),
    "ticket.resolved": (Trigger.RESOLVED, lambda before, state: before.is_open and not state.is_open),
}


def _is_from_customer(event: ThreadEvent) -> bool:
    return event.type == "store.inquiry" or (event.type in MESSAGES and event.author == "customer")


def _waits(state: TicketState) -> dict[str, datetime]:
    waits: dict[str, datetime] = {}
    if not state.is_open:
        if state.resolved_at is not None and state.resolved_by != "rule":
            waits[Trigger.AFTER_RESOLVE] = state.resolved_at
    elif state.waiting_since is not None:
        waits[Trigger.UNANSWERED] = state.waiting_since
    elif state.last_author == "agent" and state.last_message_at is not None:
        waits[Trigger.SILENT] = state.last_message_at
    return waits


def _facts(state: TicketState, at: datetime, said: str, around: Surroundings) -> Facts:
    buyer = around.buyers.get(state.customer_id or 0, Buyer(is_known=False, purchases=0))
    return Facts(
        at=at,
        channel=state.channel,
        center=around.centers.get(state.center_id or 0, ""),
        topic=state.topic,
        priority=state.priority,
        tags=frozenset(keys_in(state.tags)),
        agent_email=state.agent_email,
        reopen_count=state.reopen_count,
        text=said,
        is_known=buyer.is_known,
        purchases=buyer.purchases,
        is_in_hours=around.schedules.at(state.center_id, at).hours.is_open(at),
    )
