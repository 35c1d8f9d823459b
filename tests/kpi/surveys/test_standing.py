"""Answers are a function of their events by time: whatever the order they come in, and told twice, they stand the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kpi.surveys.standing import ANSWERED, CHANGED, FOLLOWED_UP, SENT, SurveyEvent, standings

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
RANKS = {SENT: 10, ANSWERED: 11, CHANGED: 11, FOLLOWED_UP: 12}


def event(pk: int, kind: str, minute: int, *, survey: str = "csat", **more: object) -> SurveyEvent:
    at = START + timedelta(minutes=minute)
    order = (at, RANKS[kind], "/hub", str(pk))
    return SurveyEvent(pk, f"{pk:032x}", "/hub", str(pk), kind, survey, at, order, **more)  # type: ignore[arg-type]


def test_an_answer_belongs_to_the_last_question_of_its_kind():
    events = [
        event(1, SENT, 0, agent_email="first"),
        event(2, SENT, 5, agent_email="second"),
        event(3, SENT, 6, survey="nps", agent_email="other"),
        event(4, ANSWERED, 9, score=4),
        event(5, SENT, 12, agent_email="later"),
    ]
    (found,) = standings(events)
    assert found.sent is not None
    assert found.sent.agent_email == "second"


def test_a_question_of_the_same_instant_comes_first():
    (found,) = standings([event(9, ANSWERED, 0, score=1), event(1, SENT, 0)])
    assert found.sent is not None


def test_the_last_change_counts_and_the_first_instant_stays():
    events = [
        event(1, ANSWERED, 0, score=1, text="a"),
        event(2, CHANGED, 10, score=3, text="", answer="1"),
        event(3, CHANGED, 5, score=5, text="b", answer=f"{1:032x}"),
        event(4, CHANGED, 20, score=2, answer="someone else's"),
    ]
    (found,) = standings(events)
    assert (found.score, found.comment, found.first.time, found.changed_at) == (3, "", START, events[1].time)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([SENT, ANSWERED, CHANGED, FOLLOWED_UP]),
        st.integers(0, 6),
        st.sampled_from(["csat", "nps"]),
        st.integers(1, 5),
        st.integers(1, 12),
    ),
    max_size=12,
)


@given(EVENTS, st.randoms())
def test_any_order_gives_the_same(told: list[tuple[str, int, str, int, int]], chance: object):
    events = [
        event(pk, kind, minute, survey=survey, score=score, answer=str(about) if kind in (CHANGED, FOLLOWED_UP) else "")
        for pk, (kind, minute, survey, score, about) in enumerate(told, start=1)
    ]
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert standings(shuffled) == standings(events)
    assert len(standings(events)) == sum(one.type == ANSWERED for one in events)
