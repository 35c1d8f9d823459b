"""A visitor who has left gets what she has not seen in one mail, and her answer joins the chat; transcripts on request."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from channels_app.deliveries.queries import shown_in_ticket
from channels_app.hub.actions import reply_to_ticket
from channels_app.models import ChannelAccount, Delivery, WidgetConversation
from channels_app.models.widget import WidgetSettings
from channels_app.widget.presence import forget_page, note_page
from customers.models import Event
from tests.cast import Cast
from tests.channels_app.mail.shops import HERS, comes_in, letter, work
from tests.channels_app.mail.sink import DROP, Sink
from tests.channels_app.widget.visitors import SHOP, Visitor, make_widget
from tests.tickets.conversations import FRAGMENT, logged_in
from tickets.models import Ticket


@pytest.fixture
def widget(cast: Cast) -> WidgetSettings:
    return make_widget(cast)


@pytest.fixture
def visitor(widget: WidgetSettings) -> Visitor:
    visitor = Visitor(widget)
    visitor.open()
    visitor.post("about", {**visitor.credentials, "email": HERS, "name": "김서연"})
    visitor.say("소매가 뜯어졌어요")
    forget_page(WidgetConversation.objects.get().pk, "post")
    return visitor


def ticket_of(visitor: Visitor) -> Ticket:
    return Ticket.objects.select_related("organization", "center", "customer").get(thread=visitor.thread)


def later(minutes: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True)


def reply(cast: Cast, visitor: Visitor, text: str, at: datetime | None = None) -> None:
    reply_to_ticket(ticket_of(visitor), text, by=cast.agent, at=at or timezone.now())


def test_unseen_answers_follow_in_one_mail_and_hers_joins_the_chat(
    cast: Cast, account: ChannelAccount, visitor: Visitor, sink: Sink
):
    reply(cast, visitor, "사진을 보내 주세요")
    reply(cast, visitor, "교환해 드릴게요")
    assert work(cast) == 0, "it has time"
    with later(6):
        assert work(cast) == 1
    (mail,) = sink.mails
    plain = mail.get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    assert "사진을 보내 주세요" in text
    assert "교환해 드릴게요" in text
    assert "소매가 뜯어졌어요" not in text
    assert f"{SHOP}/" in text
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] == "[하늘상회] 채팅 상담에 답변이 도착했어요"
    raw = letter("네, 보낼게요", message_id="<hers@x>", In_Reply_To=str(mail["Message-ID"]))
    comes_in(account, raw)
    ticket = ticket_of(visitor)
    assert (ticket.channel, ticket.is_waiting, Ticket.objects.count()) == ("chat", True, 1)
    assert [one["text"] for one in visitor.open(after=0)["messages"]][-1] == "네, 보낼게요"
    assert Event.objects.get(text="네, 보낼게요").customer_id == ticket.customer_id
    reply(cast, visitor, "잘 받았어요")
    assert Delivery.objects.filter(kind="carry_on").count() == 2


def test_what_she_has_seen_is_not_sent(cast: Cast, account: ChannelAccount, visitor: Visitor, sink: Sink):
    reply(cast, visitor, "하나")
    seen = Event.objects.get(text="하나").thread_seq
    reply(cast, visitor, "둘")
    visitor.post("fetch", {**visitor.credentials, "after": 0, "seen": seen})
    forget_page(WidgetConversation.objects.get().pk, "post")
    with later(6):
        assert work(cast) == 1
    plain = sink.mails[0].get_body(("plain",))
    assert plain is not None
    assert "둘" in plain.get_content()
    assert "하나" not in plain.get_content()
    reply(cast, visitor, "셋")
    assert [shown.delivery.state for shown in shown_in_ticket(ticket_of(visitor))] == ["sent", "waiting"]
    visitor.post("fetch", {**visitor.credentials, "after": 0, "seen": 100})
    assert [shown.delivery.state for shown in shown_in_ticket(ticket_of(visitor))] == ["sent"], "it will not go"
    with later(6):
        assert work(cast) == 0
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "dropped"]


def test_who_is_there_is_waited_for_though_not_for_ever(
    cast: Cast, account: ChannelAccount, visitor: Visitor, sink: Sink
):
    reply(cast, visitor, "계신가요?")
    conversation = WidgetConversation.objects.get()
    note_page(conversation.pk, "tab")
    with later(6):
        assert work(cast) == 0
    forget_page(conversation.pk, "tab")
    with later(8):
        assert work(cast) == 1
    reply(cast, visitor, "아직 계신가요?")
    note_page(conversation.pk, "tab")
    with later(62):
        assert work(cast) == 1


def test_a_second_answer_puts_it_off_but_not_for_ever(
    cast: Cast, account: ChannelAccount, visitor: Visitor, sink: Sink
):
    began = timezone.now()
    for minute in range(0, 20, 4):
        with time_machine.travel(began + timedelta(minutes=minute), tick=True):
            work(cast)
            reply(cast, visitor, f"{minute}분")
    assert len(sink.taken) == 1
    with time_machine.travel(began + timedelta(minutes=40), tick=True):
        work(cast)
    assert len(sink.taken) == 2
    assert set(sink.copies.values()) == {1}


def test_a_mail_that_was_tried_says_the_same_again(cast: Cast, account: ChannelAccount, visitor: Visitor, sink: Sink):
    reply(cast, visitor, "하나")
    sink.answers["CONTENT"] = DROP
    with later(6):
        work(cast)
        reply(cast, visitor, "둘")
    sink.answers.clear()
    with later(20):
        assert work(cast) == 2
    texts = [body.get_content() for mail in sink.mails if (body := mail.get_body(("plain",)))]
    assert ["하나" in text for text in texts] == ["둘" not in text for text in texts]
    assert sorted(sink.copies.values()) == [1, 2]


@pytest.mark.parametrize("missing", ["address", "account", "server", "setting"])
def test_without_any_of_these_nothing_follows(
    cast: Cast, account: ChannelAccount, visitor: Visitor, sink: Sink, settings: Any, missing: str
):
    match missing:
        case "address":
            WidgetConversation.objects.get().visitor.widget.visitors.update(about={})
        case "account":
            ChannelAccount.objects.update(is_active=False)
        case "server":
            settings.SENDS_MAIL = False
        case "setting":
            ChannelAccount.objects.update(settings={"carries_on_after_minutes": 0})
    reply(cast, visitor, "안녕하세요")
    assert Delivery.objects.count() == 0


def test_an_address_left_after_the_answer_counts(
    cast: Cast, account: ChannelAccount, widget: WidgetSettings, sink: Sink
):
    visitor = Visitor(widget)
    visitor.open()
    visitor.say("안녕하세요")
    reply(cast, visitor, "네, 안녕하세요")
    assert Delivery.objects.count() == 0
    visitor.post("about", {**visitor.credentials, "email": HERS})
    forget_page(WidgetConversation.objects.get().pk, "post")
    with later(6):
        assert work(cast) == 1


def test_an_address_put_right_is_where_it_goes(cast: Cast, account: ChannelAccount, visitor: Visitor, sink: Sink):
    reply(cast, visitor, "하나")
    reply(cast, visitor, "둘")
    visitor.post("about", {**visitor.credentials, "email": "right@mail.example"})
    waiting = Delivery.objects.get()
    one, two = Event.objects.filter(text__in=["하나", "둘"]).order_by("thread_seq")
    assert (waiting.recipient, waiting.first_seq, waiting.last_seq) == (
        "right@mail.example",
        one.thread_seq,
        two.thread_seq,
    )
    with later(6):
        assert work(cast) == 1
    assert sink.mails[0]["To"] == "right@mail.example"


def test_who_answers_a_transcript_may_be_anybody(cast: Cast, account: ChannelAccount, visitor: Visitor, sink: Sink):
    visitor.post("transcript", {**visitor.credentials, "email": "friend@mail.example"})
    work(cast)
    (mail,) = sink.mails
    comes_in(account, letter("저는 친구예요", sender="friend@mail.example", In_Reply_To=str(mail["Message-ID"])))
    event = Event.objects.get(text="저는 친구예요")
    assert event.thread == visitor.thread
    assert event.data["customer"] == {"email": "friend@mail.example", "verified": False}


def test_a_visitor_asks_for_her_transcript(cast: Cast, account: ChannelAccount, visitor: Visitor, sink: Sink):
    assert visitor.open()["settings"]["sends_transcript"] is True
    reply(cast, visitor, "교환해 드릴게요")
    Delivery.objects.all().delete()
    asked = {**visitor.credentials, "email": "hers@mail.example"}
    assert visitor.post("transcript", asked).status_code == 200
    assert work(cast) == 1
    (mail,) = sink.mails
    html = mail.get_body(("html",))
    assert html is not None
    assert mail["To"] == "hers@mail.example"
    assert "소매가 뜯어졌어요" in html.get_content()
    assert "교환해 드릴게요" in html.get_content()
    assert "박상담" in html.get_content()
    answers = [visitor.post("transcript", asked).status_code for _time in range(4)]
    assert answers == [200, 200, 422, 422], "three an hour"
    assert visitor.post("transcript", {**asked, "email": "nonsense"}).status_code == 422
    assert visitor.post("transcript", {**asked, "secret": "x"}).status_code == 403


def test_notes_are_in_no_transcript(cast: Cast, account: ChannelAccount, visitor: Visitor, sink: Sink):
    from channels_app.hub.actions import add_note

    add_note(ticket_of(visitor), "까다로운 고객", by=cast.agent, at=timezone.now())
    visitor.post("transcript", {**visitor.credentials, "email": HERS, "language": "en"})
    work(cast)
    html = sink.mails[0].get_body(("html",))
    assert html is not None
    assert "까다로운" not in html.get_content()
    assert sink.mails[0]["Subject"] == "[하늘상회] Your conversation"


def test_an_agent_sends_it_to_an_address_of_the_customer_on_the_record(
    cast: Cast, account: ChannelAccount, visitor: Visitor, sink: Sink
):
    ticket = ticket_of(visitor)
    client = logged_in(cast.agent)
    url = f"/inbox/{ticket.public_id}/transcript/"
    form = client.get(url, headers=FRAGMENT).content.decode()
    assert HERS in form
    assert "확인되지 않음" in form
    assert client.post(url, {"address": "thief@x.example"}, headers=FRAGMENT).status_code == 422
    assert client.post(url, {"address": HERS}, headers=FRAGMENT).status_code == 200
    entry = AuditEntry.objects.get(action="channels.transcript.send")
    assert (entry.by, entry.customer_id) == (cast.agent, ticket.customer.public_id)
    assert work(cast) == 1
    assert logged_in(cast.store_staff).post(url, {"address": HERS}).status_code in (403, 404)


def test_a_page_of_the_ticket_shows_how_it_stands(cast: Cast, account: ChannelAccount, visitor: Visitor, sink: Sink):
    reply(cast, visitor, "교환해 드릴게요")
    ticket = ticket_of(visitor)
    client = logged_in(cast.agent)
    url = f"/inbox/{ticket.public_id}/deliveries/"
    assert "메일로 가요" in client.get(url).content.decode()
    sink.answers["RCPT"] = "550 5.1.1 no such user"
    with later(6):
        work(cast)
    shown = client.get(url).content.decode()
    assert "없는 메일 주소예요" in shown
    again = f"/inbox/{ticket.public_id}/deliveries/{Delivery.objects.get().public_id}/again/"
    assert again in shown
    assert again not in logged_in(cast.store_staff).get(url).content.decode()
    assert logged_in(cast.store_staff).post(again).status_code in (403, 404)
    assert client.post(again, headers=FRAGMENT).status_code == 204
    assert client.post(again, headers=FRAGMENT).status_code in (204, 422)
    sink.answers.clear()
    assert work(cast) == 1
    assert "메일로 보냄" in client.get(url).content.decode()
    assert client.post(again, headers=FRAGMENT).status_code == 422


def test_the_widget_is_a_client_of_its_own_conversation_only(
    cast: Cast, account: ChannelAccount, visitor: Visitor, widget: WidgetSettings, sink: Sink
):
    other = Visitor(widget)
    other.open()
    asked = {**other.credentials, "email": HERS}
    assert other.post("transcript", asked).json()["code"] == "nothing_said"
    assert other.post("transcript", {**asked, "conversation": visitor.conversation}).status_code == 403
    assert Client().get("/widget.js").content.count("대화 내용 메일로 받기".encode()) == 1
