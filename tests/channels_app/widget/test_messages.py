"""What a visitor says: stored once before it is acknowledged, shown as it was, and nothing of the house with it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from channels_app.hub.actions import add_note, assign_ticket, reply_to_ticket, resolve_ticket
from channels_app.models import RefusedEvent, RepeatedEvent
from channels_app.models.widget import WidgetSettings, WidgetVisitor
from channels_app.widget import actions, queries
from channels_app.widget.settings_actions import WidgetContent, update_widget
from customers.models import Claim, Customer, Event, Identity
from tests.cast import SETUP, Cast
from tests.channels_app.widget.visitors import SHOP, Visitor, said_in
from tickets.models import Ticket


def test_message_is_an_event_of_her_center(visitor: Visitor, cast: Cast):
    response = visitor.say("소매 올이 풀렸어요")
    assert response.status_code == 200
    event = Event.objects.get()
    assert (event.type, event.author, event.text) == ("chat.message", "customer", "소매 올이 풀렸어요")
    assert (event.source, event.thread, event.center) == ("/seoul/widget", visitor.thread, cast.seoul)
    ack = response.json()["ack"]
    assert (ack["seq"], ack["event"]) == (event.thread_seq, str(event.public_id))
    assert response.json()["messages"] == [
        {
            "seq": event.thread_seq,
            "id": ack["id"],
            "from": "customer",
            "name": "",
            "text": "소매 올이 풀렸어요",
            "at": event.time.isoformat(timespec="milliseconds"),
        }
    ]
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.center, ticket.is_open) == ("chat", cast.seoul, True)
    assert response.json()["state"] == {"kind": "state", "status": "waiting", "agent": "", "seen": 0}


def test_resend_has_no_second_effect(visitor: Visitor):
    id = str(uuid4())
    first = visitor.say("한 번만", id=id).json()["ack"]
    visitor.post("about", {**visitor.credentials, "name": "홍길동"})
    again = visitor.say("한 번만", id=id).json()["ack"]
    assert again == first
    assert said_in(visitor.widget) == ["한 번만"]
    assert not RepeatedEvent.objects.exists()


def test_resend_after_the_widget_moved_to_another_center(visitor: Visitor, cast: Cast):
    id = str(uuid4())
    first = visitor.say("한 번만", id=id).json()["ack"]
    content = WidgetContent(name=visitor.widget.name, allowed_origins=[SHOP])
    update_widget(visitor.widget, center=cast.busan, content=content, by=SETUP, at=timezone.now())
    assert visitor.say("한 번만", id=id).json()["ack"] == first
    assert said_in(visitor.widget) == ["한 번만"]


def test_only_what_is_meant_for_her_arrives(visitor: Visitor, cast: Cast):
    visitor.say("안녕하세요")
    ticket = Ticket.objects.get()
    now = timezone.now()
    assign_ticket(ticket, cast.agent, by=cast.agent, at=now)
    add_note(ticket, "단골, 조심히", by=cast.agent, at=now + timedelta(milliseconds=1))
    reply_to_ticket(ticket, "무엇을 도와드릴까요?", by=cast.agent, at=now + timedelta(milliseconds=2))
    answer = visitor.post("fetch", {**visitor.credentials, "after": 0}).json()
    assert [(said["from"], said["name"], said["text"]) for said in answer["messages"]] == [
        ("customer", "", "안녕하세요"),
        ("agent", "박상담", "무엇을 도와드릴까요?"),
    ]
    assert "단골" not in str(answer)
    assert cast.agent.email not in str(answer)
    # The numbers have gaps; `upto` tells how far the hub has looked.
    assert answer["upto"] == 4
    assert answer["state"] == {"kind": "state", "status": "assigned", "agent": "박상담", "seen": 0}
    resolve_ticket(ticket, topic="", by=cast.agent, at=timezone.now())
    after = visitor.post("fetch", {**visitor.credentials, "after": 4}).json()
    assert (after["messages"], after["upto"], after["state"]["status"]) == ([], 5, "resolved")


def test_long_absence_comes_in_pages(visitor: Visitor, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    for number in range(5):
        visitor.say(f"{number}")
    seen, upto, more = [], 0, True
    while more:
        answer = visitor.post("fetch", {**visitor.credentials, "after": upto}).json()
        seen += [said["text"] for said in answer["messages"]]
        upto, more = answer["upto"], answer["more"]
    assert seen == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("줄\r\n바꿈\t탭", "줄\n바꿈\t탭"),
        ("널\x00과\x07벨", "널과벨"),
        ("  앞뒤 공백  ", "앞뒤 공백"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
        ("👩‍👧 이모지", "👩‍👧 이모지"),
        ("가" * 4000, "가" * 4000),
    ],
)
def test_text_is_kept_as_text(visitor: Visitor, text: str, stored: str):
    assert visitor.say(text).status_code == 200
    assert said_in(visitor.widget) == [stored]


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [("", "empty", 400), (" \n\x00 ", "empty", 400), ("가" * 4001, "too_long", 413)],
)
def test_what_is_not_taken_is_told(visitor: Visitor, text: str, code: str, status: int):
    response = visitor.say(text)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["detail"]
    assert not Event.objects.exists()
    assert not RefusedEvent.objects.exists()


def test_half_a_surrogate_is_a_bad_frame(visitor: Visitor):
    body = f'{{"visitor":"{visitor.visitor}","secret":"{visitor.secret}","conversation":"{visitor.conversation}",'
    response = visitor.post("messages", (body + f'"id":"{uuid4()}","text":"\\ud83d"}}').encode())
    assert (response.status_code, response.json()["code"]) == (400, "bad_frame")


def test_too_much_at_once_has_to_wait(visitor: Visitor, monkeypatch):
    monkeypatch.setattr(actions, "MESSAGES_PER_VISITOR", 3)
    answers = [visitor.say(str(number)) for number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[3].json()["retry_after"] > 0
    assert said_in(visitor.widget) == ["0", "1", "2"]


def test_a_resend_costs_nothing(visitor: Visitor, monkeypatch):
    monkeypatch.setattr(actions, "MESSAGES_PER_VISITOR", 1)
    id = str(uuid4())
    assert [visitor.say("하나", id=id).status_code for _ in range(3)] == [200, 200, 200]


def test_what_she_types_is_a_claim(visitor: Visitor):
    told = visitor.post("about", {**visitor.credentials, "name": " 김하늘 ", "phone": "010-0000-1234"})
    assert told.json() == {"told": ["name", "phone"]}
    visitor.say("안녕하세요")
    event = Event.objects.get()
    assert event.data["customer"]["verified"] is False
    assert set(Identity.objects.values_list("kind", flat=True)) == {"external"}
    assert Claim.objects.get().value == "+821000001234"
    assert Customer.objects.get().name == "김하늘"


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"phone": "1234"}, "bad_phone"),
        ({"phone": "010-****-5678"}, "bad_phone"),
        ({"phone": "1588-0000"}, "bad_phone"),
        ({"phone": "전화없음"}, "bad_phone"),
        ({"email": "nobody"}, "bad_email"),
        ({"email": "x" * 300 + "@mail.example"}, "bad_email"),
    ],
)
def test_what_is_no_contact_is_told(visitor: Visitor, about: dict[str, str], code: str):
    response = visitor.post("about", {**visitor.credentials, **about})
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert WidgetVisitor.objects.get().about == {}


def test_a_proven_visitor_cannot_claim_another_phone(widget: WidgetSettings):
    from tests.channels_app.widget.visitors import signed

    visitor = Visitor(widget)
    visitor.open(token=signed(widget, member_no="M-1001"))
    visitor.post("about", {**visitor.credentials, "phone": "010-0000-9999"})
    assert WidgetVisitor.objects.get().about == {"member_no": "M-1001"}
