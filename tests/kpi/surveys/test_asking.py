"""From what happened to a text or a mail: once, at a decent hour, to whom it may be sent, and told when it has gone."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels_app.deliveries.sending import send_due
from channels_app.models import Delivery
from customers.models import Event
from kpi.actions.surveys_settings import Caps, SurveyRefused, set_caps
from kpi.models import Survey, SurveyOptOut
from kpi.queries.survey_settings import settings_of
from kpi.surveys import reasons
from tests.cast import SETUP, Cast
from tests.channels_app.mail.shops import make_account
from tests.channels_app.mail.sink import Sink
from tests.kpi.surveys.shops import Provider, ask_after, buys, called, connect, happens, resolved, work

# Monday, ten in the morning in Seoul.
MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def shop(cast: Cast, provider: Provider) -> Cast:
    connect(cast, provider, at=MORNING - 30 * DAY)
    return cast


def sent(cast: Cast) -> list[Event]:
    return list(Event.objects.filter(organization=cast.organization, type="survey.sent").order_by("time"))


def test_nothing_goes_out_until_it_is_switched_on(shop: Cast, provider: Provider):
    resolved(shop, at=MORNING)
    buys(shop, at=MORNING)
    work(shop, MORNING + 5 * DAY)
    assert provider.posts == []
    assert not Survey.objects.exists()


def test_a_resolved_ticket_is_asked_about_once_by_text(shop: Cast, provider: Provider):
    ask_after(shop, "resolved", at=MORNING - HOUR)
    ticket = resolved(shop, at=MORNING)
    work(shop, MORNING + timedelta(minutes=59))
    assert provider.posts == []
    for minutes in (60, 61, 62, 600):
        work(shop, MORNING + timedelta(minutes=minutes))
    ((headers, body),) = provider.posts
    survey = Survey.objects.get()
    (text,) = provider.texts
    assert (text["to"], text["from"], text["id"]) == ("01001234567", "020000100", survey.delivery.key.hex)
    assert "하늘상회" in text["text"]
    assert f"/s/{survey.key}" in text["text"]
    assert "/stop/" in text["text"]
    assert not any(hers in text["text"] for hers in ("김서연", "4567", ticket.public_id.hex))
    stamp, signed = (part.split("=")[1] for part in headers["X-Cxhub-Signature"].split(","))
    assert signed == hmac.new(b"shared-secret", f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    (event,) = sent(shop)
    assert (event.source, event.thread, event.agent_email) == ("/hub", ticket.thread, shop.agent.email)
    assert event.time == survey.sent_at == survey.delivery.done_at
    ticket.refresh_from_db()
    assert ticket.status == "resolved"


def test_what_could_not_be_sent_is_not_counted_as_sent(shop: Cast, provider: Provider):
    provider.answers = [400]
    ask_after(shop, "resolved", at=MORNING - HOUR)
    resolved(shop, at=MORNING)
    work(shop, MORNING + HOUR)
    work(shop, MORNING + 2 * HOUR)
    assert (len(provider.posts), sent(shop), Survey.objects.get().state) == (1, [], "failed")


def test_a_provider_that_is_away_delays_and_loses_nothing(shop: Cast, provider: Provider):
    provider.answers = [503, 0, 200]
    ask_after(shop, "resolved", at=MORNING - HOUR)
    resolved(shop, at=MORNING)
    for hours in range(1, 6):
        work(shop, MORNING + hours * HOUR)
    assert len(sent(shop)) == 1
    keys = {headers["Idempotency-Key"] for headers, _body in provider.posts}
    assert (len(provider.posts), len(keys)) == (3, 1)


def test_what_may_have_reached_solapi_is_not_sent_again(shop: Cast, provider: Provider):
    provider.answers = [0, 200]
    connect(shop, provider, at=MORNING, provider="solapi", api_key="key")
    ask_after(shop, "resolved", at=MORNING - HOUR)
    resolved(shop, at=MORNING)
    for hours in range(1, 5):
        work(shop, MORNING + hours * HOUR)
    assert (len(provider.posts), sent(shop)) == (1, [])


def test_solapi_gets_what_it_asks_for(shop: Cast, provider: Provider):
    connect(shop, provider, at=MORNING, provider="solapi", api_key="key", kakao_profile="PF", kakao_template="T1")
    ask_after(shop, "resolved", at=MORNING - HOUR)
    resolved(shop, at=MORNING)
    work(shop, MORNING + HOUR)
    ((headers, _body),) = provider.posts
    told = dict(part.split("=", 1) for part in headers["Authorization"].removeprefix("HMAC-SHA256 ").split(", "))
    assert told["ApiKey"] == "key"
    assert (
        told["signature"]
        == hmac.new(b"shared-secret", (told["Date"] + told["salt"]).encode(), hashlib.sha256).hexdigest()
    )
    (message,) = provider.texts[0]["messages"]
    assert (message["type"], message["to"], message["kakaoOptions"]["pfId"]) == ("ATA", "01001234567", "PF")
    assert message["kakaoOptions"]["disableSms"] is False


def test_solapi_says_no(shop: Cast, provider: Provider):
    provider.body = b'{"failedMessageList": [{"statusCode": "1062", "statusMessage": "no such sender"}]}'
    connect(shop, provider, at=MORNING, provider="solapi", api_key="key")
    ask_after(shop, "resolved", at=MORNING - HOUR)
    resolved(shop, at=MORNING)
    work(shop, MORNING + HOUR)
    work(shop, MORNING + HOUR)
    assert (sent(shop), Delivery.objects.get().cause) == ([], "declined")


def test_by_mail_with_a_way_out(cast: Cast, sink: Sink):
    make_account(cast)
    ask_after(cast, "resolved", at=MORNING - HOUR)
    who = {"email": "seoyeon@mail.example"}
    happens(cast, "mail.message", at=MORNING - HOUR / 2, thread="m", from_="customer", text="언제요?", customer=who)
    happens(cast, "ticket.resolved", at=MORNING, thread="m", agent=cast.agent.email, by="agent")
    work(cast, MORNING + HOUR)
    work(cast, MORNING + HOUR)
    (mail,) = sink.mails
    stop = mail["List-Unsubscribe"].strip("<>")
    assert stop.endswith("/stop/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in mail.iter_parts():
        assert stop in part.get_content()
        assert stop.removesuffix("stop/") in part.get_content()
    assert len(sent(cast)) == 1


def test_a_call_is_followed_by_a_link(shop: Cast, provider: Provider):
    ask_after(shop, "call", at=MORNING - HOUR)
    ask_after(shop, "resolved", at=MORNING - HOUR)
    call = called(shop, at=MORNING)
    happens(shop, "ticket.resolved", at=MORNING, thread=call.thread, agent=shop.agent.email, by="agent")
    happens(
        shop,
        "call.queued",
        at=MORNING,
        source="/seoul/call",
        thread="left",
        customer={"phone": "010-0123-9999"},
        **{"from": "010-0123-9999", "to": "1"},
    )
    happens(shop, "call.abandoned", at=MORNING, source="/seoul/call", thread="left")
    work(shop, MORNING + timedelta(minutes=5))
    assert [text["to"] for text in provider.texts] == ["01001234567"]
    assert Survey.objects.get().occasion == "call"


def test_a_purchase_is_followed_some_days_later_and_not_twice_in_ninety(shop: Cast, provider: Provider):
    ask_after(shop, "purchase", at=MORNING - HOUR)
    for day in (0, 1, 20, 60):
        buys(shop, at=MORNING + day * DAY)
        work(shop, MORNING + (day + 3) * DAY)
    assert len(provider.posts) == 1
    assert Survey.objects.filter(reason=reasons.TOO_SOON).count() == 3
    (event,) = sent(shop)
    assert (event.data["survey"], event.thread, event.customer_id) == ("nps", "", Survey.objects.first().customer_id)
    buys(shop, at=MORNING + 100 * DAY)
    work(shop, MORNING + 103 * DAY)
    assert len(provider.posts) == 2


def test_at_most_one_survey_in_seven_days_whatever_about(shop: Cast, provider: Provider):
    for occasion in ("resolved", "call", "ease"):
        ask_after(shop, occasion, at=MORNING - HOUR)
    resolved(shop, at=MORNING)
    called(shop, at=MORNING + HOUR)
    for hours in (1, 2, 3, 24, 72):
        work(shop, MORNING + hours * HOUR)
    assert len(provider.posts) == 1


def test_the_night_is_waited_out(shop: Cast, provider: Provider):
    ask_after(shop, "resolved", at=MORNING - HOUR)
    resolved(shop, at=MORNING + 11 * HOUR)  # 21:00
    work(shop, MORNING + 12 * HOUR)
    work(shop, MORNING + 21 * HOUR)
    assert provider.posts == []
    work(shop, MORNING + 22 * HOUR)  # 8:00
    assert len(provider.posts) == 1


def test_a_provider_that_was_away_in_the_evening_is_not_made_up_for_at_night(shop: Cast, provider: Provider):
    provider.answers = [503, 200]
    ask_after(shop, "resolved", at=MORNING - HOUR)
    resolved(shop, at=MORNING + 9.9 * HOUR)
    work(shop, MORNING + 10.95 * HOUR)
    assert len(provider.posts) == 1
    for hours in (11, 12, 20, 21.9):
        work(shop, MORNING + hours * HOUR)
    assert len(provider.posts) == 1
    work(shop, MORNING + 22.1 * HOUR)
    assert len(provider.posts) == 2


def test_who_wants_none_gets_none_not_even_what_is_on_its_way(shop: Cast, provider: Provider):
    ask_after(shop, "resolved", at=MORNING - HOUR)
    provider.answers = [503]
    resolved(shop, at=MORNING)
    resolved(shop, at=MORNING, phone="010-0123-9999")
    work(shop, MORNING + HOUR)
    assert len(provider.posts) == 2
    happens(shop, "survey.opted_out", at=MORNING + HOUR, source="/seoul/pos", customer={"phone": "010-0123-4567"})
    provider.answers = [200]
    for hours in (2, 3, 4):
        work(shop, MORNING + hours * HOUR)
    assert [text["to"] for text in provider.texts[2:]] == ["01001239999"]
    resolved(shop, at=MORNING + 20 * DAY)
    work(shop, MORNING + 20 * DAY + HOUR)
    assert len(provider.posts) == 3
    happens(shop, "survey.opted_in", at=MORNING + 21 * DAY, source="/seoul/pos", customer={"phone": "010-0123-4567"})
    work(shop, MORNING + 21 * DAY)
    assert not SurveyOptOut.objects.exists()


def test_a_ticket_that_was_opened_again_is_not_asked_about(shop: Cast, provider: Provider):
    ask_after(shop, "resolved", at=MORNING - HOUR)
    ticket = resolved(shop, at=MORNING + 11 * HOUR)
    work(shop, MORNING + 12 * HOUR)
    happens(shop, "ticket.reopened", at=MORNING + 13 * HOUR, thread=ticket.thread)
    work(shop, MORNING + 22 * HOUR)
    assert (provider.posts, Survey.objects.get().reason) == ([], reasons.OPEN_AGAIN)


def test_a_chat_that_asks_by_itself_is_not_asked_about_again(shop: Cast, provider: Provider):
    ask_after(shop, "resolved", at=MORNING - HOUR)
    ticket = resolved(shop, at=MORNING, kind="chat.message")
    happens(shop, "survey.sent", at=MORNING + timedelta(minutes=1), thread=ticket.thread, survey="csat")
    work(shop, MORNING + HOUR)
    assert (provider.posts, Survey.objects.get().reason) == ([], reasons.IN_CHAT)


def test_switched_off_meanwhile(shop: Cast, provider: Provider):
    ask_after(shop, "resolved", at=MORNING - HOUR)
    resolved(shop, at=MORNING + 11 * HOUR)
    work(shop, MORNING + 12 * HOUR)
    ask_after(shop, "resolved", at=MORNING + 13 * HOUR, is_on=False)
    work(shop, MORNING + 22 * HOUR)
    assert (provider.posts, Survey.objects.get().reason) == ([], reasons.SWITCHED_OFF)


def caps(cast: Cast, **changes: Any) -> Caps:
    settings = settings_of(cast.organization)
    return Caps(**{name: getattr(settings, name) for name in Caps.__dataclass_fields__} | changes)


def test_what_advertises_needs_a_contact_a_mark_and_a_deal(shop: Cast, provider: Provider):
    with pytest.raises(SurveyRefused):
        ask_after(shop, "resolved", at=MORNING - HOUR, is_advertising=True)
    set_caps(shop.organization, caps(shop, contact="02-000-0100"), by=SETUP, at=MORNING - HOUR)
    ask_after(shop, "resolved", at=MORNING - HOUR, is_advertising=True)
    buys(shop, at=MORNING - DAY)
    resolved(shop, at=MORNING)
    resolved(shop, at=MORNING, phone="010-0123-9999")
    work(shop, MORNING + HOUR)
    (text,) = provider.texts
    assert text["text"].startswith("(광고) 하늘상회 02-000-0100\n")
    assert "무료 수신거부" in text["text"]
    assert Survey.objects.get(state="dropped").reason == reasons.NO_DEAL


def test_a_survey_told_twice_is_sent_once(shop: Cast, provider: Provider):
    """A worker that died after the provider took it: the delivery is tried again under the same key."""
    ask_after(shop, "resolved", at=MORNING - HOUR)
    resolved(shop, at=MORNING)
    work(shop, MORNING + HOUR)
    Survey.objects.update(state="handed", sent_at=None)
    work(shop, MORNING + 2 * HOUR)
    assert (len(provider.posts), len(sent(shop)), send_due(shop.organization)) == (1, 1, 0)


def agrees(cast: Cast, phone: str, *media: str, at: datetime, kind: str = "consent.given", **more: Any) -> None:
    told = {"media": list(media), "how": "kiosk", "version": "1", "customer": {"phone": phone}, **more}
    happens(cast, kind, at=at, source="/seoul/kiosk", **told)


def test_what_advertises_goes_to_those_who_agreed_and_never_to_those_who_took_it_back(shop: Cast, provider: Provider):
    set_caps(shop.organization, caps(shop, contact="02-000-0100"), by=SETUP, at=MORNING - HOUR)
    ask_after(shop, "resolved", at=MORNING - HOUR, is_advertising=True)
    agreed, by_mail_only, took_back, bought = (f"010-0123-000{n}" for n in range(4))
    agrees(shop, agreed, "sms", at=MORNING - 40 * DAY)
    agrees(shop, by_mail_only, "mail", at=MORNING - 40 * DAY)
    for phone in (took_back, bought):
        buys(shop, at=MORNING - DAY, phone=phone)
    agrees(shop, took_back, "sms", at=MORNING - DAY, kind="consent.withdrawn")
    for phone in (agreed, by_mail_only, took_back, bought):
        resolved(shop, at=MORNING, phone=phone)
    work(shop, MORNING + HOUR)
    assert {text["to"] for text in provider.texts} == {"01001230000", "01001230003"}
    assert set(Survey.objects.filter(state="dropped").values_list("reason", flat=True)) == {reasons.NO_DEAL}


def test_a_consent_taken_back_stops_what_is_on_its_way(shop: Cast, provider: Provider):
    provider.answers = [503, 200]
    set_caps(shop.organization, caps(shop, contact="02-000-0100"), by=SETUP, at=MORNING - HOUR)
    ask_after(shop, "resolved", at=MORNING - HOUR, is_advertising=True)
    agrees(shop, "010-0123-4567", "sms", at=MORNING - 40 * DAY)
    resolved(shop, at=MORNING)
    work(shop, MORNING + HOUR)
    agrees(shop, "010-0123-4567", "sms", at=MORNING + HOUR, kind="consent.withdrawn")
    work(shop, MORNING + 2 * HOUR)
    assert (len(provider.posts), sent(shop), Delivery.objects.get().cause) == (1, [], "not_wanted")
