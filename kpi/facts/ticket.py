"""The facts of one ticket: watches its events go by, and says at the end what they came to. Pure.

The rules of a thread are those of `tickets.fold`; here stands only what METRICS.md adds to them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.in_force import InForce, Schedules
from kpi.facts.fact import Fact, Name, Opened, Resolved, Whose, microseconds
from tickets.fold import MESSAGES
from tickets.state import ThreadEvent, TicketState

WRITTEN = frozenset({"chat", "mail", "message"})
PERSON = "agent"
RULE = "rule"


@dataclass(slots=True)
class Resolution:
    """A `ticket.resolved` that counted."""

    at: datetime
    by: str  # agent, bot, rule
    agent: str
    reopened_at: datetime | None = None

    @property
    def is_by_person(self) -> bool:
        return self.by == PERSON


@dataclass(slots=True)
class Call:
    """An inbound call: from its queue to its first outcome."""

    queued_at: datetime
    ended_at: datetime
    is_answered: bool
    agent: str = ""


@dataclass(slots=True)
class Reply:
    since: datetime
    at: datetime
    agent: str


@dataclass(slots=True)
class Watched:
    """One ticket and what has been seen of it. Give it every event that the ticket has taken in, in order."""

    ticket: TicketState
    thread: str = ""
    resolutions: list[Resolution] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    comebacks: list[datetime] = field(default_factory=list)
    messages: list[tuple[Name, datetime, str]] = field(default_factory=list)
    answered_by: str = ""
    # The response clock as METRICS.md has it.
    clock_started_at: datetime | None = None
    clock_answered_at: datetime | None = None
    clock_ended_at: datetime | None = None
    person_touches: int = 0
    _is_bot_first: bool = False
    _has_handoff: bool = False
    _queued_at: datetime | None = None
    _unanswered_since: datetime | None = None
    _was_open: bool = True
    _reopens: int = 0
    _agent_times: list[datetime] = field(default_factory=list)
    _agents: list[str] = field(default_factory=list)

    def see(self, event: ThreadEvent) -> None:
        ticket = self.ticket
        if ticket.reopen_count != self._reopens:
            self._reopens = ticket.reopen_count
            self.resolutions[-1].reopened_at = event.time
            if event.type != "ticket.reopened":
                self.comebacks.append(event.time)
            self._was_open = True
        step = _STEPS.get(event.type)
        if step is not None:
            step(self, event)
        agent = ticket.agent_email
        if not self._agents or self._agents[-1] != agent:
            self._agent_times.append(event.time)
            self._agents.append(agent)

    def agent_at(self, instant: datetime) -> str:
        place = bisect_right(self._agent_times, instant)
        return self._agents[place - 1] if place else ""

    def _message(self, event: ThreadEvent) -> None:
        if event.author == "customer":
            if not event.is_foreign:
                self.messages.append((Name.MESSAGES_IN, event.time, ""))
            self._start_clock(event)
            if self._unanswered_since is None:
                self._unanswered_since = event.time
        elif event.author == "agent":
            if not event.is_foreign:
                self.messages.append((Name.MESSAGES_OUT, event.time, event.agent_email))
            if self._unanswered_since is not None:
                self.replies.append(Reply(self._unanswered_since, event.time, event.agent_email))
            self._person_answers(event)
        elif event.author == "bot":
            if not event.is_foreign:
                self.messages.append((Name.MESSAGES_BOT, event.time, ""))
            if event.qualifier != RULE:
                self._bot_answers()

    def _bot_answers(self) -> None:
        self._unanswered_since = None
        if not self._has_handoff and self.clock_answered_at is None and not self.person_touches:
            self._is_bot_first = True
            self.clock_started_at = self.clock_ended_at = None

    def _start_clock(self, event: ThreadEvent) -> None:
        if self.clock_started_at is None and self._has_clock and not self._is_bot_first and not self.person_touches:
            if self.ticket.channel == "call" and event.type != "call.queued":
                return
            self.clock_started_at = event.time

    @property
    def _has_clock(self) -> bool:
        """Tickets an agent opened, and store inquiries, have none."""
        return self.ticket.opened_by == "customer" and self.ticket.channel != "store"

    def _handoff(self, event: ThreadEvent) -> None:
        if not self._has_handoff and self._has_clock and not self.person_touches:
            self.clock_started_at, self.clock_ended_at = event.time, None
        self._has_handoff = True

    def _person_answers(self, event: ThreadEvent) -> None:
        self._unanswered_since = None
        self.person_touches += 1
        if self.clock_started_at is not None and self.clock_answered_at is None:
            self.clock_answered_at, self.answered_by = event.time, event.agent_email

    def _queued(self, event: ThreadEvent) -> None:
        if event.qualifier == "outbound":
            return
        self._start_clock(event)
        if self._queued_at is None:
            self._queued_at = event.time

    def _answered(self, event: ThreadEvent) -> None:
        self._end_call(event, is_answered=True)
        self._person_answers(event)

    def _abandoned(self, event: ThreadEvent) -> None:
        self._end_call(event, is_answered=False)

    def _end_call(self, event: ThreadEvent, *, is_answered: bool) -> None:
        if self._queued_at is not None:
            agent = event.agent_email if is_answered else ""
            self.calls.append(Call(self._queued_at, event.time, is_answered, agent))
            self._queued_at = None

    def _inquiry(self, event: ThreadEvent) -> None:
        if not event.is_foreign:
            self.messages.append((Name.MESSAGES_IN, event.time, ""))

    def _resolved(self, event: ThreadEvent) -> None:
        if self._was_open and not self.ticket.is_open:
            self._was_open = False
            self._unanswered_since = None
            agent = event.agent_email if event.qualifier == PERSON else ""
            self.resolutions.append(Resolution(event.time, event.qualifier, agent))

    def whose(self) -> Whose:
        ticket = self.ticket
        return Whose(ticket.channel, ticket.center_id or 0, ticket.store_id or 0, ticket.topic, ticket.customer_id or 0)


_STEPS = {
    **dict.fromkeys(MESSAGES, Watched._message),
    "store.inquiry": Watched._inquiry,
    "chat.handoff": Watched._handoff,
    "call.queued": Watched._queued,
    "call.answered": Watched._answered,
    "call.abandoned": Watched._abandoned,
    "ticket.resolved": Watched._resolved,
}


def facts_of(watched: Watched, schedules: Schedules, zone: ZoneInfo) -> Iterator[Fact]:
    """What a ticket came to. Days are cut in `zone`, in which messages of one day are counted together."""
    ticket, whose = watched.ticket, watched.whose()
    opened_at = ticket.opened.time
    is_by_customer = ticket.opened_by == "customer"
    opener = watched.agent_at(opened_at) if is_by_customer else ticket.opened.agent_email
    yield Fact(Name.TICKET, 1, opened_at, whose, opener, Opened.BY_CUSTOMER if is_by_customer else 0)
    for ordinal, at in enumerate(watched.comebacks, start=1):
        yield Fact(Name.COMEBACK, ordinal, at, whose, watched.agent_at(at))
    yield from _messages(watched, whose, zone)
    yield from _response(watched, whose, schedules)
    for ordinal, call in enumerate(watched.calls, start=1):
        waited = microseconds(call.ended_at - call.queued_at)
        yield Fact(Name.CALL, ordinal, call.ended_at, whose, call.agent, int(call.is_answered), waited)
    if ticket.channel in WRITTEN:
        for ordinal, reply in enumerate(watched.replies, start=1):
            both = _both_clocks(schedules.at(ticket.center_id, reply.since), reply.since, reply.at)
            yield Fact(Name.REPLY, ordinal, reply.at, whose, reply.agent, 0, *both)
    yield from _resolutions(watched, whose, schedules.at(ticket.center_id, opened_at))


def _messages(watched: Watched, whose: Whose, zone: ZoneInfo) -> Iterator[Fact]:
    """One fact for the messages of a kind, a day and an agent."""
    counted: dict[tuple[Name, date, str], tuple[int, datetime]] = {}
    for name, at, agent in watched.messages:
        key = (name, at.astimezone(zone).date(), agent or watched.agent_at(at))
        counted[key] = counted.get(key, (0, at))[0] + 1, at
    ordinals: dict[Name, int] = {}
    for (name, _day, agent), (count, at) in counted.items():
        ordinals[name] = ordinals.get(name, 0) + 1
        yield Fact(name, ordinals[name], at, whose, agent, count)


def _response(watched: Watched, whose: Whose, schedules: Schedules) -> Iterator[Fact]:
    started_at, answered_at = watched.clock_started_at, watched.clock_answered_at
    if started_at is None:
        return
    ticket = watched.ticket
    in_force = schedules.at(ticket.center_id, started_at)
    business_us: int | None = None
    if answered_at is not None:
        both = _both_clocks(in_force, started_at, answered_at)
        business_us = both[1]
        yield Fact(Name.RESPONSE, 1, answered_at, whose, watched.answered_by, 0, *both)
    elif ticket.is_open and not ticket.merged_thread:
        yield Fact(Name.WAITING, 1, started_at, whose, ticket.agent_email)
    target = in_force.first_response_seconds(ticket.channel)
    due_at = in_force.hours.after(started_at, timedelta(seconds=target)) if target is not None else None
    if target is None or due_at is None:
        return
    is_met = business_us is not None and business_us <= target * 1_000_000
    agent = watched.answered_by if is_met else watched.agent_at(due_at)
    yield Fact(Name.TARGET, 1, due_at, whose, agent, int(is_met))


def _resolutions(watched: Watched, whose: Whose, in_force: InForce) -> Iterator[Fact]:
    opened_at = watched.ticket.opened.time
    last = len(watched.resolutions)
    for ordinal, one in enumerate(watched.resolutions, start=1):
        outcome = Resolved.BY_PERSON if one.is_by_person else Resolved(0)
        if one.reopened_at is not None:
            outcome |= Resolved.REOPENED
        elif ordinal == last:
            outcome |= Resolved.IS_LAST
        if ordinal == 1 and one.is_by_person and one.reopened_at is None and watched.person_touches < 2:
            outcome |= Resolved.ONE_TOUCH
        # Only of the first and the last is told how long they took.
        calendar_us, business_us = _both_clocks(in_force, opened_at, one.at) if ordinal in (1, last) else (None, None)
        yield Fact(
            *(Name.RESOLUTION, ordinal, one.at, whose, one.agent, outcome), calendar_us, business_us, one.reopened_at
        )
        if not one.is_by_person:
            yield Fact(Name.RESOLVED_BOT, ordinal, one.at, whose, watched.agent_at(one.at))


def _both_clocks(in_force: InForce, start: datetime, end: datetime) -> tuple[int, int]:
    return microseconds(end - start), microseconds(in_force.hours.between(start, end))
