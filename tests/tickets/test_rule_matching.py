"""Conditions and moments as functions: what holds, what never does, and that no order of asking matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.in_force import ALWAYS
from tickets.rules.content import Content, Part, parts_of
from tickets.rules.matching import HOLDS, Facts, all_hold
from tickets.rules.moments import Surroundings, moments_of, steps_of
from tickets.rules.vocabulary import ACTS, TESTS, TRIGGERS, Trigger
from tickets.state import ThreadEvent

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
FACTS = Facts(AT, "chat")
AROUND = Surroundings(ALWAYS, timedelta(days=7))

words = st.text(max_size=8)
values = st.lists(words, max_size=3).map(tuple)
parts = st.builds(Part, st.sampled_from(sorted(TESTS)), values)
facts = st.builds(
    Facts,
    at=st.just(AT),
    channel=st.sampled_from(["chat", "call", "mail"]),
    topic=words,
    tags=st.frozensets(words, max_size=3),
    agent_email=words,
    reopen_count=st.integers(0, 3),
    text=st.text(max_size=30),
    is_known=st.booleans(),
    purchases=st.integers(0, 5),
    is_in_hours=st.booleans(),
)


def test_every_word_of_a_condition_is_looked_at():
    assert HOLDS.keys() == TESTS.keys()


@pytest.mark.parametrize(
    ("part", "known", "holds"),
    [
        (Part("channel_is", ("mail", "chat")), FACTS, True),
        (Part("channel_is_not", ("mail", "chat")), FACTS, False),
        (Part("says", ("급해요",)), replace(FACTS, text="너무  급해요!"), True),
        (Part("says", ("ASAP", "today")), replace(FACTS, text="Please, today"), True),
        (Part("says", ("\u1100\u1173\u11b8",)), replace(FACTS, text="급"), True),  # written in parts
        (Part("says", ()), replace(FACTS, text="급"), False),
        (Part("says_not", ("급해요",)), FACTS, True),
        (Part("tagged", ("VIP ",)), replace(FACTS, tags=frozenset({"vip"})), True),
        (Part("untagged", ("VIP",)), replace(FACTS, tags=frozenset({"vip"})), False),
        (Part("purchases_at_least", ("3",)), replace(FACTS, purchases=3), True),
        (Part("purchases_below", ("3",)), replace(FACTS, purchases=3), False),
        (Part("target_is", ("resolution",)), FACTS, False),
        (Part("no such word", ("x",)), FACTS, False),
    ],
)
def test_a_condition_holds(part: Part, known: Facts, holds: bool):
    assert all_hold([part], known) is holds


@given(st.lists(parts, max_size=5), facts, st.randoms())
def test_all_must_hold_in_whatever_order(conditions: list[Part], known: Facts, chance: object):
    together = all_hold(conditions, known)
    assert together == all(all_hold([part], known) for part in conditions)
    assert together == all_hold(reversed(conditions), known)
    # One condition more never lets a rule act that did not before.
    assert not (not together and all_hold([*conditions, Part("untaken")], known))


@given(parts, facts)
def test_of_each_pair_exactly_one_holds(part: Part, known: Facts):
    opposite = {
        "channel_is": "channel_is_not",
        "says": "says_not",
        "tagged": "untagged",
        "taken": "untaken",
        "customer_known": "customer_unknown",
        "purchases_at_least": "purchases_below",
        "in_hours": "out_of_hours",
    }.get(part.word)
    if opposite:
        assert all_hold([part], known) != all_hold([Part(opposite, part.values)], known)


@given(st.lists(st.builds(Part, st.sampled_from(sorted(ACTS)), values), max_size=4))
def test_what_is_kept_comes_back(told: list[Part]):
    assert parts_of([part.plain for part in told]) == tuple(told)


kinds = st.sampled_from(
    [
        ("chat.message", "customer", ""),
        ("chat.message", "agent", ""),
        ("chat.message", "bot", "rule"),
        ("ticket.resolved", "", "agent"),
        ("ticket.resolved", "", "rule"),
        ("ticket.reopened", "", ""),
        ("ticket.assigned", "", "rule"),
        ("ticket.priority", "", "high"),
        ("call.abandoned", "", ""),
    ]
)


def _thread(told: list[tuple[tuple[str, str, str], int, bool]]) -> list[ThreadEvent]:
    events, at = [], AT
    for number, ((kind, author, qualifier), minutes, is_by_rule) in enumerate(told, start=1):
        at += timedelta(minutes=minutes)
        event_id = f"rule-{number}" if is_by_rule else f"e-{number}"
        agent = "kim@shop.example" if author == "agent" or kind == "ticket.assigned" else ""
        events.append(
            ThreadEvent(
                number, at, 0, "/hub", event_id, kind, author, agent, "글", "", qualifier, None, None, None, number
            )
        )
    return events


threads = st.lists(st.tuples(kinds, st.integers(0, 20), st.booleans()), max_size=12).map(_thread)


@given(threads, st.sampled_from(sorted(TRIGGERS)), st.integers(1, 30))
def test_a_cause_comes_once_and_is_never_what_a_rule_did(events: list[ThreadEvent], trigger: str, minutes: int):
    content = Content(trigger, minutes=minutes)
    until = (events[-1].time if events else AT) + timedelta(hours=2)
    steps = list(steps_of(events, AROUND))
    moments = list(moments_of(steps, content, AROUND, until=until))
    causes = [moment.cause for moment in moments]
    assert len(set(causes)) == len(causes)
    by_rules = {
        f"event:{event.pk}" for event in events if event.event_id.startswith("rule-") or event.qualifier == "rule"
    }
    assert not by_rules & set(causes)
    assert all(AT <= moment.facts.at < until for moment in moments)


@given(threads, st.integers(1, 30))
def test_what_rules_write_begins_and_ends_no_wait(events: list[ThreadEvent], minutes: int):
    """But that a rule may close a ticket: then nobody is waited for."""
    kept = [event for event in events if not (event.type == "chat.message" and event.qualifier == "rule")]
    until = AT + timedelta(days=1)
    for trigger in (Trigger.UNANSWERED, Trigger.SILENT, Trigger.AFTER_RESOLVE):
        content = Content(trigger, minutes=minutes)

        def causes(some: list[ThreadEvent], content: Content = content) -> set[str]:
            return {moment.cause for moment in moments_of(list(steps_of(some, AROUND)), content, AROUND, until=until)}

        assert causes(events) == causes(kept)
