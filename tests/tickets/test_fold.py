"""The rules of a thread: what opens, joins, resolves and reopens a ticket (EVENTS.md)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from channels_app.event_types import EVENT_TYPES
from tickets.fold import fold, walk
from tickets.queries.lists import CHANNELS
from tickets.state import ThreadEvent, TicketState

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
RANKS = {"customer": 0, "bot": 1, "agent": 4}


def said(
    author: str, *, after: timedelta = timedelta(), kind: str = "chat.message", agent: str = "", pk: int = 0
) -> ThreadEvent:
    return _event(kind, after, RANKS[author], author=author, agent=agent, pk=pk)


def did(
    kind: str, *, after: timedelta = timedelta(), agent: str = "", qualifier: str = "", topic: str = "", pk: int = 0
) -> ThreadEvent:
    return _event(kind, after, 7, agent=agent, qualifier=qualifier, topic=topic, pk=pk)


def _event(
    kind: str,
    after: timedelta,
    rank: int,
    *,
    author: str = "",
    agent: str = "",
    qualifier: str = "",
    topic: str = "",
    text: str = "",
    pk: int = 0,
) -> ThreadEvent:
    return ThreadEvent(
        pk, START + after, rank, "/seoul/chat", str(pk), kind, author, agent, text, topic, qualifier, None, 1, None, pk
    )


def folded(*events: ThreadEvent) -> list[TicketState]:
    return fold(sorted(events, key=lambda event: event.order), reopen_window=timedelta(days=7), centers={"busan": 2})


MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def test_a_bots_message_opens_nothing() -> None:
    assert folded(said("bot"), did("note.added", after=MINUTE)) == []


def test_customer_waits_until_a_person_answers() -> None:
    (ticket,) = folded(said("customer"))
    assert ticket.waiting_since == ticket.response_started_at == START
    (ticket,) = folded(said("customer"), said("agent", after=MINUTE, agent="kim@a.example"))
    assert ticket.waiting_since is None
    assert ticket.first_response_at == START + MINUTE
    assert ticket.agent_email == "kim@a.example"


def test_a_bots_answer_stops_the_clock_until_it_hands_off() -> None:
    talk = [said("customer"), said("bot", after=MINUTE), said("customer", after=2 * MINUTE)]
    (ticket,) = folded(*talk)
    assert ticket.waiting_since is None
    assert ticket.response_started_at is None
    (ticket,) = folded(*talk, did("chat.handoff", after=3 * MINUTE))
    assert ticket.waiting_since == ticket.response_started_at == START + 3 * MINUTE


def test_a_bots_words_do_not_replace_what_she_asked() -> None:
    asked = _event("chat.message", timedelta(), 0, author="customer", text="소매가 뜯어졌어요")
    told = _event("chat.message", MINUTE, 1, author="bot", text="상담원을 연결해 드릴게요")
    (ticket,) = folded(asked, told)
    assert (ticket.last_author, ticket.last_text) == ("customer", "소매가 뜯어졌어요")
    assert ticket.last_message_at == START + MINUTE


def test_customer_within_seven_days_reopens_and_after_that_opens_a_new_ticket() -> None:
    resolved = [said("customer"), did("ticket.resolved", after=MINUTE, qualifier="agent", topic="delivery")]
    (ticket,) = folded(*resolved, said("customer", after=MINUTE + 7 * DAY - timedelta(milliseconds=1)))
    assert ticket.is_open
    assert ticket.reopen_count == 1
    first, second = folded(*resolved, said("customer", after=MINUTE + 7 * DAY))
    assert (first.is_open, second.is_open) == (False, True)


def test_agent_bot_and_notes_never_reopen_and_later_ones_still_join() -> None:
    (ticket,) = folded(
        said("customer"),
        did("ticket.resolved", after=MINUTE),
        said("agent", after=2 * MINUTE),
        did("note.added", after=30 * DAY),
        said("bot", after=31 * DAY),
    )
    assert not ticket.is_open
    assert ticket.events == 5


def test_a_second_resolve_only_corrects_the_topic() -> None:
    (ticket,) = folded(
        said("customer"),
        did("ticket.resolved", after=MINUTE, topic="delivery", qualifier="agent"),
        did("ticket.resolved", after=2 * MINUTE, topic="refund", qualifier="rule"),
    )
    assert (ticket.topic, ticket.resolved_by, ticket.resolved_at) == ("refund", "agent", START + MINUTE)


def test_reopened_by_a_person_at_any_time() -> None:
    (ticket,) = folded(said("customer"), did("ticket.resolved", after=MINUTE), did("ticket.reopened", after=90 * DAY))
    assert ticket.is_open


def test_outbound_calls_are_opened_by_the_agent_and_nobody_waits() -> None:
    (ticket,) = folded(
        did("call.queued", qualifier="outbound"), did("call.answered", after=MINUTE, agent="kim@a.example")
    )
    assert (ticket.opened_by, ticket.waiting_since, ticket.call_state) == ("agent", None, "talking")


def test_an_abandoned_call_goes_on_waiting_for_a_call_back() -> None:
    (ticket,) = folded(
        did("call.queued", qualifier="inbound"),
        did("call.abandoned", after=MINUTE),
        did("call.ended", after=MINUTE, pk=2),
    )
    assert ticket.waiting_since == START
    assert ticket.call_state == "abandoned"


def test_a_call_answered_without_its_queue_opens_a_ticket() -> None:
    (ticket,) = folded(did("call.answered", agent="kim@a.example", qualifier="inbound"))
    assert ticket.channel == "call"


def test_moving_decides_the_center() -> None:
    (ticket,) = folded(said("customer"), did("ticket.moved", after=MINUTE, qualifier="busan"))
    assert ticket.center_id == 2


def test_the_last_assigned_is_the_agent() -> None:
    (ticket,) = folded(
        said("customer"),
        said("agent", after=MINUTE, agent="kim@a.example"),
        did("ticket.assigned", after=2 * MINUTE, agent="lee@a.example"),
    )
    assert ticket.agent_email == "lee@a.example"


def test_handed_back_means_nobody_has_it_until_the_next_is_given_it_or_answers() -> None:
    before = (said("customer"), said("agent", after=MINUTE, agent="kim@a.example"))
    back = did("ticket.unassigned", after=2 * MINUTE, agent="kim@a.example")
    (ticket,) = folded(*before, back)
    assert ticket.agent_email == ""
    (ticket,) = folded(*before, back, said("agent", after=3 * MINUTE, agent="lee@a.example"))
    assert ticket.agent_email == "lee@a.example"


def test_handing_back_what_somebody_else_has_meanwhile_changes_nothing() -> None:
    (ticket,) = folded(
        said("customer"),
        did("ticket.assigned", after=MINUTE, agent="lee@a.example"),
        did("ticket.unassigned", after=2 * MINUTE, agent="kim@a.example"),
    )
    assert ticket.agent_email == "lee@a.example"


def test_a_rule_gives_a_ticket_only_where_nobody_has_it() -> None:
    taken = did("ticket.assigned", after=MINUTE, agent="lee@a.example")
    by_rule = did("ticket.assigned", after=2 * MINUTE, agent="kim@a.example", qualifier="rule")
    assert folded(said("customer"), by_rule)[0].agent_email == "kim@a.example"
    assert folded(said("customer"), taken, by_rule)[0].agent_email == "lee@a.example"
    answered = said("agent", after=MINUTE, agent="lee@a.example")
    assert folded(said("customer"), answered, by_rule)[0].agent_email == "lee@a.example"


def test_a_snooze_ends_when_the_customer_speaks_or_somebody_says_so() -> None:
    until = "2026-11-05T00:00:00+00:00"
    snoozed = did("ticket.snoozed", after=MINUTE, qualifier=until, pk=1)
    (ticket,) = folded(said("customer"), snoozed, said("agent", after=2 * MINUTE, agent="kim@a.example"))
    assert ticket.snoozed_until == datetime.fromisoformat(until)
    for waking in (
        said("customer", after=3 * MINUTE),
        did("store.inquiry", after=3 * MINUTE),
        did("call.queued", after=3 * MINUTE, qualifier="inbound"),
        did("ticket.woken", after=3 * MINUTE),
        did("ticket.resolved", after=3 * MINUTE),
    ):
        (ticket,) = folded(said("customer"), snoozed, waking)
        assert ticket.snoozed_until is None
    (ticket,) = folded(
        said("customer"), did("ticket.resolved", after=MINUTE), did("ticket.snoozed", after=DAY, qualifier=until)
    )
    assert ticket.snoozed_until is None


def test_who_gives_it_back_has_it_no_longer_and_the_next_to_answer_does() -> None:
    begun = [said("customer"), said("agent", after=MINUTE, agent="kim@a.example")]
    back = did("ticket.unassigned", after=2 * MINUTE, agent="kim@a.example")
    (ticket,) = folded(*begun, back)
    assert ticket.agent_email == ""
    (ticket,) = folded(*begun, back, said("agent", after=3 * MINUTE, agent="lee@a.example", pk=3))
    assert ticket.agent_email == "lee@a.example"


def test_tags_priority_and_links_are_the_last_that_was_said() -> None:
    (ticket,) = folded(
        said("customer"),
        _event("ticket.tagged", MINUTE, 7, text="+vip\n+refund", pk=1),
        _event("ticket.tagged", 2 * MINUTE, 7, text="+vip\n-refund", pk=2),
        did("ticket.priority", after=MINUTE, qualifier="urgent"),
        _event("ticket.linked", MINUTE, 7, text="mail 1", pk=3),
        _event("ticket.linked", MINUTE, 7, text="mail 2", pk=4),
        _event("ticket.unlinked", 2 * MINUTE, 7, text="mail 1", pk=5),
    )
    assert (ticket.tags, ticket.priority, ticket.links) == ("\nvip\n", "urgent", "\nmail 2\n")


def test_what_we_open_ourselves_keeps_nobody_waiting():
    (ticket,) = folded(did("ticket.opened", qualifier="busan"), did("ticket.assigned", after=MINUTE, agent="lead"))
    assert (ticket.opened_by, ticket.channel, ticket.center_id) == ("agent", "ticket", 2)
    assert (ticket.response_started_at, ticket.waiting_since, ticket.messages_in) == (None, None, 0)
    assert ticket.is_open


def test_it_joins_a_conversation_that_goes_on_and_reopens_none():
    (ticket,) = folded(said("customer"), did("ticket.resolved", after=MINUTE), did("ticket.opened", after=2 * MINUTE))
    assert (ticket.channel, ticket.is_open, ticket.reopen_count) == ("chat", False, 0)


def test_every_channel_by_which_a_ticket_opens_is_a_place_of_lists():
    """Lists look at each channel that they know: a ticket in another one would stand in none."""
    nothing = said("customer")
    alone = ([nothing._replace(type=name)] for name in EVENT_TYPES)
    opened = [ticket for events in alone for ticket, _ in walk(events, reopen_window=timedelta(), centers={})]
    assert {ticket.channel for ticket in opened} == set(CHANNELS)
