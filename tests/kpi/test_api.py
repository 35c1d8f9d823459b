"""`GET /api/v1/kpi/`: who may ask, what is asked, and what is said of a question that has no answer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils.timezone import now

from channels_app.api.actions import create_api_key
from kpi import api
from kpi.queries.behind import in_order, tickets_behind
from kpi.queries.figures import ask
from kpi.queries.fresh import fresh_as_of
from kpi.queries.question import BadQuestion, Period, Question
from tests.cast import SETUP
from tests.kpi.histories import USUAL, House, Story, make_house

A, B = "010-2000-0001", "010-2000-0002"
MONTH = {"from": "2026-03-01", "to": "2026-04-01"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-04-01", "to": "2026-03-01"}, "to"),
        ({"from": "2026-03-01", "to": "2026-03-01"}, "to"),
        ({"from": "2006-03-01", "to": "2026-03-01"}, "to"),
        ({"from": "0001-01-01", "to": "0001-01-02"}, "from"),
        ({"from": "9999-12-30", "to": "9999-12-31"}, "to"),
        ({"to": "2026-03-01"}, "from"),
        ({"from": "2026-03-01"}, "to"),
        ({"from": "2026-02-30", "to": "2026-03-01"}, "from"),
        ({"from": "2026-03-01T01:00:00+09:00", "to": "2026-03-02"}, "from"),
        ({**MONTH, "by": "planet"}, "by"),
        ({**MONTH, "channel": "pigeon"}, "channel"),
        ({**MONTH, "center": "nowhere"}, "center"),
        ({**MONTH, "store": "nowhere"}, "store"),
        ({**MONTH, "now": "yesterday"}, "now"),
        ({**MONTH, "now": "0001-01-01T00:00:00+09:00"}, "now"),
        ({**MONTH, "previous": "maybe"}, "previous"),
    ],
)
def test_what_is_not_understood_is_named_in_both_languages(house: House, query: dict[str, str], field: str) -> None:
    korean, english = (house.get(language=language, **query) for language in ("ko", "en"))
    assert korean.status_code == english.status_code == 400
    assert korean["content-type"] == "application/problem+json"
    told = korean.json()
    assert (told["type"], told["field"]) == ("/problems/invalid-query", field)
    assert told["expected"] != english.json()["expected"]
    assert any("가" <= letter <= "힣" for letter in told["expected"])


def test_nothing_counted_is_null_and_counts_are_zero(house: House) -> None:
    told = house.ask(**MONTH)
    (group,) = told["groups"]
    assert group["key"] is None
    assert group["waiting"] == {"n": 0, "oldest_seconds": None}
    assert group["volume"]["tickets"] == {"n": 0, "customers": 0}
    rest = {name: value for name, value in group.items() if name not in ("key", "waiting", "volume")}
    assert set(rest.values()) == {None}
    assert house.ask(**MONTH, by="agent")["groups"] == []


def test_every_day_week_and_month_is_given(house: House) -> None:
    assert len(house.ask(**MONTH, by="day")["groups"]) == 31
    weeks = [group["key"] for group in house.ask(**MONTH, by="week")["groups"]]
    assert weeks == ["2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]
    assert [group["key"] for group in house.ask(**MONTH, by="month")["groups"]] == ["2026-03"]


def test_the_period_before_is_as_long(house: House, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1", "2026-02-27", phone=A)
    house.tell(story.events)
    told = house.ask(**{"from": "2026-03-01", "to": "2026-03-08", "previous": "1"})
    assert told["previous"]["from"] == "2026-02-22T00:00:00+09:00"
    assert told["previous"]["to"] == told["from"]
    assert told["previous"]["groups"][0]["volume"]["tickets"]["n"] == 1
    assert "previous" not in house.ask(**MONTH)


def test_the_answers_own_ends_may_be_asked_again(house: House) -> None:
    told = house.ask(**MONTH)
    again = house.ask(**{"from": told["from"], "to": told["to"], "now": told["now"].replace("+", " ")})
    assert (again["from"], again["to"], again["now"]) == (told["from"], told["to"], told["now"])


def test_a_key_needs_the_scope_and_sees_its_own_organization(house: House, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1", phone=A)
    house.tell(story.events)
    other = make_house(USUAL)
    assert other.figures()["volume"]["tickets"]["n"] == 0
    _, secret = create_api_key(
        house.organization, name="till", scopes=["events:write"], sources=["/seoul"], by=SETUP, at=now()
    )
    house.headers = {"authorization": f"Bearer {secret}"}
    assert house.get(**MONTH).status_code == 403
    house.headers = {}
    assert house.get(**MONTH).status_code == 401


def test_figures_that_are_behind_say_so(house: House, monkeypatch: pytest.MonkeyPatch, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1", phone=A)
    house.tell(story.events)
    monkeypatch.setattr(api, "CATCH_UP_SECONDS", -1.0)
    answer = house.get(**MONTH)
    assert (answer.status_code, answer["retry-after"]) == (503, "10")
    assert answer.json()["type"] == "/problems/figures-behind"


def test_a_long_period_is_the_sum_of_its_parts(house: House, story: Story) -> None:
    for number, month in enumerate(("2025-03", "2025-07", "2025-11", "2026-02")):
        story.chat("customer", "10:00:00", f"c{number}", f"{month}-03", phone=A)
        story.chat("agent", f"10:0{number + 1}:00", f"c{number}", f"{month}-03")
        story.resolve("11:00:00", f"c{number}", f"{month}-03", topic=f"t{number}")
    house.tell(story.events)
    year = {"from": "2025-03-01", "to": "2026-03-01"}
    (group,) = house.ask(**year)["groups"]
    assert (group["first_response"]["n"], group["first_response"]["median_seconds"]) == (4, 150)
    assert group["volume"]["tickets"] == {"n": 4, "customers": 1}
    topics = house.ask(**year, by="topic")["groups"]
    assert [one["first_response"]["median_seconds"] for one in topics] == [60, 120, 180, 240]
    assert sum(one["fcr"]["denominator"] for one in house.ask(**year, by="month")["groups"] if one["fcr"]) == 4


def test_the_tickets_behind_a_number_are_as_many_as_it_says(house: House, story: Story) -> None:
    for number, (phone, answered) in enumerate(((A, "10:00:10"), (B, "11:00:50"), (A, "14:01:30"))):
        story.chat("customer", f"{answered[:2]}:00:00", f"c{number}", phone=phone)
        story.chat("agent", answered, f"c{number}")
        story.resolve(f"{answered[:2]}:30:00", f"c{number}", topic="refund")
    story("survey.answered", "15:00:00", survey="csat", score=5, phone=A)
    house.tell(story.events)
    told = house.groups("topic")["refund"]
    question = _question(house, by="topic")
    for figure, part, n in (
        ("fcr", "numerator", told["fcr"]["numerator"]),
        ("fcr", "missed", told["fcr"]["denominator"] - told["fcr"]["numerator"]),
        ("first_response_within_target", "missed", 1),
        ("first_response", "n", 3),
        ("resolution_first", "n", 3),
        ("return_rate", "denominator", told["return_rate"]["denominator"]),
        ("volume", "messages_in", 3),
    ):
        behind = tickets_behind(house.organization, question, figure, part, key="refund")
        assert (figure, part, behind.facts) == (figure, part, n)
        assert len(in_order(house.organization, behind)) == n
    (missed,) = in_order(
        house.organization,
        tickets_behind(house.organization, question, "first_response_within_target", "missed", key="refund"),
    )
    assert missed.thread == "c2"
    without = tickets_behind(house.organization, question, "csat", "numerator", key=None)
    assert (without.facts, without.without_ticket, without.ticket_ids) == (1, 1, [])
    for figure, part in (("weather", "n"), ("fcr", "promoters")):
        with pytest.raises(BadQuestion):
            tickets_behind(house.organization, question, figure, part)


def _question(house: House, **more: Any) -> Question:
    return Question(Period(date(2026, 3, 1), date(2026, 4, 1)), datetime(2026, 4, 25, tzinfo=UTC), **more)


def test_the_tickets_behind_a_number_of_the_past_are_those_of_then(house: House, story: Story) -> None:
    story.chat("customer", "10:00:00", "c1", phone=A)
    story.resolve("10:30:00", "c1", topic="refund")
    house.tell(story.events)
    house.figures()
    then = Question(_question(house).period, datetime(2026, 3, 2, 1, 10, tzinfo=UTC))
    waiting = tickets_behind(house.organization, then, "waiting", "n")
    assert [ticket.thread for ticket in in_order(house.organization, waiting)] == ["c1"]
    assert tickets_behind(house.organization, _question(house), "waiting", "n").facts == 0


def test_several_questions_read_a_period_once(house: House, django_assert_max_num_queries: Any) -> None:
    question = _question(house)
    asked = ask(house.organization, question.period, question.now)
    assert asked.groups()[0]["fcr"] is None
    with django_assert_max_num_queries(0):
        assert len(asked.groups(by="day", figures=("fcr",))) == 31


def test_figures_are_fresh_when_nothing_is_left_to_work_out(house: House, story: Story) -> None:
    at = now()
    assert fresh_as_of(house.organization, at) == at
    story.chat("customer", "10:00:00", "c1", phone=A)
    house.tell(story.events)
    later = now()
    assert fresh_as_of(house.organization, later) < later
    house.figures()
    assert fresh_as_of(house.organization, later) == later
