"""The example that METRICS.md works by hand."""

from __future__ import annotations

import pytest

from tests.kpi.histories import House, Story

A, B = "010-2000-0001", "010-2000-0002"
KIM, LEE = "kim@shop.example", "lee@shop.example"
CALL = "/seoul/call"


@pytest.fixture
def told(house: House, story: Story) -> House:
    story.chat("customer", "10:00:00", "c1", phone=A)
    story.chat("bot", "10:00:01", "c1")
    story("chat.handoff", "10:00:30", thread="c1")
    story.chat("agent", "10:01:10", "c1", agent=KIM)
    story.chat("customer", "10:05:00", "c1", phone=A)
    story.resolve("10:06:00", "c1", agent=KIM, topic="delivery")
    thursday = "2026-03-05"
    story("call.queued", "11:59:30", thursday, source=CALL, thread="k1", from_="x", to="y", phone=A)
    story("call.answered", "12:00:10", thursday, source=CALL, thread="k1", agent=LEE)
    story("call.ended", "12:04:00", thursday, source=CALL, thread="k1")
    story.resolve("12:04:00", "k1", thursday, source=CALL, agent=LEE, topic="delivery")
    story("call.queued", "14:00:00", source=CALL, thread="k2", from_="x", to="y", phone=B)
    story("call.abandoned", "14:00:04", source=CALL, thread="k2")
    house.tell(reversed(story.events))
    return house


def test_the_chat(told: House) -> None:
    chat = told.groups("channel", now="2026-04-01T00:00:00+09:00")["chat"]
    seconds = {"n": 1, "median_seconds": 40.0, "p90_seconds": 40.0, "mean_seconds": 40.0}
    assert chat["first_response"] == {**seconds, "business": seconds}
    assert chat["resolution_first"]["median_seconds"] == 360
    assert chat["resolution_first"]["business"]["median_seconds"] == 360
    assert chat["resolution_full"] == chat["resolution_first"]
    assert chat["fcr"] == {"numerator": 0, "denominator": 1, "ratio": 0, "pending": 0}
    assert told.groups("agent")[KIM]["first_response"]["n"] == 1


def test_the_call_over_lunch(told: House) -> None:
    call = told.groups("day")["2026-03-05"]
    assert call["first_response"]["median_seconds"] == 40
    assert call["first_response"]["business"]["median_seconds"] == 30
    assert call["service_level"] == {"numerator": 0, "denominator": 1, "ratio": 0}
    assert call["abandonment"] == {"numerator": 0, "denominator": 1, "ratio": 0}


def test_whoever_leaves_at_once_is_left_out_and_waits(told: House) -> None:
    first = told.groups("day")["2026-03-02"]
    assert first["service_level"] is None
    assert first["abandonment"] is None
    assert first["waiting"]["n"] == 1
    # Of the chat and of the two calls only the chat was answered in time.
    assert told.figures()["first_response_within_target"] == {
        "numerator": 1,
        "denominator": 3,
        "ratio": pytest.approx(1 / 3),
    }


def test_the_fortnight(told: House) -> None:
    whole = told.figures(now="2026-04-01T00:00:00+09:00")
    assert whole["fcr"] == {"numerator": 1, "denominator": 2, "ratio": 0.5, "pending": 0}
    assert whole["channel_switch_dropout"] == {"numerator": 0, "denominator": 1, "ratio": 0, "pending": 0}


def test_a_call_back_that_resolves_ends_the_wait(told: House, story: Story) -> None:
    more = Story(CALL)
    more.resolve("15:00:00", "k2", agent=LEE)
    told.tell([{**event, "id": "back"} for event in more.events])
    assert told.figures()["waiting"] == {"n": 0, "oldest_seconds": None}
