"""What people do with a ticket: success, refusal, repeat, and who may not."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Center, Person
from customers.models import Event
from tests.cast import Cast, make_center, make_organization, make_other_organization
from tests.tickets.conversations import FRAGMENT, chat, happens, logged_in, ring
from tickets.actions import set_topics
from tickets.models import Availability, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return chat(cast.organization, "a", ago=5)


def post(
    cast: Cast,
    ticket: Ticket,
    act: str,
    data: dict[str, str] | None = None,
    *,
    person: Person | None = None,
    headers: dict[str, str] | None = None,
) -> Any:
    return logged_in(person or cast.agent).post(f"/inbox/{ticket.public_id}/{act}/", data or {}, headers=headers)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_a_reply_answers_the_customer(cast: Cast, ticket: Ticket):
    response = post(cast, ticket, "reply", {"text": "확인해 드릴게요", "key": str(uuid4())}, headers=FRAGMENT)
    assert response.status_code == 204
    event = Event.objects.get(type="chat.message", author="agent")
    assert (event.text, event.agent_email, event.source) == ("확인해 드릴게요", cast.agent.email, "/hub")
    assert fresh(ticket).waiting_since is None
    assert fresh(ticket).agent_email == cast.agent.email


@pytest.mark.parametrize("act", ["reply", "note"])
def test_the_same_key_twice_is_one(cast: Cast, ticket: Ticket, act: str):
    sent = {"text": "한 번만", "key": str(uuid4())}
    for _again in range(3):
        assert post(cast, ticket, act, sent, headers=FRAGMENT).status_code == 204
    assert Event.objects.filter(text="한 번만").count() == 1


def test_without_scripts_one_is_led_back(cast: Cast, ticket: Ticket):
    response = post(cast, ticket, "reply", {"text": "네"})
    assert (response.status_code, response["Location"]) == (302, f"/inbox/{ticket.public_id}/")


@pytest.mark.parametrize("text", ["", "   ", "가" * 10_001])
def test_an_unusable_text_is_refused_in_words(cast: Cast, ticket: Ticket, text: str):
    response = post(cast, ticket, "reply", {"text": text}, headers=FRAGMENT)
    assert response.status_code == 422
    assert response.content.decode().strip()
    assert not Event.objects.filter(author="agent").exists()


def test_a_call_takes_no_reply(cast: Cast):
    call = ring(cast.organization, "c")
    response = post(cast, call, "reply", {"text": "네"}, headers=FRAGMENT)
    assert response.status_code == 422
    assert not Event.objects.filter(author="agent").exists()


def test_a_note_may_promise_and_another_keep_it(cast: Cast, ticket: Ticket):
    post(cast, ticket, "note", {"text": "교환품 발송", "due": "2026-12-02"}, headers=FRAGMENT)
    promise = Event.objects.get(type="note.added")
    assert promise.data["promise"]["text"] == "교환품 발송"
    assert promise.data["promise"]["due"].startswith("2026-12-02T23:59")
    history = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/history/", headers=FRAGMENT).content.decode()
    assert f"/promises/{promise.public_id}/settle/" in history
    post(cast, ticket, "note", {"text": "발송함", "kept": promise.event_id}, headers=FRAGMENT)
    history = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/history/", headers=FRAGMENT).content.decode()
    assert 'name="kept"' not in history
    assert fresh(ticket).waiting_since is not None  # a note is no answer


def test_taking_makes_it_mine_and_again_changes_nothing(cast: Cast, ticket: Ticket):
    for _again in range(2):
        response = post(cast, ticket, "take", headers=FRAGMENT)
        assert response.status_code == 200
        assert 'id="ticket-head"' in response.content.decode()
    assert fresh(ticket).agent_email == cast.agent.email
    assert Event.objects.filter(type="ticket.assigned").count() == 1


def test_assigning_offers_the_centers_people_and_no_others(cast: Cast, ticket: Ticket):
    html = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/assign/", headers=FRAGMENT).content.decode()
    assert "이팀장" in html
    assert "정부산" not in html
    assert "최점원" not in html
    post(cast, ticket, "assign", {"person": str(cast.lead.public_id)}, headers=FRAGMENT)
    assert fresh(ticket).agent_email == cast.lead.email
    other = make_other_organization()
    for stranger in (cast.outsider, other.agent):
        assert post(cast, ticket, "assign", {"person": str(stranger.public_id)}).status_code == 404
    assert fresh(ticket).agent_email == cast.lead.email


def test_resolving_with_a_topic_and_reopening(cast: Cast, ticket: Ticket):
    set_topics(cast.organization, {"delivery": "배송", "size": "사이즈"}, by=cast.owner, at=ticket.opened_at)
    menu = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/resolve/", headers=FRAGMENT).content.decode()
    assert "배송" in menu
    post(cast, ticket, "resolve", {"topic": "delivery"}, headers=FRAGMENT)
    assert (fresh(ticket).status, fresh(ticket).topic) == ("resolved", "delivery")
    post(cast, ticket, "resolve", {"topic": "delivery", "other_topic": "size"}, headers=FRAGMENT)
    assert fresh(ticket).topic == "size"
    post(cast, ticket, "reopen", headers=FRAGMENT)
    assert fresh(ticket).status == "open"


def test_resolving_says_why(cast: Cast, ticket: Ticket):
    client = logged_in(cast.agent)
    assert "스팸·광고" in client.get(f"/inbox/{ticket.public_id}/resolve/", headers=FRAGMENT).content.decode()
    assert post(cast, ticket, "resolve", {"reason": "because"}, headers=FRAGMENT).status_code == 422
    assert fresh(ticket).is_open
    post(cast, ticket, "resolve", {"reason": "no_reply"}, headers=FRAGMENT)
    assert Event.objects.get(type="ticket.resolved").data["reason"] == "no_reply"
    assert "고객 답 없음" in client.get(f"/inbox/{ticket.public_id}/messages/", headers=FRAGMENT).content.decode()


def test_who_can_be_given_work_stands_first_with_her_state(cast: Cast, ticket: Ticket):
    path = f"/inbox/{ticket.public_id}/assign/"
    told = {"organization": cast.organization, "person": cast.lead, "since": ticket.opened_at}
    Availability.objects.create(**told, state="online", cause="herself")
    html = logged_in(cast.agent).get(path, headers=FRAGMENT).content.decode()
    states = re.findall(r'data-state="(\w+)"', html)
    assert states[0] == "online"
    assert set(states[1:]) <= {"offline"}
    assert html.index(cast.lead.name) < html.index('data-state="online"')
    assert (
        "온라인" in logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/transfer/", headers=FRAGMENT).content.decode()
    )


def test_wrapping_up_a_call_notes_and_resolves(cast: Cast):
    call = ring(cast.organization, "c", ago=5)
    happens(cast.organization, "call.ended", "c", talk_seconds=60)
    sent = {"text": "사이즈 안내", "topic": "size", "key": str(uuid4())}
    for _again in range(2):
        assert post(cast, call, "wrap-up", sent, headers=FRAGMENT).status_code == 204
    assert (fresh(call).status, fresh(call).topic) == ("resolved", "size")
    assert Event.objects.filter(type="note.added").count() == 1
    assert Event.objects.filter(type="ticket.resolved").count() == 1


def test_handing_to_another_center_leads_back_to_the_list(cast: Cast, ticket: Ticket):
    menu = logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/transfer/", headers=FRAGMENT).content.decode()
    assert "부산 고객센터" in menu
    response = post(cast, ticket, "transfer", {"center": "busan"}, headers=FRAGMENT)
    assert response["HX-Redirect"] == "/inbox/"
    assert fresh(ticket).center == cast.busan
    assert logged_in(cast.outsider).get(f"/inbox/{ticket.public_id}/").status_code == 200
    assert post(cast, ticket, "transfer", {"center": "busan"}).status_code == 404


def test_moving_within_reach_stays(cast: Cast, ticket: Ticket):
    second = make_center(cast.organization, "seoul2", kind=Center.Kind.AFFILIATE)
    cast.agent.centers.add(second)
    response = post(cast, ticket, "transfer", {"center": "seoul2"}, headers=FRAGMENT)
    assert 'id="ticket-head"' in response.content.decode()
    assert post(cast, ticket, "transfer", {"center": "nowhere"}, headers=FRAGMENT).status_code == 404


ACTS = ["reply", "note", "wrap-up", "take", "assign", "resolve", "reopen", "transfer", "confirm"]


@pytest.mark.parametrize("act", ACTS)
def test_who_does_not_reach_it_can_do_nothing(cast: Cast, ticket: Ticket, act: str):
    before = Event.objects.count()
    data = {"text": "x", "person": str(cast.agent.public_id), "center": "seoul", "topic": "x"}
    other = make_other_organization()
    for person in (other.owner, other.agent, cast.outsider, cast.store_staff):
        assert post(cast, ticket, act, data, person=person).status_code == 404
    assert Event.objects.count() == before


@pytest.mark.parametrize("act", [act for act in ACTS if act not in ("assign", "resolve", "transfer", "wrap-up")])
def test_looking_changes_nothing(cast: Cast, ticket: Ticket, act: str):
    before = Event.objects.count()
    assert logged_in(cast.agent).get(f"/inbox/{ticket.public_id}/{act}/").status_code == 405
    assert Event.objects.count() == before


def test_store_staff_may_note_on_their_stores_inquiry_only(cast: Cast):
    inquiry = happens(
        cast.organization, "store.inquiry", source="/seoul/gangnam", store="gangnam", staff="x", text="소매"
    )
    assert inquiry
    assert (
        post(cast, inquiry, "note", {"text": "매장에서 확인함"}, person=cast.store_staff, headers=FRAGMENT).status_code
        == 204
    )
    for act in ("reply", "take", "resolve", "reopen", "move", "assign", "confirm", "wrap-up"):
        assert post(cast, inquiry, act, {"text": "x", "center": "busan"}, person=cast.store_staff).status_code == 404


def test_the_callers_card_follows_the_call(cast: Cast):
    call = ring(cast.organization, "c", ago=1)
    client = logged_in(cast.agent)
    card = client.get(f"/inbox/{call.public_id}/caller/", headers=FRAGMENT)
    assert "김서연" in card.content.decode()
    assert "X-Answered-By-Me" not in card
    happens(cast.organization, "call.answered", "c", agent=cast.agent.email)
    assert client.get(f"/inbox/{call.public_id}/caller/", headers=FRAGMENT)["X-Answered-By-Me"] == "just"
    assert logged_in(cast.lead).get(f"/inbox/{call.public_id}/caller/", headers=FRAGMENT).status_code == 204
    happens(cast.organization, "call.ended", "c")
    assert client.get(f"/inbox/{call.public_id}/caller/", headers=FRAGMENT).status_code == 204


def test_a_call_answered_a_while_ago_opens_nothing_by_itself(cast: Cast):
    call = ring(cast.organization, "c", ago=10)
    happens(cast.organization, "call.answered", "c", agent=cast.agent.email, ago=9)
    card = logged_in(cast.agent).get(f"/inbox/{call.public_id}/caller/", headers=FRAGMENT)
    assert card["X-Answered-By-Me"] == "before"


def test_a_call_of_whose_end_nobody_told_rings_not_for_ever(cast: Cast):
    call = ring(cast.organization, "c", ago=5 * 60)
    assert logged_in(cast.agent).get(f"/inbox/{call.public_id}/caller/", headers=FRAGMENT).status_code == 204


def test_an_unknown_caller_has_a_card_too(cast: Cast):
    call = ring(cast.organization, "c", phone="")
    assert logged_in(cast.agent).get(f"/inbox/{call.public_id}/caller/", headers=FRAGMENT).status_code == 200
