"""Who gets which ticket: what must hold for every queue and every team."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tickets.routing import Candidate, Mode, Waiting, decide

START = datetime(2026, 11, 25, tzinfo=UTC)
NAMES = [f"agent{number}@a.example" for number in range(6)]
TOPICS = ["", "refund", "delivery", "etc"]

moments = st.integers(0, 50).map(lambda minutes: START + timedelta(minutes=minutes))
queues = st.lists(
    st.builds(
        Waiting,
        key=st.integers(1, 1000),
        since=moments,
        topic=st.sampled_from(TOPICS),
        served_by=st.lists(st.sampled_from(NAMES), max_size=2, unique=True).map(tuple),
    ),
    max_size=25,
    unique_by=lambda ticket: ticket.key,
)
teams = st.lists(
    st.builds(
        Candidate,
        email=st.sampled_from(NAMES),
        load=st.integers(0, 6),
        limit=st.integers(1, 5),
        topics=st.frozensets(st.sampled_from(TOPICS[1:])),
        given_at=st.none() | moments,
    ),
    max_size=6,
    unique_by=lambda candidate: candidate.email,
)
modes = st.sampled_from([Mode.ROUND_ROBIN, Mode.LEAST_LOADED])


@given(queues, teams, modes)
def test_never_above_the_limit(queue, team, mode):
    counts = Counter(candidate.email for _, candidate in decide(queue, team, mode))
    for candidate in team:
        assert not counts[candidate.email] or candidate.load + counts[candidate.email] <= candidate.limit


@given(queues, teams, modes)
def test_each_ticket_once_and_the_oldest_first(queue, team, mode):
    given_out = [ticket for ticket, _ in decide(queue, team, mode)]
    in_order = sorted(queue, key=lambda ticket: (ticket.since, ticket.key))
    assert given_out == in_order[: len(given_out)]


@given(queues, teams, modes)
def test_nobody_waits_while_somebody_is_free(queue, team, mode):
    free = sum(max(0, candidate.limit - candidate.load) for candidate in team)
    assert len(decide(queue, team, mode)) == min(len(queue), free)


@given(queues, teams, modes, st.integers())
def test_the_same_whatever_order_it_is_told_in(queue, team, mode, seed):
    expected = decide(queue, team, mode)
    Random(seed).shuffle(queue)
    Random(seed).shuffle(team)
    assert decide(queue, team, mode) == expected


@given(queues, teams, modes)
def test_who_has_the_topic_is_asked_before_who_has_not(queue, team, mode):
    loads = {candidate.email: candidate.load for candidate in team}
    for ticket, chosen in decide(queue, team, mode):
        free = [candidate for candidate in team if loads[candidate.email] < candidate.limit]
        skilled = [candidate for candidate in free if ticket.topic and ticket.topic in candidate.topics]
        assert chosen in (skilled or free)
        known = [email for email in ticket.served_by if email in {one.email for one in (skilled or free)}]
        assert not known or chosen.email == known[0]
        if mode == Mode.LEAST_LOADED and not known:
            assert loads[chosen.email] == min(loads[one.email] for one in (skilled or free))
        loads[chosen.email] += 1


@given(queues, teams)
def test_manual_gives_nothing(queue, team):
    assert decide(queue, team, Mode.MANUAL) == []


def test_round_robin_goes_round():
    team = [Candidate(name, load=0, limit=2) for name in NAMES[:3]]
    queue = [Waiting(number, START) for number in range(6)]
    assert [candidate.email for _, candidate in decide(queue, team, Mode.ROUND_ROBIN)] == NAMES[:3] * 2


def test_round_robin_begins_with_whoever_was_given_nothing_for_longest():
    team = [
        Candidate(NAMES[0], load=0, limit=9, given_at=START + timedelta(minutes=2)),
        Candidate(NAMES[1], load=5, limit=9, given_at=START + timedelta(minutes=1)),
    ]
    ((_, chosen),) = decide([Waiting(1, START)], team, Mode.ROUND_ROBIN)
    assert chosen.email == NAMES[1]
    ((_, chosen),) = decide([Waiting(1, START)], team, Mode.LEAST_LOADED)
    assert chosen.email == NAMES[0]
