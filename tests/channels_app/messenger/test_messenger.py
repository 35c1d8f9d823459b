"""Answers and surveys in a messenger: posted to the shop's relay, signed, once, and told where they do not arrive."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from channels_app.deliveries.sending import send_due
from channels_app.hub.actions import reply_to_ticket
from channels_app.messenger.actions import set_messenger
from channels_app.messenger.settings import MessengerSettings
from channels_app.models import Delivery
from customers.models import Event
from kpi.models import Survey
from tests.cast import SETUP, Cast
from tests.channels_app.mail.shops import make_account
from tests.channels_app.mail.sink import Sink
from tests.customers.counter_people import logged_in
from tests.kpi.surveys import conftest
from tests.kpi.surveys.shops import Provider, ask_after, connect, happens, running_provider, work
from tickets.models import Ticket

cast, provider, sink = conftest.cast, conftest.provider, conftest.sink
_worker_is_asked_by_hand = conftest._worker_is_asked_by_hand

# Monday, ten in the morning in Seoul.
MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HERS = {"external": {"kakao:@shop": "botUserKey-1"}, "phone": "010-0123-4567"}


def relay(cast: Cast, taker: Provider, *, is_active: bool = True) -> None:
    settings = MessengerSettings(taker.url, "relay-secret")
    set_messenger(cast.organization, is_active=is_active, settings=settings, by=SETUP, at=MORNING - 30 * DAY)


def asked(cast: Cast, *, at: datetime, thread: str = "k-1", who: dict[str, Any] = HERS) -> Ticket:
    told = {"thread": thread, "service": "kakao", "from_": "customer", "text": "언제 와요?", "customer": who}
    happens(cast, "message.message", at=at, source="/seoul/kakao", **told)
    return Ticket.objects.get(organization=cast.organization, thread=thread)


def settled(cast: Cast, *, at: datetime, **told: Any) -> Ticket:
    ticket = asked(cast, at=at - HOUR, **told)
    happens(cast, "ticket.resolved", at=at, thread=ticket.thread, agent=cast.agent.email, by="agent")
    return ticket


def test_an_answer_leaves_for_the_messenger_once(cast: Cast, provider: Provider):
    relay(cast, provider)
    ticket = asked(cast, at=MORNING)
    with time_machine.travel(MORNING + HOUR, tick=False):
        for _again in range(2):
            reply_to_ticket(ticket, "내일 도착해요", by=cast.agent, at=MORNING + HOUR, key="a-1")
            send_due(cast.organization)
    ((headers, body),) = provider.posts
    (told,) = provider.texts
    delivery = Delivery.objects.get()
    assert told == {
        "type": "message",
        "id": delivery.key.hex,
        "service": "kakao",
        "account": "kakao:@shop",
        "to": "botUserKey-1",
        "thread": "k-1",
        "text": "내일 도착해요",
    }
    stamp, signed = (part.split("=")[1] for part in headers["X-Cxhub-Signature"].split(","))
    assert signed == hmac.new(b"relay-secret", f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["Idempotency-Key"] == delivery.key.hex


def test_an_answer_that_the_relay_refuses_is_told_in_its_ticket(cast: Cast, provider: Provider):
    relay(cast, provider)
    provider.answers = [400]
    ticket = asked(cast, at=MORNING)
    with time_machine.travel(MORNING + HOUR, tick=False):
        reply_to_ticket(ticket, "내일 도착해요", by=cast.agent, at=MORNING + HOUR)
        send_due(cast.organization)
    event = Event.objects.get(type="delivery.failed")
    assert (event.thread, event.data["channel"], event.data["cause"]) == ("k-1", "message", "declined")


def test_without_a_relay_an_answer_is_history_alone(cast: Cast):
    reply_to_ticket(asked(cast, at=MORNING), "내일 도착해요", by=cast.agent, at=MORNING + HOUR)
    assert not Delivery.objects.exists()


def test_a_resolved_messenger_ticket_is_asked_about_in_the_messenger(cast: Cast, provider: Provider):
    """Before text messages and mail, with the way out, and recorded as everything that is sent."""
    with running_provider() as texts:
        relay(cast, provider)
        connect(cast, texts, at=MORNING - 30 * DAY)
        ask_after(cast, "resolved", at=MORNING - 2 * HOUR)
        ticket = settled(cast, at=MORNING)
        for hours in (1, 2, 3):
            work(cast, MORNING + hours * HOUR)
        assert texts.posts == []
    (told,) = provider.texts
    survey = Survey.objects.get()
    assert (told["account"], told["to"]) == ("kakao:@shop", "botUserKey-1")
    assert f"/s/{survey.key}" in told["text"]
    assert "/stop/" in told["text"]
    event = Event.objects.get(type="survey.sent")
    assert (event.thread, event.time, survey.state) == (ticket.thread, survey.delivery.done_at, "sent")


def test_who_is_known_by_no_id_of_the_messenger_is_asked_by_text(cast: Cast, provider: Provider):
    with running_provider() as texts:
        relay(cast, provider)
        connect(cast, texts, at=MORNING - 30 * DAY)
        ask_after(cast, "resolved", at=MORNING - 2 * HOUR)
        settled(cast, at=MORNING, who={"phone": "010-0123-4567"})
        work(cast, MORNING + HOUR)
        assert (len(texts.posts), provider.posts) == (1, [])


def test_what_the_relay_refuses_goes_by_mail_once(cast: Cast, provider: Provider, sink: Sink):
    make_account(cast)
    relay(cast, provider)
    provider.answers = [400]
    ask_after(cast, "resolved", at=MORNING - 2 * HOUR)
    settled(cast, at=MORNING, who={**HERS, "email": "seoyeon@mail.example"})
    for hours in (1, 2, 3):
        work(cast, MORNING + hours * HOUR)
    assert (len(provider.posts), len(sink.mails)) == (1, 1)
    assert Event.objects.filter(type="survey.sent").count() == 1


def test_the_owner_sets_it(cast: Cast, provider: Provider):
    client = logged_in(cast.owner)
    assert client.get("/settings/messenger/").status_code == 200
    assert client.post("/settings/messenger/", {"is_active": "on", "url": "ftp://x"}).status_code == 422
    assert client.post("/settings/messenger/", {"is_active": "on", "url": provider.url}).status_code == 302
    page = client.get("/settings/messenger/").content.decode()
    assert provider.url in page
    assert logged_in(cast.agent).get("/settings/messenger/").status_code == 404


@pytest.mark.parametrize("external", [{"kakao shop": "x"}, {"kakao:@shop": "x" * 260}])
def test_an_id_that_cannot_be_kept_is_no_way(cast: Cast, provider: Provider, external: dict[str, str]):
    relay(cast, provider)
    reply_to_ticket(asked(cast, at=MORNING, who={"external": external}), "네", by=cast.agent, at=MORNING + HOUR)
    assert not Delivery.objects.exists()
