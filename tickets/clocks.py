"""The clocks of a ticket: what runs, since when, until when it is in time, and what has come too late.

Pure; a part of the fold. Time is business time of the ticket's center, by the schedule in force when the wait began
(METRICS.md). Each kind of clock can run out once for each of its ordinals:

- *first response*: METRICS.md's response clock, until a person answers or the ticket is resolved. Ordinal 1.
- *next response*: from the first message of the customer that nobody has answered (or a further handoff or ring) to the
  next answer of a person; a bot's message ends it. Counted by waits.
- *resolution*: from the opening or reopening to the resolve, standing still while the customer is the one to answer and
  while a bot has the conversation. Counted by openings.
- *unassigned*: while an open ticket has nobody. No target, but a lead is alarmed when it runs out. Counted by openings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from accounts.in_force import InForce, Schedules

if TYPE_CHECKING:
    from tickets.state import ThreadEvent, TicketState


class Kind(StrEnum):
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    UNASSIGNED = "unassigned"


TARGETS = (Kind.FIRST_RESPONSE, Kind.NEXT_RESPONSE, Kind.RESOLUTION)


class Running(NamedTuple):
    """A clock that runs. `due_at` is the first instant at which the target is reached (METRICS.md).

    Until `late_at` an answer is still in time: where the center closes at the very instant at which it falls due, that
    is when it opens again. A clock that began before a pause seems to have started later, by as much as the pause.
    """

    kind: str
    ordinal: int
    started_at: datetime
    due_at: datetime
    late_at: datetime
    target_seconds: int


class Breached(NamedTuple):
    """A target that was missed."""

    kind: str
    ordinal: int
    started_at: datetime
    due_at: datetime
    target_seconds: int


class Kept(NamedTuple):
    """A wait that ended in time, or (without `due_at`) never counted: a breach recorded of it meanwhile does not hold."""

    kind: str
    ordinal: int
    due_at: datetime | None = None


@dataclass(slots=True)
class Clocks:
    """What the fold must know of a ticket's clocks to go on with its next event."""

    first_since: datetime | None = None
    next_since: datetime | None = None
    resolution_since: datetime | None = None
    unassigned_since: datetime | None = None
    round_since: datetime | None = None
    round: int = 0
    waits: int = 0
    used_microseconds: int = 0
    # The round in which the resolution was missed before it last stood still; told already.
    missed_round: int = 0
    center_id: int | None = None
    is_with_customer: bool = False
    running: list[Running] = field(default_factory=list)
    # What has come of the events folded since; not remembered.
    breached: list[Breached] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    @property
    def memory(self) -> dict[str, Any]:
        """Plain JSON, without what is empty."""
        said = {name: value for name in _REMEMBERED if (value := getattr(self, name))}
        for name in _INSTANTS & said.keys():
            said[name] = said[name].isoformat()
        if self.running:
            said["running"] = [[_plain(value) for value in clock] for clock in self.running]
        return said

    @classmethod
    def resume(cls, memory: Mapping[str, Any]) -> Clocks:
        said = {name: value for name, value in memory.items() if name != "running"}
        for name in _INSTANTS & said.keys():
            said[name] = datetime.fromisoformat(said[name])
        return cls(**said, running=running_in(memory))


_INSTANTS = {"first_since", "next_since", "resolution_since", "unassigned_since", "round_since"}
_REMEMBERED = (
    *sorted(_INSTANTS),
    "round",
    "waits",
    "used_microseconds",
    "missed_round",
    "center_id",
    "is_with_customer",
)


def running_in(memory: Mapping[str, Any]) -> list[Running]:
    """The running clocks that a `Clocks.memory` tells of."""
    when = datetime.fromisoformat
    return [
        Running(kind, ordinal, when(started), when(due), when(late), target)
        for kind, ordinal, started, due, late, target in memory.get("running", ())
    ]


def follow(ticket: TicketState, event: ThreadEvent, schedules: Schedules) -> None:
    """Lets the clocks follow an event that the ticket has just taken in."""
    clocks = ticket.clocks
    is_asking = _asks(event)
    if event.author == "agent" and _is_message(event):
        clocks.is_with_customer = True
    elif is_asking or event.type in ("ticket.reopened", "call.answered"):
        clocks.is_with_customer = False
    if clocks.center_id != ticket.center_id:
        _begin_to_go_by_another_center(ticket)
    _begin_round(ticket, event)
    _follow_first(ticket, event, schedules)
    _follow_next(ticket, event, schedules, is_asking=is_asking)
    _follow_resolution(ticket, event, schedules)
    is_on_desk = ticket.is_open and not ticket.merged_thread
    if not (is_on_desk and not ticket.agent_email and ticket.opened_by == "customer") or _is_with_bot(ticket):
        clocks.unassigned_since = None
    elif clocks.unassigned_since is None:
        clocks.unassigned_since = event.time


