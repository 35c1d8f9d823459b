"""The clocks of a ticket: what starts, stops and pauses them, and what came too late. Without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.business_hours import BusinessHours
from accounts.in_force import InForce, Schedules
from accounts.schedules import WEEKDAYS
from tests.tickets.test_fold import did, said
from tickets.actions.rows import COPIED
from tickets.clocks import Clocks, Kind, Running, resolution_left
from tickets.countdown import countdown
from tickets.fold import fold
from tickets.state import ThreadEvent, TicketState

SEOUL = ZoneInfo("Asia/Seoul")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Monday 10:00 in Seoul; the events of test_fold begin then.
START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
OFFICE = BusinessHours.of({day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in WEEKDAYS[:5]}, [], SEOUL)
TARGETS = InForce(OFFICE, {"chat": 600, "call": 20}, {"chat": 1200}, {"any": 4 * 3600}, 900)
SCHEDULES = Schedules(TARGETS, {1: ([START - 365 * timedelta(days=1)], [TARGETS])})
AGENT = "kim@a.example"


def folded(*events: ThreadEvent, schedules: Schedules = SCHEDULES) -> TicketState:
    (ticket,) = fold(
        sorted(events, key=lambda event: event.order),
        reopen_window=timedelta(days=7),
        centers={"busan": 2},
        schedules=schedules,
    )
    return ticket


def running(ticket: TicketState) -> dict[str, Running]:
    return {clock.kind: clock for clock in ticket.clocks.running}


def test_the_first_response_runs_from_the_first_message_until_a_person_answers() -> None:
    ticket = folded(said("customer"))
    assert running(ticket)["first_response"].due_at == START + 10 * MINUTE
    assert (ticket.due_at, ticket.due_kind) == (START + 10 * MINUTE, "first_response")
    ticket = folded(said("customer"), said("agent", after=9 * MINUTE, agent=AGENT))
    assert "first_response" not in running(ticket)
    assert ticket.clocks.breached == []
    ticket = folded(said("customer"), said("agent", after=11 * MINUTE, agent=AGENT))
    assert [(each.kind, each.ordinal, each.due_at) for each in ticket.clocks.breached] == [
        ("first_response", 1, START + 10 * MINUTE)
    ]


def test_lunch_and_night_do_not_count() -> None:
    # 11:55 in Seoul.
    before_lunch = said("customer", after=115 * MINUTE)
    assert folded(before_lunch).due_at == START + 185 * MINUTE
    late = folded(before_lunch, said("agent", after=184 * MINUTE, agent=AGENT))
    assert late.clocks.breached == []


def test_where_the_center_closes_as_it_falls_due_an_answer_is_in_time_until_it_opens() -> None:
    # 17:50: the target of ten minutes is reached as the center closes.
    asked = said("customer", after=470 * MINUTE)
    clock = running(folded(asked))["first_response"]
    assert (clock.due_at, clock.late_at) == (START + 480 * MINUTE, START + 23 * HOUR)
    assert folded(asked, said("agent", after=12 * HOUR, agent=AGENT)).clocks.breached == []
    assert folded(asked, said("agent", after=23 * HOUR + MINUTE, agent=AGENT)).clocks.breached != []


def test_a_bot_stops_the_clock_and_a_handoff_starts_it() -> None:
    ticket = folded(said("customer"), said("bot", after=MINUTE))
    assert running(ticket) == {}
    assert (ticket.due_at, ticket.next_alarm_at) == (None, None)
    ticket = folded(said("customer"), said("bot", after=MINUTE), did("chat.handoff", after=20 * MINUTE))
    assert running(ticket)["first_response"].due_at == START + 30 * MINUTE
    # Without a bot a handoff begins the clock anew, and what was missed before it was no miss.
    ticket = folded(
        said("customer"), did("chat.handoff", after=20 * MINUTE), said("agent", after=25 * MINUTE, agent=AGENT)
    )
    assert ticket.clocks.breached == []


def test_each_further_wait_is_a_next_response() -> None:
    talk = [said("customer"), said("agent", after=MINUTE, agent=AGENT), said("customer", after=2 * MINUTE)]
    clock = running(folded(*talk))["next_response"]
    assert (clock.ordinal, clock.started_at, clock.due_at) == (1, START + 2 * MINUTE, START + 22 * MINUTE)
    # From her first message that nobody has answered, not from her last.
    clock = running(folded(*talk, said("customer", after=10 * MINUTE)))["next_response"]
    assert clock.due_at == START + 22 * MINUTE
    ticket = folded(*talk, said("agent", after=30 * MINUTE, agent=AGENT), said("customer", after=40 * MINUTE))
    assert [(each.kind, each.ordinal) for each in ticket.clocks.breached] == [("next_response", 1)]
    assert running(ticket)["next_response"].ordinal == 2


def test_a_bots_message_ends_a_wait_without_a_miss() -> None:
    ticket = folded(
        said("customer"),
        said("agent", after=MINUTE, agent=AGENT),
        said("customer", after=2 * MINUTE),
        said("bot", after=HOUR),
    )
    assert ticket.clocks.breached == []
    assert "next_response" not in running(ticket)


def test_a_customer_who_answers_an_agent_who_began_waits_for_the_next_response() -> None:
    ticket = folded(said("agent", agent=AGENT))
    assert running(ticket) == {}
    ticket = folded(said("agent", agent=AGENT), said("customer", after=MINUTE))
    assert set(running(ticket)) == {"next_response", "resolution"}


def test_the_resolution_pauses_while_the_customer_is_the_one_to_answer() -> None:
    talk = [said("customer"), said("agent", after=30 * MINUTE, agent=AGENT)]
    paused = folded(*talk)
    assert "resolution" not in running(paused)
    assert resolution_left("chat", paused.clocks.memory, TARGETS) == 4 * HOUR - 30 * MINUTE
    # She answers at 11:30: half an hour to noon, then from 13:00 on.
    ticket = folded(*talk, said("customer", after=90 * MINUTE))
    clock = running(ticket)["resolution"]
    assert clock.due_at == START + 90 * MINUTE + HOUR + timedelta(minutes=210)
    assert OFFICE.between(clock.started_at, clock.due_at) == 4 * HOUR


def test_a_call_is_with_us_until_it_is_wrapped_up() -> None:
    ticket = folded(
        did("call.queued", qualifier="inbound"),
        did("call.answered", after=timedelta(seconds=10), agent=AGENT),
        did("call.ended", after=5 * MINUTE, pk=3),
    )
    assert set(running(ticket)) == {"resolution"}
    assert ticket.clocks.breached == []
    abandoned = folded(did("call.queued", qualifier="inbound"), did("call.abandoned", after=MINUTE))
    assert set(running(abandoned)) == {"first_response", "resolution", "unassigned"}


def test_resolving_stops_everything_and_reopening_begins_a_round() -> None:
    ticket = folded(said("customer"), did("ticket.resolved", after=5 * MINUTE, qualifier="agent"))
    assert running(ticket) == {}
    assert ticket.clocks.breached == []
    again = folded(
        said("customer"),
        did("ticket.resolved", after=5 * MINUTE, qualifier="agent"),
        said("customer", after=HOUR),
    )
    clocks = running(again)
    # Resolved unanswered, the first response has had its end; she waits for the next.
    assert clocks["next_response"].started_at == START + HOUR
    assert (clocks["resolution"].ordinal, clocks["resolution"].started_at) == (2, START + HOUR)
    assert clocks["unassigned"].ordinal == 2


def test_resolving_too_late_is_a_miss() -> None:
    ticket = folded(said("customer"), did("ticket.resolved", after=8 * HOUR - MINUTE, qualifier="agent"))
    assert {each.kind for each in ticket.clocks.breached} == {"first_response", "resolution"}


def test_somebody_must_take_a_ticket() -> None:
    assert running(folded(said("customer")))["unassigned"].due_at == START + 15 * MINUTE
    taken = folded(said("customer"), did("ticket.assigned", after=MINUTE, agent=AGENT))
    assert "unassigned" not in running(taken)


def test_a_ticket_handed_to_another_center_goes_by_its_hours() -> None:
    always = InForce(BusinessHours(SEOUL), {"chat": 7200})
    schedules = Schedules(TARGETS, {1: ([START], [TARGETS]), 2: ([START], [always])})
    ticket = folded(said("customer"), did("ticket.moved", after=MINUTE, qualifier="busan"), schedules=schedules)
    assert ticket.due_at == START + 2 * HOUR


def test_a_wait_keeps_the_targets_of_when_it_began() -> None:
    stricter = InForce(OFFICE, {"chat": 60})
    schedules = Schedules(TARGETS, {1: ([START - HOUR, START + MINUTE], [TARGETS, stricter])})
    assert folded(said("customer"), schedules=schedules).due_at == START + 10 * MINUTE
    assert folded(said("customer", after=MINUTE), schedules=schedules).due_at == START + 2 * MINUTE


KINDS = st.sampled_from(
    [
        ("chat.message", "customer", ""), ("chat.message", "agent", ""), ("chat.message", "bot", ""),
        ("chat.handoff", "", ""), ("ticket.resolved", "", "agent"), ("ticket.reopened", "", ""),
        ("ticket.assigned", "", ""), ("call.queued", "", "inbound"), ("call.answered", "", ""),
        ("ticket.moved", "", "busan"), ("store.inquiry", "", ""), ("note.added", "agent", ""),
    ]
)  # fmt: skip


@st.composite
def conversations(draw: st.DrawFn) -> list[ThreadEvent]:
    made = []
    for pk, (kind, author, qualifier) in enumerate(draw(st.lists(KINDS, min_size=1, max_size=15))):
        after = timedelta(minutes=draw(st.integers(0, 3000)))
        agent = AGENT if author == "agent" or kind in ("ticket.assigned", "call.answered") else ""
        if author:
            made.append(said(author, after=after, kind=kind, agent=agent, pk=pk))
        else:
            made.append(did(kind, after=after, qualifier=qualifier, agent=agent, pk=pk))
    return sorted(made, key=lambda event: event.order)


def test_a_ticket_that_an_agent_opened_has_no_first_response() -> None:
    events = [
        said("agent", after=timedelta(0), agent=AGENT, pk=1),
        said("customer", after=timedelta(minutes=1), pk=2),
        did("chat.handoff", after=timedelta(minutes=1), pk=3),
    ]
    (ticket,) = fold(events, reopen_window=timedelta(days=7), centers={}, schedules=SCHEDULES)
    assert ticket.response_started_at is None
    assert {"first_response", "next_response"} & set(running(ticket)) == {"next_response"}


@settings(deadline=None)
@given(events=conversations())
def test_clocks_hold_together(events: list[ThreadEvent]) -> None:
    tickets = fold(events, reopen_window=timedelta(days=7), centers={"busan": 2}, schedules=SCHEDULES)
    for ticket in tickets:
        clocks = running(ticket)
        assert not clocks or ticket.is_open
        assert not {"first_response", "next_response"} <= set(clocks)
        for clock in clocks.values():
            assert clock.started_at <= clock.due_at <= clock.late_at
            assert OFFICE.between(clock.due_at, clock.late_at) == timedelta(0)
            assert OFFICE.between(clock.started_at, clock.due_at) == timedelta(seconds=clock.target_seconds)
        missed = [(each.kind, each.ordinal) for each in ticket.clocks.breached]
        assert len(missed) == len(set(missed))
        assert Clocks.resume(ticket.clocks.memory).memory == ticket.clocks.memory
        # Whoever waits for us has a clock, in office hours as outside of them; a counter answers in person.
        if ticket.is_open and ticket.waiting_since and ticket.channel != "store":
            assert {"first_response", "next_response"} & set(clocks) or _bot_has_spoken_since(ticket, events)


def _bot_has_spoken_since(ticket: TicketState, events: list[ThreadEvent]) -> bool:
    assert ticket.waiting_since is not None
    return any(event.author == "bot" and event.time >= ticket.waiting_since for event in events)


@settings(deadline=None)
@given(events=conversations(), split=st.integers(0, 15))
def test_folding_on_from_what_is_remembered_gives_the_same(events: list[ThreadEvent], split: int) -> None:
    def folding(part: list[ThreadEvent], standing: TicketState | None = None) -> list[TicketState]:
        return fold(part, reopen_window=timedelta(days=7), centers={"busan": 2}, schedules=SCHEDULES, standing=standing)

    whole = folding(events)
    begun = folding(events[:split])
    if not begun:
        return
    shown = {name: getattr(begun[-1], name) for name in COPIED}
    resumed = TicketState.resume(begun[-1].opened, shown, begun[-1].memory)
    went_on = folding(events[split:], standing=resumed)[-1]
    assert went_on.clocks.memory == whole[-1].clocks.memory
    assert (went_on.due_at, went_on.due_kind) == (whole[-1].due_at, whole[-1].due_kind)


@pytest.mark.parametrize("hours", [OFFICE, BusinessHours(SEOUL)])
@settings(deadline=None)
@given(due_minutes=st.integers(-20_000, 20_000), now_minutes=st.integers(0, 1439))
def test_a_page_counts_down_in_business_time(hours: BusinessHours, due_minutes: int, now_minutes: int) -> None:
    drawn, now = START, START + now_minutes * MINUTE
    due_at = START + due_minutes * MINUTE
    clock = countdown(Kind.RESOLUTION, due_at, 600, hours=hours, now=drawn)
    assert clock.left_seconds(now) == hours.between(now, due_at).total_seconds()
