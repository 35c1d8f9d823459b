"""An answer goes out once, whatever the mail server does, and says what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry
from channels_app.deliveries.actions import resend
from channels_app.deliveries.sending import FIRST_PAUSE, LONGEST_PAUSE, PATIENCE, pause_after, send_at_once, send_one
from channels_app.hub.actions import reply_to_ticket
from channels_app.hub.meanwhile import AnsweredMeanwhile
from channels_app.models import ChannelAccount, Delivery, DeliveryAttempt, MailReference
from customers.models import Event
from tests.cast import Cast
from tests.channels_app.mail.shops import HERS, asked_by_mail, comes_in, letter, make_account, work
from tests.channels_app.mail.sink import DROP, HANG, Sink
from tests.tickets.conversations import answer, chat, happens
from tests.tickets.ruling import follow, part, rule
from tickets.models import Mention, Tag, Ticket


def answered(cast: Cast, account: ChannelAccount, text: str = "내일 도착해요", *, key: str = "") -> Delivery:
    """The delivery of an agent's answer to a customer's mail."""
    ticket = asked_by_mail(account)
    reply_to_ticket(ticket, text, by=cast.agent, at=timezone.now(), key=key)
    return Delivery.objects.get()


def outcomes() -> list[str]:
    return list(DeliveryAttempt.objects.order_by("delivery", "number").values_list("outcome", flat=True))


def test_an_answer_is_written_with_its_intention_and_sent(cast: Cast, account: ChannelAccount, sink: Sink):
    delivery = answered(cast, account, "내일 도착해요.\n.점으로 시작하는 줄")
    assert (delivery.state, delivery.recipient, delivery.agent_email) == ("waiting", HERS, cast.agent.email)
    assert sink.connections == 0, "nothing is sent within the act"
    assert work(cast) == 1
    assert work(cast) == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, outcomes()) == ("sent", 1, ["sent"])
    attempt = DeliveryAttempt.objects.get()
    assert attempt.duration_ms is not None
    (mail,) = sink.mails
    assert mail["Message-ID"] == delivery.message_id
    assert mail["From"] == "하늘상회 <help@haneul.example>"
    assert (mail["To"], mail["Subject"]) == (HERS, "Re: 배송 문의")
    assert (mail["In-Reply-To"], mail["References"]) == ("<first@mail.example>", "<first@mail.example>")
    assert mail["Auto-Submitted"] is None
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "내일 도착해요.\n.점으로 시작하는 줄" in plain.get_content().replace("\r\n", "\n")
    assert "> 언제 도착하나요?" in plain.get_content()
    assert "<br>.점으로 시작하는 줄" in html.get_content()
    assert b"=?utf-8?" in sink.taken[0].split(b"\n\n")[0].split(b"\r\n\r\n")[0], "Korean heads are encoded"


def test_a_rules_answer_goes_out_once_and_says_that_a_machine_wrote_it(cast: Cast, account: ChannelAccount, sink: Sink):
    rule(cast.organization, "customer_message", part("reply", "내일까지 답해 드릴게요"))
    asked_by_mail(account)
    assert follow(cast.organization) == 1
    assert sink.connections == 0, "nothing is sent within the round"
    assert follow(cast.organization) == 0
    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.recipient, delivery.agent_email) == (Delivery.Kind.REPLY, HERS, "")
    assert work(cast) == 1
    assert work(cast) == 0
    (mail,) = sink.mails
    assert (mail["To"], mail["Subject"], mail["Auto-Submitted"]) == (HERS, "Re: 배송 문의", "auto-replied")
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "내일까지 답해 드릴게요" in plain.get_content()


def test_a_rules_answer_in_a_chat_is_followed_by_no_mail(cast: Cast, account: ChannelAccount, sink: Sink):
    rule(cast.organization, "customer_message", part("reply", "내일까지 답해 드릴게요"))
    chat(cast.organization, "t", "배송 언제 와요?")
    assert follow(cast.organization) == 1
    assert Delivery.objects.count() == 0


def test_the_same_act_twice_is_one_delivery(cast: Cast, account: ChannelAccount, sink: Sink):
    ticket = asked_by_mail(account)
    for _time in range(2):
        reply_to_ticket(ticket, "네", by=cast.agent, at=timezone.now(), key="k1")
    assert Delivery.objects.count() == 1


def test_a_refused_act_leaves_no_intention(cast: Cast, account: ChannelAccount, sink: Sink):
    ticket = asked_by_mail(account)
    happens(
        cast.organization,
        "mail.message",
        ticket.thread,
        source="/seoul/mail",
        from_="agent",
        agent=cast.lead.email,
        text="제가 답했어요",
    )
    with pytest.raises(AnsweredMeanwhile):
        reply_to_ticket(ticket, "네", by=cast.agent, at=timezone.now(), seen=ticket.last_seq)
    assert Delivery.objects.count() == 0
    assert MailReference.objects.filter(is_ours=True).count() == 0


def test_without_server_account_or_address_an_answer_is_history_only(
    cast: Cast, account: ChannelAccount, sink: Sink, settings: Any
):
    ticket = asked_by_mail(account)
    settings.SENDS_MAIL = False
    reply_to_ticket(ticket, "하나", by=cast.agent, at=timezone.now())
    settings.SENDS_MAIL = True
    ChannelAccount.objects.update(is_active=False)
    reply_to_ticket(ticket, "둘", by=cast.agent, at=timezone.now())
    ChannelAccount.objects.update(is_active=True)
    nobody = happens(
        cast.organization,
        "mail.message",
        "m9",
        source="/seoul/mail",
        from_="customer",
        text="저예요",
        customer={"phone": "010-0000-1111"},
    )
    assert nobody is not None
    reply_to_ticket(nobody, "셋", by=cast.agent, at=timezone.now())
    assert Event.objects.filter(author="agent").count() == 3
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    ("answers", "outcome", "cause"),
    [
        ({"RCPT": "450 4.2.0 greylisted"}, "temporary", "busy"),
        ({"CONTENT": "451 4.3.0 try again"}, "temporary", "busy"),
        ({"MAIL": "421 4.7.0 too many"}, "temporary", "busy"),
        ({"RCPT": "452 4.2.2 mailbox full"}, "temporary", "mailbox_full"),
        ({"CONTENT": DROP}, "unknown", "interrupted"),
        ({"CONTENT": HANG}, "unknown", "interrupted"),
        ({"DATA": HANG}, "temporary", "unreachable"),
        ({"CONNECT": DROP}, "temporary", "unreachable"),
        ({"CONNECT": "554 go away"}, "temporary", "unreachable"),
        ({"RCPT": "550 5.1.1 no such user"}, "permanent", "no_such_address"),
        ({"RCPT": "550 5.7.1 policy"}, "permanent", "refused"),
        ({"MAIL": "550 5.7.1 not yours"}, "permanent", "sender_refused"),
        ({"CONTENT": "554 5.7.1 spam"}, "permanent", "refused"),
    ],
)
def test_what_the_server_says_decides(
    cast: Cast, account: ChannelAccount, sink: Sink, answers: dict[str, str], outcome: str, cause: str
):
    answered(cast, account)
    sink.answers |= answers
    assert work(cast) == 0
    delivery = Delivery.objects.get()
    assert (outcomes(), delivery.cause) == ([outcome], cause)
    assert delivery.state == ("failed" if outcome == "permanent" else "waiting")
    if outcome != "permanent":
        assert delivery.due_at > timezone.now()
        sink.answers.clear()
        with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
            assert work(cast) == 1
        delivery.refresh_from_db()
        assert (delivery.state, delivery.cause, len(sink.taken)) == ("sent", "", 1)
    assert set(sink.copies) <= {delivery.message_id}


def test_a_provider_away_for_an_hour_delays_and_neither_loses_nor_doubles(
    cast: Cast, account: ChannelAccount, sink: Sink
):
    began = timezone.now()
    sink.answers["CONNECT"] = DROP
    tickets = [
        asked_by_mail(account, letter(message_id=f"<{n}@mail.example>", sender=f"c{n}@mail.example")) for n in range(5)
    ]
    for ticket in tickets:
        reply_to_ticket(ticket, f"{ticket.thread} 답", by=cast.agent, at=began)
    for minute in range(60):
        with time_machine.travel(began + timedelta(minutes=minute), tick=False):
            work(cast)
    assert sink.taken == []
    assert sink.connections < 5 * 60, "pauses grow, and one asks for all"
    sink.answers.clear()
    for minute in range(60, 200):
        with time_machine.travel(began + timedelta(minutes=minute), tick=False):
            work(cast)
    assert sorted(mail["To"] for mail in sink.mails) == [f"c{n}@mail.example" for n in range(5)]
    assert set(sink.copies.values()) == {1}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_patience_ends(cast: Cast, account: ChannelAccount, sink: Sink):
    delivery = answered(cast, account)
    sink.answers["RCPT"] = "450 4.2.0 later"
    with time_machine.travel(delivery.queued_at + PATIENCE, tick=False):
        work(cast)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == ("failed", "busy")


@given(st.timedeltas(min_value=timedelta(0), max_value=PATIENCE))
def test_pauses_grow_within_limits(elapsed: timedelta):
    pause = pause_after(elapsed)
    assert FIRST_PAUSE * 0.8 <= pause <= LONGEST_PAUSE * 1.2
    if FIRST_PAUSE < elapsed < LONGEST_PAUSE:
        assert elapsed * 0.8 <= pause <= elapsed * 1.2


def test_only_one_worker_has_it(cast: Cast, account: ChannelAccount, sink: Sink):
    delivery = answered(cast, account)
    again: list[str] = []

    def meanwhile(_mail: bytes) -> None:
        again.append(send_one(delivery.pk)[0])
        connection.close()

    sink.on_content = meanwhile
    assert send_one(delivery.pk)[0] == "sent"
    assert (again, len(sink.taken)) == ([""], 1)


def test_a_failed_answer_is_told_once_and_taken_back_when_it_goes(cast: Cast, account: ChannelAccount, sink: Sink):
    delivery = answered(cast, account)
    sink.answers["RCPT"] = "550 5.1.1 no such user"
    for _round in range(3):
        work(cast)
    ticket = Ticket.objects.get()
    assert ticket.tag_keys == ["undelivered"]
    assert Tag.objects.get().name == "보내지 못함"
    event = Event.objects.get(type="delivery.failed")
    said = Event.objects.get(author="agent")
    assert event.data["message"] == said.public_id.hex
    assert event.data["cause"] == "no_such_address"
    assert Mention.objects.get().person == cast.agent
    sink.answers.clear()
    delivery.refresh_from_db()
    assert resend(cast.organization, [delivery], by=cast.lead, at=timezone.now()) == 1
    assert AuditEntry.objects.filter(action="channels.delivery.resend").count() == 1
    assert work(cast) == 1
    ticket.refresh_from_db()
    assert ticket.tag_keys == []
    assert set(sink.copies) == {delivery.message_id}
    delivery.refresh_from_db()
    assert resend(cast.organization, [delivery], by=cast.lead, at=timezone.now()) == 0


def test_a_settled_ticket_opens_again_where_the_answer_that_settled_it_failed(
    cast: Cast, account: ChannelAccount, sink: Sink
):
    delivery = answered(cast, account)
    happens(cast.organization, "ticket.resolved", delivery.thread, agent=cast.agent.email)
    sink.answers["RCPT"] = "550 5.1.1 no such user"
    work(cast)
    assert Ticket.objects.get().is_open


def test_an_account_switched_off_sends_nothing_more(cast: Cast, account: ChannelAccount, sink: Sink):
    answered(cast, account)
    ChannelAccount.objects.update(is_active=False)
    work(cast)
    assert Delivery.objects.get().cause == "switched_off"
    assert sink.connections == 0


def test_a_mail_that_comes_back_is_a_failed_delivery(cast: Cast, account: ChannelAccount, sink: Sink):
    delivery = answered(cast, account)
    work(cast)
    report = (
        b"From: MAILER-DAEMON@mx.example\r\nTo: help@haneul.example\r\nSubject: Undelivered\r\nMessage-ID: <b1@mx>\r\n"
        b"Auto-Submitted: auto-replied\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/plain\r\n\r\nsorry\r\n"
        b"--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        b"Final-Recipient: rfc822; seoyeon@mail.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        b"--x\r\nContent-Type: message/rfc822\r\n\r\n" + sink.taken[0] + b"\r\n--x--\r\n"
    )
    for _time in range(2):
        assert comes_in(account, report).reason == "bounce"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause, outcomes()) == ("failed", "no_such_address", ["sent", "permanent"])
    assert Ticket.objects.get().tag_keys == ["undelivered"]
    assert Event.objects.filter(type="mail.message").count() == 2


def test_while_the_server_is_away_only_rounds_ask_for_it(cast: Cast, account: ChannelAccount, sink: Sink):
    delivery = answered(cast, account)
    sink.answers["CONNECT"] = DROP
    send_at_once(delivery.pk)
    before = sink.connections
    Delivery.objects.update(due_at=timezone.now())
    send_at_once(delivery.pk)
    assert sink.connections == before
    cache.clear()
    send_at_once(delivery.pk)
    assert sink.connections > before


def test_the_database_keeps_what_must_be_true(cast: Cast, account: ChannelAccount, sink: Sink):
    delivery = answered(cast, account)
    for change in ({"state": "sending"}, {"state": "lost"}, {"recipient": ""}, {"first_seq": 99}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(**change)


def test_accounts_serve_their_centers_and_one_the_rest(cast: Cast, account: ChannelAccount, sink: Sink):
    make_account(cast, center=cast.busan, address="busan@haneul.example")
    ticket = asked_by_mail(account)
    reply_to_ticket(ticket, "네", by=cast.agent, at=timezone.now())
    answer(cast.organization, "x", cast.agent)
    assert Delivery.objects.get().account == account


def test_without_redis_mails_go_all_the_same(cast: Cast, account: ChannelAccount, sink: Sink, settings: Any):
    answered(cast, account)
    elsewhere = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "default": elsewhere}
    sink.answers["CONNECT"] = DROP
    assert work(cast) == 0
    sink.answers.clear()
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
        assert work(cast) == 1
    assert len(sink.taken) == 1