def settle(ticket: TicketState, schedules: Schedules) -> None:
    """Works out which clocks run now and until when; call once, after a ticket's events have been followed."""
    clocks = ticket.clocks
    running = sorted(_running(ticket, schedules), key=lambda clock: (clock.late_at, clock.kind))
    if running != clocks.running:
        clocks.running = running
        # Some of these may have been seen to already; whoever looks finds that out.
        ticket.next_alarm_at = running[0].late_at if running else None
    targets = [clock for clock in running if clock.kind in TARGETS]
    ticket.due_at, ticket.due_kind = (targets[0].late_at, targets[0].kind) if targets else (None, "")


def resolution_left(ticket_channel: str, memory: Mapping[str, Any], in_force: InForce) -> timedelta | None:
    """What is left to the resolution's target of a ticket whose clock stands still; None without a target."""
    target = in_force.resolution_seconds(ticket_channel)
    if target is None or "resolution_since" in memory:
        return None
    return timedelta(seconds=target, microseconds=-memory.get("used_microseconds", 0))


def _is_message(event: ThreadEvent) -> bool:
    return event.type.endswith(".message")


def _asks(event: ThreadEvent) -> bool:
    """Whether with this event somebody waits for us."""
    return (
        (event.author == "customer" and _is_message(event))
        or event.type in ("chat.handoff", "store.inquiry")
        or (event.type == "call.queued" and event.qualifier != "outbound")
        # Merged into this one while somebody waited there.
        or (event.type == "ticket.merged" and event.qualifier.startswith("from "))
    )


def _is_with_bot(ticket: TicketState) -> bool:
    return ticket.has_bot_answer and not ticket.has_handoff and ticket.first_response_at is None


def _begin_to_go_by_another_center(ticket: TicketState) -> None:
    """What has run out by the hours and targets of the center before may not have by those of this one."""
    clocks = ticket.clocks
    clocks.center_id = ticket.center_id
    for kind, ordinal, since in (
        (Kind.FIRST_RESPONSE, 1, clocks.first_since),
        (Kind.NEXT_RESPONSE, clocks.waits, clocks.next_since),
        (Kind.RESOLUTION, clocks.round, clocks.resolution_since if clocks.missed_round != clocks.round else None),
    ):
        if since is not None:
            clocks.kept.append(Kept(kind, ordinal))
    clocks.running = []


def _begin_round(ticket: TicketState, event: ThreadEvent) -> None:
    clocks = ticket.clocks
    if clocks.round != ticket.reopen_count + 1:
        clocks.round, clocks.round_since = ticket.reopen_count + 1, event.time
        clocks.used_microseconds, clocks.resolution_since, clocks.unassigned_since = 0, None, None


def _follow_first(ticket: TicketState, event: ThreadEvent, schedules: Schedules) -> None:
    clocks = ticket.clocks
    is_over = not ticket.is_open or ticket.first_response_at or ticket.first_resolved_at or ticket.merged_thread
    wanted = None if is_over else ticket.response_started_at
    since = clocks.first_since
    if since == wanted:
        return
    if since is not None:
        if is_over:
            _end_response(ticket, Kind.FIRST_RESPONSE, 1, since, event.time, schedules)
        else:  # a handoff begins it anew, a bot's answer makes it never have begun
            clocks.kept.append(Kept(Kind.FIRST_RESPONSE, 1))
    clocks.first_since = wanted


def _follow_next(ticket: TicketState, event: ThreadEvent, schedules: Schedules, *, is_asking: bool) -> None:
    clocks = ticket.clocks
    since = clocks.next_since
    if since is None:
        if is_asking and ticket.is_open and ticket.waiting_since is not None and clocks.first_since is None:
            clocks.waits += 1
            clocks.next_since = event.time
    elif event.author == "bot" and event.qualifier != "rule" and _is_message(event):
        clocks.kept.append(Kept(Kind.NEXT_RESPONSE, clocks.waits))
        clocks.next_since = None
    elif not ticket.is_open or ticket.waiting_since is None:
        _end_response(ticket, Kind.NEXT_RESPONSE, clocks.waits, since, event.time, schedules)
        clocks.next_since = None


