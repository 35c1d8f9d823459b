"""At the counter: a code for a store, a till, a person; a tablet with faces; one answer for each press."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now

from customers.models import Event
from kpi.actions.surveys_following import follow_answers
from kpi.actions.surveys_low import open_follow_ups
from kpi.actions.surveys_settings import make_point, switch_point
from kpi.models import Survey, SurveyAnswer, SurveyPoint
from kpi.surveys import qr
from kpi.surveys.links import POINT, token_of
from tests.cast import SETUP, Cast
from tickets.models import Ticket


@pytest.fixture
def place(cast: Cast) -> SurveyPoint:
    cache.clear()
    follow_answers(cast.organization, at=now())
    return make_point(
        cast.organization, store=cast.gangnam, label="1번 계산대", person=cast.store_staff, by=SETUP, at=now()
    )


def path(place: SurveyPoint, what: str) -> str:
    return f"/s/{what}/{token_of(place.key, POINT)}/"


def nonce_on(page: Any) -> str:
    found = re.search(r'name="nonce" value="(\w+)"', page.content.decode())
    assert found
    return found[1]


def test_a_code_is_answered_where_she_stands(place: SurveyPoint, cast: Cast):
    client = Client(enforce_csrf_checks=True)
    page = client.get(path(place, "q"))
    assert "강남점 · 1번 계산대" in page.content.decode()
    assert not Survey.objects.exists()
    posted = {"nonce": nonce_on(page), "score": 5, "comment": "빨라요"}
    shown = client.post(path(place, "q"), posted, follow=True)
    assert shown.status_code == 200
    assert "답변 바꾸기" in shown.content.decode()
    client.post(path(place, "q"), posted)
    changed = client.post(shown.redirect_chain[0][0], {"score": 4, "comment": "빨라요"}, follow=True)
    assert changed.status_code == 200
    follow_answers(cast.organization, at=now())
    answer = SurveyAnswer.objects.get()
    assert (answer.score, answer.comment, answer.store, answer.center) == (4, "빨라요", cast.gangnam, cast.seoul)
    assert (answer.agent_email, answer.customer) == (cast.store_staff.email, None)
    kinds = list(
        Event.objects.filter(type__startswith="survey.").order_by("time", "rank").values_list("type", flat=True)
    )
    assert kinds == ["survey.sent", "survey.answered", "survey.changed"]
    assert set(Event.objects.filter(type__in=kinds).values_list("store", flat=True)) == {cast.gangnam.pk}


def test_a_tablet_takes_one_press_and_then_the_next_customer(place: SurveyPoint, cast: Cast):
    client = Client(enforce_csrf_checks=True)
    for score in (5, 1, 3):
        page = client.get(path(place, "t"))
        assert page.content.decode().count('class="face"') == 5
        shown = client.post(path(place, "t"), {"nonce": nonce_on(page), "score": score}, follow=True)
        assert "고맙습니다" in shown.content.decode()
        assert shown["Refresh"].startswith("5; url=/s/t/")
    follow_answers(cast.organization, at=now())
    assert sorted(SurveyAnswer.objects.values_list("score", flat=True)) == [1, 3, 5]
    # Nobody could be asked what was wrong, and nothing was said.
    assert open_follow_ups(cast.organization, at=now()) == 0


def test_what_a_stranger_says_is_looked_after(place: SurveyPoint, cast: Cast):
    client = Client()
    client.post(path(place, "q"), {"nonce": uuid4().hex, "score": 1, "comment": "직원이 불친절해요"})
    follow_answers(cast.organization, at=now())
    assert open_follow_ups(cast.organization, at=now()) == 1
    ticket = Ticket.objects.get()
    assert (ticket.center, ticket.agent_email, ticket.customer) == (cast.seoul, cast.lead.email, None)
    assert "직원이 불친절해요" in ticket.last_text


@pytest.mark.parametrize("posted", [{"score": 6}, {}, {"score": 5, "nonce": ""}, {"score": 5, "nonce": "x"}])
def test_what_is_no_answer_is_refused(place: SurveyPoint, posted: dict[str, Any]):
    client = Client()
    for what in ("q", "t"):
        shown = client.post(path(place, what), {"nonce": uuid4().hex, **posted})
        assert shown.status_code == 422
    assert not Event.objects.filter(type="survey.answered").exists()


def test_a_code_that_was_switched_off_says_so(place: SurveyPoint):
    switch_point(place, is_active=False, by=SETUP, at=now())
    for what in ("q", "t"):
        assert Client().get(path(place, what)).status_code == 410
        assert Client().post(path(place, what), {"nonce": uuid4().hex, "score": 5}).status_code == 410
    assert not Survey.objects.exists()


def test_the_owner_makes_and_prints_it(cast: Cast, client: Client):
    client.force_login(cast.owner, backend="accounts.backends.PersonBackend")
    assert "아직 코드가 없습니다" in client.get("/settings/surveys/codes/").content.decode()
    wanted = {"store": str(cast.gangnam.public_id), "label": "입구"}
    card = client.post("/settings/surveys/codes/", wanted, follow=True)
    assert "강남점 · 입구" in card.content.decode()
    again = client.post("/settings/surveys/codes/", wanted)
    assert (again.status_code, SurveyPoint.objects.count()) == (422, 1)
    place = SurveyPoint.objects.get()
    svg = client.get(f"/settings/surveys/codes/{place.public_id}/qr.svg")
    png = client.get(f"/settings/surveys/codes/{place.public_id}/qr.png")
    assert svg.content.startswith(b"<?xml")
    assert png.content.startswith(b"\x89PNG")
    assert qr.point_url(place.key).endswith(path(place, "q"))
    client.post(f"/settings/surveys/codes/{place.public_id}/switch/", {})
    assert not SurveyPoint.objects.get().is_active
