"""Satisfaction at the end: asked once, one answer that can be changed, whoever asks and however often; not while she is still talking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from channels_app.hub.actions import assign_ticket, reply_to_ticket, resolve_ticket
from channels_app.models import RepeatedEvent
from channels_app.models.widget import WidgetSettings
from channels_app.widget import queries, ratings, survey_actions
from channels_app.widget.settings_actions import WidgetContent, update_widget
from customers.models import Event
from kpi.actions.surveys_following import follow_answers
from kpi.models import SurveyAnswer
from tests.cast import SETUP, Cast
from tests.channels_app.widget.visitors import SHOP, Tab, Visitor, visitor_of
from tests.hubs import Hub
from tickets.models import Ticket


def resolved(visitor: Visitor, cast: Cast, *, ago: timedelta = timedelta()) -> Ticket:
    visitor.say("소매가 터졌어요")
    ticket = Ticket.objects.get()
    assign_ticket(ticket, cast.agent, by=cast.agent, at=timezone.now())
    reply_to_ticket(ticket, "교환해 드릴게요", by=cast.agent, at=timezone.now())
    resolve_ticket(ticket, topic="", by=cast.agent, at=timezone.now())
    if ago:
        Ticket.objects.update(resolved_at=timezone.now() - ago)
    return Ticket.objects.get()


def state(visitor: Visitor) -> dict[str, Any]:
    told: dict[str, Any] = visitor.post("fetch", visitor.credentials).json()["state"]
    return told


def rate(visitor: Visitor, ticket: Ticket, score: int | None = None, **more: Any) -> Any:
    body = {**visitor.credentials, "ticket": str(ticket.public_id), **more}
    return visitor.post("survey", {**body, **({} if score is None else {"score": score})})


def surveys() -> list[tuple[str, Any]]:
    events = Event.objects.filter(type__startswith="survey.").order_by("thread_seq")
    return [(event.type, event.data.get("score")) for event in events]


def test_asked_and_answered_once(visitor: Visitor, cast: Cast):
    visitor.say("안녕하세요")
    assert state(visitor)["survey"] == ""
    ticket = resolved(visitor, cast)
    assert (state(visitor)["survey"], state(visitor)["score"]) == (ticket.public_id.hex, 0)
    assert surveys() == []
    for _ in range(2):
        assert rate(visitor, ticket).status_code == 200
    assert surveys() == [("survey.sent", None)]
    answered = rate(visitor, ticket, 5, comment="친절해요\n정말")
    assert (answered.json()["state"]["survey"], answered.json()["state"]["score"]) == ("", 5)
    again = rate(visitor, ticket, 5, comment="친절해요 정말")
    assert (again.status_code, again.json()["state"]["score"]) == (200, 5)
    assert surveys() == [("survey.sent", None), ("survey.answered", 5)]
    sent, answer = Event.objects.filter(type__startswith="survey.").order_by("thread_seq")
    assert (sent.source, sent.agent_email, sent.thread, sent.data["survey"]) == (
        *("/hub", cast.agent.email, visitor.thread),
        "csat",
    )
    assert (answer.text, answer.customer_id) == ("친절해요 정말", sent.customer_id)
    assert not RepeatedEvent.objects.exists()
    ticket.refresh_from_db()
    assert ticket.status == Ticket.Status.RESOLVED
    assert ticket.center == cast.seoul


def test_an_answer_brings_its_question_along(visitor: Visitor, cast: Cast):
    ticket = resolved(visitor, cast)
    rate(visitor, ticket, 4)
    assert surveys() == [("survey.sent", None), ("survey.answered", 4)]


def test_writing_on_withdraws_it_and_the_next_end_asks_again_without_counting_twice(visitor: Visitor, cast: Cast):
    ticket = resolved(visitor, cast)
    rate(visitor, ticket)
    visitor.say("아직 안 왔어요")
    assert state(visitor)["survey"] == ""
    refused = rate(visitor, ticket, 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "survey_over")
    resolve_ticket(Ticket.objects.get(), topic="", by=cast.agent, at=timezone.now())
    assert state(visitor)["survey"] == ticket.public_id.hex
    rate(visitor, ticket)
    rate(visitor, ticket, 3)
    assert surveys() == [("survey.sent", None), ("survey.answered", 3)]
    # Rated already: its third end asks nothing more.
    visitor.say("고마워요")
    resolve_ticket(Ticket.objects.get(), topic="", by=cast.agent, at=timezone.now())
    assert (state(visitor)["survey"], state(visitor)["score"]) == ("", 3)


def test_two_tabs_at_the_same_instant_are_one_answer(visitor: Visitor, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    ticket = resolved(visitor, cast)
    # As if neither saw the other's: what stops the second is the events' own uniqueness.
    monkeypatch.setattr(queries, "is_stored", lambda *_: False)
    assert [rate(visitor, ticket).status_code for _ in range(2)] == [200, 200]
    with monkeypatch.context() as blind:
        blind.setattr(ratings, "rating_of", lambda *_: None)
        blind.setattr(queries, "rating_of", lambda *_: None)
        assert [rate(visitor, ticket, score).status_code for score in (5, 1)] == [200, 200]
    assert surveys() == [("survey.sent", None), ("survey.answered", 5)]


def test_she_changes_her_mind_and_it_stays_one_answer(visitor: Visitor, cast: Cast):
    ticket = resolved(visitor, cast)
    rate(visitor, ticket, 2, comment="늦어요")
    told = state(visitor)
    assert (told["score"], told["comment"], told["rated"], told["survey"]) == (2, "늦어요", ticket.public_id.hex, "")
    for score, comment in ((4, ""), (4, ""), (5, "해결됐어요")):
        assert rate(visitor, ticket, score, comment=comment).status_code == 200
    assert surveys() == [
        ("survey.sent", None),
        ("survey.answered", 2),
        ("survey.changed", 4),
        ("survey.changed", 5),
    ]
    assert (state(visitor)["score"], state(visitor)["comment"]) == (5, "해결됐어요")
    first, last = Event.objects.get(type="survey.answered"), Event.objects.filter(type="survey.changed").last()
    assert last is not None
    assert last.data["answer"] == first.event_id
    follow_answers(cast.organization, at=timezone.now())
    answer = SurveyAnswer.objects.get()
    assert (answer.score, answer.comment, answer.answered_at) == (5, "해결됐어요", first.time)


def test_after_fourteen_days_it_stands(visitor: Visitor, cast: Cast):
    ticket = resolved(visitor, cast)
    rate(visitor, ticket, 2)
    Event.objects.filter(type="survey.answered").update(time=timezone.now() - timedelta(days=14))
    assert (state(visitor)["score"], state(visitor)["rated"]) == (2, "")
    refused = rate(visitor, ticket, 5)
    assert (refused.status_code, refused.json()["code"]) == (409, "survey_over")
    assert surveys()[-1] == ("survey.answered", 2)


def test_who_changes_it_too_often_is_told(visitor: Visitor, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(survey_actions, "_spend", lambda _conversation: None)
    ticket = resolved(visitor, cast)
    statuses = [rate(visitor, ticket, 1 + number % 5).status_code for number in range(23)]
    assert statuses == [200] * 21 + [409] * 2
    assert state(visitor)["rated"] == ""


def test_it_expires(visitor: Visitor, cast: Cast):
    ticket = resolved(visitor, cast, ago=timedelta(days=7))
    assert state(visitor)["survey"] == ""
    assert rate(visitor, ticket, 5).status_code == 409
    assert surveys() == []


def test_switched_off_nothing_is_asked(visitor: Visitor, cast: Cast):
    WidgetSettings.objects.update(asks_satisfaction=False)
    ticket = resolved(visitor, cast)
    assert state(visitor)["survey"] == ""
    assert rate(visitor, ticket).json()["code"] == "survey_over"
    assert surveys() == []


@pytest.mark.parametrize(
    ("more", "status"),
    [({"score": 0}, 400), ({"score": 6}, 400), ({"score": 2.5}, 400), ({"score": 5, "comment": "가" * 1001}, 413)],
)
def test_what_is_no_answer_is_told(visitor: Visitor, cast: Cast, more: dict[str, Any], status: int):
    ticket = resolved(visitor, cast)
    response = visitor.post("survey", {**visitor.credentials, "ticket": str(ticket.public_id), **more})
    assert response.status_code == status
    assert surveys() == []


def test_only_her_own_conversation(visitor: Visitor, cast: Cast):
    ticket = resolved(visitor, cast)
    stranger = Visitor(visitor.widget)
    stranger.open()
    assert rate(stranger, ticket, 1).json()["code"] == "survey_over"
    assert rate(visitor, Ticket(public_id=uuid4()), 1).json()["code"] == "survey_over"
    stranger.secret = "guessed"
    assert rate(stranger, ticket, 1).status_code == 403
    assert surveys() == []


def test_a_widget_that_moved_asks_no_second_time(visitor: Visitor, cast: Cast):
    ticket = resolved(visitor, cast)
    rate(visitor, ticket)
    content = WidgetContent(name=visitor.widget.name, allowed_origins=[SHOP])
    update_widget(visitor.widget, center=cast.busan, content=content, by=SETUP, at=timezone.now())
    rate(visitor, ticket)
    rate(visitor, ticket, 2)
    assert surveys() == [("survey.sent", None), ("survey.answered", 2)]


def test_two_tabs_see_the_question_come_and_go(live_hub: Hub, widget: WidgetSettings, cast: Cast):
    visitor = visitor_of(live_hub, widget)
    tabs = [Tab(live_hub, visitor).hello() for _ in range(2)]
    ticket = resolved(visitor, cast)
    for tab in tabs:
        tab.until(lambda _frame, tab=tab: tab.state.get("survey") == ticket.public_id.hex)
    rate(visitor, ticket, 4)
    for tab in tabs:
        tab.until(lambda _frame, tab=tab: tab.state.get("score") == 4)
        assert tab.state["survey"] == ""
        tab.close()