def _follow_resolution(ticket: TicketState, event: ThreadEvent, schedules: Schedules) -> None:
    clocks = ticket.clocks
    runs = ticket.is_open and not ticket.merged_thread and not clocks.is_with_customer and not _is_with_bot(ticket)
    since = clocks.resolution_since
    if runs and since is None:
        clocks.resolution_since = event.time
    elif not runs and since is not None:
        in_force = _in_force(ticket, clocks.round_since or since, schedules)
        spent = in_force.hours.between(since, event.time)
        clocks.resolution_since = None
        target = in_force.resolution_seconds(ticket.channel)
        if target is not None and clocks.missed_round != clocks.round:
            left = timedelta(seconds=target, microseconds=-clocks.used_microseconds)
            _end_stretch(clocks, since, spent, left, target, in_force)
        clocks.used_microseconds += spent // timedelta(microseconds=1)


def _end_stretch(
    clocks: Clocks, since: datetime, spent: timedelta, left: timedelta, target: int, in_force: InForce
) -> None:
    """Says whether so much time spent on the resolution since then was more than was left for it."""
    due_at = in_force.hours.after(since, left)
    if spent <= left:
        clocks.kept.append(Kept(Kind.RESOLUTION, clocks.round, due_at))
    elif due_at is not None:
        clocks.missed_round = clocks.round
        clocks.breached.append(Breached(Kind.RESOLUTION, clocks.round, clocks.round_since or since, due_at, target))


def _end_response(
    ticket: TicketState, kind: Kind, ordinal: int, since: datetime, at: datetime, schedules: Schedules
) -> None:
    in_force = _in_force(ticket, since, schedules)
    target = _response_seconds(kind, in_force, ticket.channel)
    if target is None:
        return
    due_at = in_force.hours.after(since, timedelta(seconds=target))
    if in_force.hours.between(since, at) <= timedelta(seconds=target):
        ticket.clocks.kept.append(Kept(kind, ordinal, due_at))
    elif due_at is not None:
        ticket.clocks.breached.append(Breached(kind, ordinal, since, due_at, target))


def _running(ticket: TicketState, schedules: Schedules) -> Iterable[Running]:
    clocks = ticket.clocks
    responses = ((Kind.FIRST_RESPONSE, 1, clocks.first_since), (Kind.NEXT_RESPONSE, clocks.waits, clocks.next_since))
    for kind, ordinal, since in responses:
        if since is not None:
            in_force = _in_force(ticket, since, schedules)
            yield from _clock(kind, ordinal, since, _response_seconds(kind, in_force, ticket.channel), in_force)
    if clocks.unassigned_since is not None:
        in_force = _in_force(ticket, clocks.unassigned_since, schedules)
        yield from _clock(Kind.UNASSIGNED, clocks.round, clocks.unassigned_since, in_force.unassigned, in_force)
    if clocks.resolution_since is not None:
        in_force = _in_force(ticket, clocks.round_since or clocks.resolution_since, schedules)
        target = in_force.resolution_seconds(ticket.channel)
        used = timedelta(microseconds=clocks.used_microseconds)
        started_at = in_force.hours.after(clocks.resolution_since, -used) if target is not None else None
        if started_at is not None:
            yield from _clock(Kind.RESOLUTION, clocks.round, started_at, target, in_force)


def _clock(kind: Kind, ordinal: int, since: datetime, target: int | None, in_force: InForce) -> Iterable[Running]:
    if target is None:
        return
    due_at = in_force.hours.after(since, timedelta(seconds=target))
    late_at = in_force.hours.goes_on(due_at) if due_at else None
    # Without either the center never opens again: nothing falls due.
    if due_at is not None and late_at is not None:
        yield Running(kind, ordinal, since, due_at, late_at, target)


def _response_seconds(kind: Kind, in_force: InForce, channel: str) -> int | None:
    if kind is Kind.FIRST_RESPONSE:
        return in_force.first_response_seconds(channel)
    return in_force.next_response_seconds(channel)


def _in_force(ticket: TicketState, since: datetime, schedules: Schedules) -> InForce:
    return schedules.at(ticket.center_id, since)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
