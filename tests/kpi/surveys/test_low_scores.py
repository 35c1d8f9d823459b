"""Closing the loop: a low answer becomes a ticket for the lead or a promise in the one that is open; its outcome counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from customers.models import Event, Promise
from kpi.actions.surveys_following import follow_answers
from kpi.actions.surveys_low import open_follow_ups
from kpi.models import SurveyAnswer, SurveyOptOut, SurveySettings
from tests.cast import Cast
from tests.kpi.surveys.shops import happens, resolved
from tickets.models import Ticket

BACKEND = "accounts.backends.PersonBackend"


@pytest.fixture
def shop(cast: Cast) -> Cast:
    SurveySettings.objects.create(organization=cast.organization, follows_since=now() - timedelta(days=2))
    return cast


def rated(
    cast: Cast, ticket: Ticket, score: int, *, kind: str = "csat", comment: str = "답이 늦어요", **more: object
) -> SurveyAnswer:
    told = {"thread": ticket.thread, "survey": kind}
    happens(cast, "survey.sent", at=now(), agent=cast.agent.email, **told)
    happens(cast, "survey.answered", at=now(), score=score, comment=comment, **told, **more)
    follow(cast)
    return SurveyAnswer.objects.select_related("event", "organization").latest("pk")


def follow(cast: Cast) -> int:
    follow_answers(cast.organization, at=now())
    return open_follow_ups(cast.organization, at=now())


def follow_ups() -> list[Ticket]:
    return list(Ticket.objects.filter(channel="ticket"))


def test_a_low_answer_opens_one_ticket_for_the_lead_beside_the_history(shop: Cast):
    ticket = resolved(shop, at=now() - timedelta(hours=1))
    answer = rated(shop, ticket, 2)
    for _ in range(3):
        follow(shop)
    (opened,) = follow_ups()
    assert (opened.agent_email, opened.center, opened.customer) == (shop.lead.email, shop.seoul, ticket.customer)
    assert (opened.priority, opened.waiting_since, opened.opened_by) == ("high", None, "agent")
    assert "답이 늦어요" in opened.last_text
    assert ticket.thread in opened.links
    answer.refresh_from_db()
    ticket.refresh_from_db()
    assert (answer.follow_thread, ticket.status, opened.thread in ticket.links) == (opened.thread, "resolved", True)


@pytest.mark.parametrize(
    ("kind", "score", "is_low"),
    [("csat", 2, True), ("csat", 3, False), ("nps", 6, True), ("nps", 7, False), ("ces", 2, True), ("ces", 3, False)],
)
def test_what_is_low(shop: Cast, kind: str, score: int, is_low: bool):
    answer = rated(shop, resolved(shop, at=now() - timedelta(hours=1)), score, kind=kind)
    assert (answer.is_low, len(follow_ups())) == (is_low, int(is_low))


def test_where_a_ticket_is_open_it_becomes_a_promise_there(shop: Cast):
    ticket = resolved(shop, at=now() - timedelta(hours=1))
    happens(shop, "ticket.reopened", at=now() - timedelta(minutes=30), thread=ticket.thread)
    answer = rated(shop, ticket, 1)
    for _ in range(2):
        follow(shop)
    promise = Promise.objects.get()
    assert (follow_ups(), promise.thread, promise.owner_email) == ([], ticket.thread, shop.agent.email)
    assert promise.due_at is not None
    client = Client()
    client.force_login(shop.lead, backend=BACKEND)
    client.post(f"/surveys/{answer.public_id}/", {"outcome": "solved", "text": "교환해 드림"})
    promise.refresh_from_db()
    answer.refresh_from_db()
    assert (promise.status, answer.outcome, answer.outcome_by) == ("kept", "solved", shop.lead.email)


def test_what_came_of_it_is_told_as_an_event_and_settles_the_ticket(shop: Cast):
    answer = rated(shop, resolved(shop, at=now() - timedelta(hours=1)), 1)
    client = Client()
    client.force_login(shop.lead, backend=BACKEND)
    listed = client.get("/surveys/").content.decode()
    assert "살필 답변" in listed
    assert "답이 늦어요" in listed
    wrong = client.post(f"/surveys/{answer.public_id}/", {"outcome": "whatever", "text": "남는 말"})
    assert wrong.status_code == 422
    assert "남는 말" in wrong.content.decode()
    client.post(f"/surveys/{answer.public_id}/", {"outcome": "not_reached", "text": ""})
    assert follow_ups()[0].is_open
    client.post(f"/surveys/{answer.public_id}/", {"outcome": "called_back", "text": "사과드림"})
    (opened,) = follow_ups()
    answer.refresh_from_db()
    assert (opened.status, answer.outcome, answer.outcome_text) == ("resolved", "called_back", "사과드림")
    events = Event.objects.filter(type="survey.followed_up", source="/hub").order_by("time")
    assert [event.qualifier for event in events] == ["not_reached", "called_back"]
    assert "통화함 <strong" in client.get("/surveys/").content.decode()


def test_history_that_is_loaded_opens_nothing(shop: Cast):
    SurveySettings.objects.update(follows_since=now())
    ticket = resolved(shop, at=now() - timedelta(days=3))
    told = {"thread": ticket.thread, "survey": "csat"}
    happens(shop, "survey.answered", at=now() - timedelta(days=3), score=1, **told)
    assert (follow(shop), follow_ups(), SurveyAnswer.objects.count()) == (0, [], 1)


def test_a_worker_that_died_before_it_could_say_so_opens_none_again(shop: Cast):
    ticket = resolved(shop, at=now() - timedelta(hours=1))
    rated(shop, ticket, 1)
    SurveyAnswer.objects.update(follow_thread="")
    happens(shop, "ticket.reopened", at=now(), thread=ticket.thread)
    follow(shop)
    assert (len(follow_ups()), Promise.objects.count()) == (1, 0)
    assert SurveyAnswer.objects.get().follow_thread == follow_ups()[0].thread


def test_each_sees_her_own(shop: Cast):
    rated(shop, resolved(shop, at=now() - timedelta(hours=1)), 4, comment="김서연입니다 010-0123-4567")
    seen = {}
    for role, person in {**shop.people, "outsider": shop.outsider}.items():
        client = Client()
        client.force_login(person, backend=BACKEND)
        seen[role] = client.get("/surveys/").content.decode()
    for role in ("owner", "lead", "agent"):
        assert "김서연입니다 010-0123-4567" in seen[role], role
    assert "아직 답변이 없습니다" in seen["outsider"]
    assert "아직 답변이 없습니다" in seen["store_staff"]


def test_store_staff_see_their_stores_answers_masked(shop: Cast):
    at = now() - timedelta(hours=1)
    who = {"phone": "010-0123-4567", "name": "김서연"}
    happens(
        shop,
        "survey.answered",
        at=at,
        survey="csat",
        score=1,
        comment="김서연 010-0123-4567",
        store="gangnam",
        customer=who,
    )
    follow(shop)
    client = Client()
    client.force_login(shop.store_staff, backend=BACKEND)
    shown = client.get("/surveys/").content.decode()
    assert "김*연" in shown
    assert "0123-4567" not in shown
    assert "김서연" not in shown
    answer = SurveyAnswer.objects.get()
    assert 'name="outcome"' not in client.get(f"/surveys/{answer.public_id}/").content.decode()


def test_the_lead_finds_it_in_her_inbox_with_the_history_beside_it(shop: Cast):
    rated(shop, resolved(shop, at=now() - timedelta(hours=1)), 1)
    client = Client()
    client.force_login(shop.lead, backend=BACKEND)
    assert "자체 접수" in client.get("/inbox/").content.decode()
    page = client.get(f"/inbox/{follow_ups()[0].public_id}/").content.decode()
    for words in ("답이 늦어요", shop.agent.name, "고객이 쓴 것이 아니라 저희가 연 상담", "만족도 1점 (5점 만점)"):
        assert words in page
    assert shop.agent.email not in page


def test_who_says_so_on_the_telephone_is_asked_no_more(shop: Cast):
    answer = rated(shop, resolved(shop, at=now() - timedelta(hours=1)), 5)
    client = Client()
    client.force_login(shop.agent, backend=BACKEND)
    path = f"/surveys/{answer.public_id}/"
    for _ in range(2):
        page = client.post(path, {"wish": "stop"}, follow=True).content.decode()
    assert "설문 수신 거부" in page
    (event,) = Event.objects.filter(type="survey.opted_out")
    assert (event.agent_email, event.customer_id) == (shop.agent.email, answer.customer_id)
    client.post(path, {"wish": "again"})
    assert not SurveyOptOut.objects.exists()
