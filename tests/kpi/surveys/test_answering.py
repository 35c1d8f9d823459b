"""The customer's page: a look changes nothing, one answer each, changeable, friendly where it cannot be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from customers.models import Event
from kpi.models import Survey, SurveyAnswer, SurveyOptOut
from kpi.surveys.links import ANSWER, POINT, key_of, new_key, token_of
from tests.cast import Cast
from tests.kpi.surveys.shops import Provider, ask_after, buys, connect, resolved, work

MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONGEST_PAGE = 30 * 1024


@pytest.fixture
def survey(cast: Cast, provider: Provider) -> Survey:
    connect(cast, provider, at=MORNING - DAY)
    ask_after(cast, "resolved", at=MORNING - HOUR)
    resolved(cast, at=MORNING)
    work(cast, MORNING + HOUR)
    return Survey.objects.get()


def address(survey: Survey, name: str = "kpi:survey") -> str:
    return reverse(name, args=[token_of(survey.key, ANSWER)])


def page(survey: Survey, *, after: timedelta = 2 * HOUR, name: str = "kpi:survey", **posted: Any) -> Any:
    """Opens it without cookies, or posts; follows to what is shown then."""
    client = Client(enforce_csrf_checks=True)
    with time_machine.travel(MORNING + after, tick=False):
        if not posted:
            return client.get(address(survey, name))
        return client.post(address(survey, name), posted, follow=True)


def told(cast: Cast) -> list[tuple[str, Any, str]]:
    events = Event.objects.filter(organization=cast.organization, type__startswith="survey.").order_by("time", "rank")
    return [(event.type, event.data.get("score"), event.text) for event in events]


def test_a_look_answers_nothing(survey: Survey, cast: Cast):
    client = Client()
    with time_machine.travel(MORNING + 2 * HOUR, tick=False):
        for query in ("", "?score=1", "?lang=en"):
            assert client.get(address(survey) + query).status_code == 200
            assert client.head(address(survey) + query).status_code == 200
        assert b'value="4" required checked' in client.get(address(survey) + "?score=4").content
    assert told(cast) == [("survey.sent", None, "")]


def test_one_answer_that_can_be_changed_for_fourteen_days(survey: Survey, cast: Cast):
    shown = page(survey, score=4, comment="친절해요\n\n 고마워요 ")
    assert (shown.status_code, shown.redirect_chain[0][1]) == (200, 303)
    assert "고맙습니다" in shown.content.decode()
    again = page(survey)
    assert "이미 4점으로 답해 주셨습니다" in again.content.decode()
    page(survey, score=4, comment="친절해요\n\n고마워요")
    page(survey, after=13 * DAY, score=2, comment="다시 고장났어요")
    late = page(survey, after=14 * DAY + 2 * HOUR, score=5)
    assert late.status_code == 410
    assert told(cast) == [
        ("survey.sent", None, ""),
        ("survey.answered", 4, "친절해요\n\n고마워요"),
        ("survey.changed", 2, "다시 고장났어요"),
    ]
    work(cast, MORNING + 14 * DAY)
    answer = SurveyAnswer.objects.get()
    assert (answer.score, answer.comment, answer.answered_at) == (2, "다시 고장났어요", MORNING + 2 * HOUR)
    assert (answer.agent_email, answer.changed_at) == (cast.agent.email, MORNING + 13 * DAY)
    assert Event.objects.get(type="survey.answered").thread == survey.thread


@pytest.mark.parametrize(
    "posted", [{"score": "6"}, {"score": "0"}, {"score": "-1"}, {"score": "²"}, {"score": ""}, {"comment": "x"}]
)
def test_a_score_that_is_none_is_refused_and_nothing_typed_is_lost(survey: Survey, cast: Cast, posted: dict[str, str]):
    shown = page(survey, **{"comment": "길게 썼어요", **posted})
    assert shown.status_code == 422
    assert "1점부터 5점까지" in shown.content.decode()
    assert posted.get("comment", "길게 썼어요") in shown.content.decode()
    assert len(told(cast)) == 1


def test_too_long_a_comment_is_refused_and_kept(survey: Survey):
    shown = page(survey, score=5, comment="가" * 1001)
    assert shown.status_code == 422
    assert "가" * 1001 in shown.content.decode()


def test_it_is_over_after_fourteen_days(survey: Survey, cast: Cast):
    for shown in (page(survey, after=15 * DAY), page(survey, after=15 * DAY, score=5)):
        assert shown.status_code == 410
        assert "설문이 끝났습니다" in shown.content.decode()
    assert len(told(cast)) == 1


@pytest.mark.django_db
def test_a_forged_link_leads_nowhere_kindly():
    client = Client()
    key = new_key()
    good = token_of(key, ANSWER)
    wrong = good[:-1] + ("A" if good[-1] != "A" else "B")
    for token in (wrong, token_of(key, POINT), key, "x" * 23, "가" * 23, good):
        for path in (f"/s/{token}/", f"/s/{token}/stop/", f"/s/q/{token}/", f"/s/t/{token}/"):
            for shown in (client.get(path), client.post(path, {"score": 5})):
                assert shown.status_code == 404
                assert "잘못된 링크입니다" in shown.content.decode()
    assert (key_of(good, ANSWER), key_of(good, POINT), key_of(wrong, ANSWER)) == (key, None, None)


def test_a_link_outlives_a_change_of_the_secret(survey: Survey, settings: Any):
    path = address(survey)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    with time_machine.travel(MORNING + 2 * HOUR, tick=False):
        assert Client().get(path).status_code == 200


def test_the_page_is_small_and_needs_no_script(survey: Survey):
    client = Client()
    with time_machine.travel(MORNING + 2 * HOUR, tick=False):
        shown = client.get(address(survey))
    text = shown.content.decode()
    assert "<script" not in text
    assert "style=" not in text
    sheet = client.get("/static/survey/survey.css")
    assert len(shown.content) + len(b"".join(sheet.streaming_content)) < LONGEST_PAGE
    assert shown["Cache-Control"].startswith("max-age=0")
    assert not shown.cookies
    with time_machine.travel(MORNING + 2 * HOUR, tick=False):
        english = client.get(address(survey) + "?lang=en").content.decode()
    assert "How satisfied are you with 하늘상회?" in english


def test_who_wants_no_more_is_heard_at_once(survey: Survey, cast: Cast, provider: Provider):
    asked = page(survey, name="kpi:survey_stop")
    assert (asked.status_code, SurveyOptOut.objects.count()) == (200, 0)
    shown = page(survey, name="kpi:survey_stop", **{"List-Unsubscribe": "One-Click"})
    assert "이제 설문을 보내지 않습니다" in shown.content.decode()
    page(survey, name="kpi:survey_stop", **{"List-Unsubscribe": "One-Click"})
    assert [kind for kind, _, _ in told(cast)].count("survey.opted_out") == 1
    event = Event.objects.get(type="survey.opted_out")
    assert (event.source, event.customer_id) == ("/hub", survey.customer_id)
    resolved(cast, at=MORNING + 20 * DAY)
    work(cast, MORNING + 20 * DAY + HOUR)
    assert len(provider.posts) == 1
    page(survey, after=3 * HOUR, name="kpi:survey_stop", again="1")
    assert (told(cast)[-1][0], SurveyOptOut.objects.count()) == ("survey.opted_in", 0)


def test_haste_is_slowed_down(survey: Survey, cast: Cast):
    cache.clear()
    client = Client()
    with time_machine.travel(MORNING + 2 * HOUR, tick=False):
        statuses = [client.post(address(survey), {"score": 5}).status_code for _ in range(60)]
    assert statuses[:20] == [303] * 20
    assert 429 in statuses
    assert len(told(cast)) == 2


def test_an_answer_that_is_quicker_than_our_books(survey: Survey, cast: Cast):
    """She answers before any round has told that it was sent."""
    Event.objects.filter(type="survey.sent").delete()
    Survey.objects.update(state="handed", sent_at=None)
    page(survey, score=5)
    work(cast, MORNING + 3 * HOUR)
    assert [kind for kind, _, _ in told(cast)] == ["survey.sent", "survey.answered"]


def test_a_recommendation_belongs_to_the_customer(cast: Cast, provider: Provider):
    connect(cast, provider, at=MORNING - DAY)
    ask_after(cast, "purchase", at=MORNING - HOUR)
    buys(cast, at=MORNING)
    work(cast, MORNING + 3 * DAY)
    survey = Survey.objects.get()
    shown = page(survey, after=3 * DAY + HOUR)
    assert shown.content.decode().count('type="radio"') == 11
    page(survey, after=3 * DAY + HOUR, score=0, comment="")
    work(cast, MORNING + 3 * DAY + 2 * HOUR)
    answer = SurveyAnswer.objects.get()
    assert (answer.kind, answer.score, answer.thread, answer.customer_id) == ("nps", 0, "", survey.customer_id)
