"""What a customer is told of her consents: the result within two weeks, every two years that they go on, each once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from channels_app.consents.planning import plan_reminders, plan_results
from channels_app.consents.queries import token_for
from channels_app.consents.sending import hand_over_due, tell_what_was_sent
from channels_app.consents.settings_actions import set_consents
from channels_app.deliveries import events
from channels_app.deliveries.actions import resend
from channels_app.deliveries.sending import send_due
from channels_app.models import ConsentNotice, Delivery, DeliveryAttempt
from customers.consenting import Consents
from customers.models import Customer, Event
from customers.queries.consents import consents_of_members
from customers.queries.history import member_ids
from tests.cast import SETUP, Cast, make_organization
from tests.channels_app.mail.shops import make_account
from tests.channels_app.mail.sink import Sink
from tests.customers.counter_people import logged_in
from tests.kpi.surveys.conftest import sink
from tests.kpi.surveys.shops import Provider, connect, happens, running_provider

__all__ = ["sink"]

# Monday, ten in the morning in Seoul.
MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HERS = "010-0123-4567"


@pytest.fixture(autouse=True)
def _worker_is_asked_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_tell_worker", lambda _delivery: None)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    settings.OUTGOING_PRIVATE_HOSTS = ["127.0.0.1"]
    cache.clear()
    with running_provider() as made:
        yield made


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_organization()


@pytest.fixture
def shop(cast: Cast, provider: Provider) -> Cast:
    connect(cast, provider, at=MORNING - 30 * DAY)
    return cast


def says(cast: Cast, kind: str, *media: str, at: datetime, phone: str = HERS, **more: Any) -> None:
    told: dict[str, Any] = {"how": "kiosk", "customer": {"phone": phone}, **more}
    told |= {"media": list(media)} if media else {}
    told |= {"version": "1"} if kind == "given" else {}
    happens(cast, f"consent.{kind}", at=at, source="/seoul/kiosk", **told)


def work(cast: Cast, at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        plan_results(cast.organization, at=at)
        plan_reminders(cast.organization, at=at)
        hand_over_due(cast.organization, at=at)
        send_due(cast.organization)
        tell_what_was_sent(cast.organization, at=at)


def hers(cast: Cast) -> Consents:
    return consents_of_members(cast.organization, member_ids(Customer.objects.get()))


def told(cast: Cast) -> list[tuple[str, Any, str]]:
    rows = Event.objects.filter(organization=cast.organization, type="consent.told").order_by("time")
    return [(event.data["what"], event.data["media"], event.data["medium"]) for event in rows]


def test_the_result_is_told_once_with_sender_day_and_way_out(shop: Cast, provider: Provider):
    set_consents(shop.organization, tells_results=True, reminds=False, contact="02-000-0100", by=SETUP, at=MORNING)
    says(shop, "given", "sms", "kakao", at=MORNING, night=True)
    for minutes in (1, 2, 60):
        work(shop, MORNING + timedelta(minutes=minutes))
    (text,) = provider.texts
    for part in ("하늘상회", "02-000-0100", "2026-11-02", "문자", "/c/"):
        assert part in text["text"]
    assert "(광고)" not in text["text"]
    assert told(shop) == [("result", ["sms", "kakao"], "sms")]
    notice = ConsentNotice.objects.get()
    assert (notice.state, notice.sent_at) == ("sent", notice.delivery.done_at)
    says(shop, "withdrawn", "sms", at=MORNING + 2 * HOUR)
    work(shop, MORNING + 3 * HOUR)
    work(shop, MORNING + 4 * HOUR)
    assert len(provider.posts) == 2
    assert "철회" in provider.texts[1]["text"]
    assert hers(shop).holds("kakao")


def test_a_provider_that_is_away_delays_it_and_each_attempt_is_recorded(shop: Cast, provider: Provider):
    provider.answers = [503, 503, 200]
    says(shop, "given", "sms", at=MORNING)
    for minutes in range(1, 12, 2):
        work(shop, MORNING + timedelta(minutes=minutes))
    outcomes = list(DeliveryAttempt.objects.order_by("number").values_list("outcome", flat=True))
    assert outcomes == ["temporary", "temporary", "sent"]
    assert len(told(shop)) == 1


def test_what_could_not_go_is_not_told_as_told(shop: Cast, provider: Provider):
    provider.answers = [400]
    says(shop, "given", "sms", at=MORNING)
    work(shop, MORNING + HOUR)
    work(shop, MORNING + 2 * HOUR)
    assert (len(provider.posts), told(shop), ConsentNotice.objects.get().state) == (1, [], "failed")
    provider.answers = [200]
    resend(shop.organization, list(Delivery.objects.all()), by=shop.owner, at=MORNING + 3 * HOUR)
    work(shop, MORNING + 3 * HOUR)
    assert (len(told(shop)), ConsentNotice.objects.get().state) == (1, "sent")


def test_what_a_text_does_not_reach_goes_by_mail_once(cast: Cast, sink: Sink, provider: Provider):
    connect(cast, provider, at=MORNING - 30 * DAY)
    make_account(cast)
    provider.answers = [400]
    who = {"phone": HERS, "email": "seoyeon@mail.example"}
    says(cast, "given", "sms", at=MORNING, customer=who)
    for minutes in (1, 2, 3, 60):
        work(cast, MORNING + timedelta(minutes=minutes))
    assert len(provider.posts) == 1
    assert [mail["To"] for mail in sink.mails] == ["seoyeon@mail.example"]
    assert told(cast) == [("result", ["sms"], "mail")]
    states = sorted(Delivery.objects.values_list("account__adapter", "state"))
    assert (states, ConsentNotice.objects.get().state) == ([("mail", "sent"), ("sms", "failed")], "sent")


def test_a_mail_follows_no_text_that_may_have_arrived_nor_what_is_over(cast: Cast, sink: Sink, provider: Provider):
    connect(cast, provider, at=MORNING - 30 * DAY)
    make_account(cast)
    who = {"phone": HERS, "email": "seoyeon@mail.example"}
    says(cast, "given", "sms", at=MORNING, customer=who)
    with time_machine.travel(MORNING + HOUR, tick=False):
        plan_results(cast.organization, at=MORNING + HOUR)
        hand_over_due(cast.organization, at=MORNING + HOUR)
    deliveries = Delivery.objects.all()
    deliveries.update(state="failed", cause="interrupted", done_at=MORNING + HOUR)
    work(cast, MORNING + 2 * HOUR)
    assert (deliveries.count(), ConsentNotice.objects.get().state) == (1, "failed")
    # Taken back before the failure was known: the consent is not told of any more, only the withdrawal.
    provider.answers = [400]
    ConsentNotice.objects.update(state="handed")
    deliveries.update(cause="refused")
    says(cast, "withdrawn", "sms", at=MORNING + 3 * HOUR, customer=who)
    for hours in (3.1, 3.2, 3.3):
        work(cast, MORNING + hours * HOUR)
    assert len(sink.mails) == 1
    assert sorted(ConsentNotice.objects.values_list("state", flat=True)) == ["failed", "sent"]


def test_the_night_is_waited_out(shop: Cast, provider: Provider):
    says(shop, "given", "sms", at=MORNING + 11 * HOUR)
    work(shop, MORNING + 12 * HOUR)
    work(shop, MORNING + 21.9 * HOUR)
    assert provider.posts == []
    work(shop, MORNING + 22.1 * HOUR)
    assert len(provider.posts) == 1


def test_what_is_not_so_any_more_is_not_told(shop: Cast, provider: Provider):
    says(shop, "given", "sms", at=MORNING + 11 * HOUR)
    work(shop, MORNING + 12 * HOUR)
    says(shop, "withdrawn", "sms", at=MORNING + 13 * HOUR)
    work(shop, MORNING + 23 * HOUR)
    assert len(provider.posts) == 1
    assert "철회" in provider.texts[0]["text"]
    assert set(ConsentNotice.objects.values_list("state", "reason")) == {("sent", ""), ("dropped", "over")}


def test_older_ones_and_those_without_a_way_are_not_told(shop: Cast, provider: Provider):
    says(shop, "given", "sms", at=MORNING - 15 * DAY)
    told = {"how": "web", "version": "1", "media": ["mail"], "customer": {"email": "her@mail.example"}}
    happens(shop, "consent.given", at=MORNING, source="/seoul/kiosk", **told)
    work(shop, MORNING + HOUR)
    assert provider.posts == []
    assert [one.reason for one in ConsentNotice.objects.all()] == ["no_way"]


def test_switched_off_nothing_goes(shop: Cast, provider: Provider):
    set_consents(shop.organization, tells_results=False, reminds=False, contact="", by=SETUP, at=MORNING)
    says(shop, "given", "sms", at=MORNING)
    says(shop, "given", "sms", at=MORNING - 800 * DAY, phone="010-0123-0001")
    work(shop, MORNING + HOUR)
    assert not ConsentNotice.objects.exists()


def test_by_mail_with_a_button_of_the_mail_program(cast: Cast, sink: Sink):
    make_account(cast)
    happens(
        cast,
        "consent.given",
        at=MORNING,
        customer={"email": "seoyeon@mail.example"},
        media=["mail"],
        how="web",
        text="동의합니다",
    )
    work(cast, MORNING + HOUR)
    (mail,) = sink.mails
    link = mail["List-Unsubscribe"].strip("<>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = link[link.index("/c/") :]
    assert Client().post(path, {"List-Unsubscribe": "One-Click"}).status_code == 303
    assert not hers(cast).holds("mail")


def test_after_two_years_she_is_reminded_once_of_all_that_stands(shop: Cast, provider: Provider):
    set_consents(shop.organization, tells_results=True, reminds=True, contact="02-000-0100", by=SETUP, at=MORNING)
    says(shop, "given", "sms", "mail", at=MORNING - 731 * DAY)
    says(shop, "given", "kakao", at=MORNING - 100 * DAY)
    says(shop, "given", "sms", at=MORNING - 800 * DAY, phone="010-0123-0001")
    says(shop, "withdrawn", at=MORNING - 700 * DAY, phone="010-0123-0001")
    for hours in (1, 2, 30):
        work(shop, MORNING + hours * HOUR)
    (text,) = provider.texts
    assert "2024-11-01" in text["text"]
    assert "카카오" not in text["text"]
    assert told(shop) == [("reconfirmation", ["sms", "mail"], "sms")]
    work(shop, MORNING + 640 * DAY)  # the one by KakaoTalk is two years old by now
    assert [media for _what, media, _medium in told(shop)] == [["sms", "mail"], ["kakao"]]
    work(shop, MORNING + 735 * DAY)
    assert [media for _what, media, _medium in told(shop)][2:] == [["sms", "mail"]]


def test_her_page_keeps_and_takes_back_and_a_get_changes_nothing(shop: Cast, provider: Provider):
    set_consents(shop.organization, tells_results=True, reminds=True, contact="", by=SETUP, at=MORNING)
    says(shop, "given", "sms", at=MORNING - 731 * DAY)
    work(shop, MORNING)
    notice = ConsentNotice.objects.get()
    address, browser = f"/c/{token_for(notice)}/", Client(enforce_csrf_checks=True)
    page = browser.get(address).content.decode()
    for part in ("하늘상회", "2024-11-01", "문자"):
        assert part in page
    assert HERS[-4:] not in page
    browser.get(f"{address}?keep=1&stop=1")
    browser.head(address)
    assert Event.objects.filter(type="consent.given").count() == 1
    with time_machine.travel(MORNING + HOUR, tick=False):
        assert browser.post(address, {"keep": "1"}).status_code == 303
    kept = Event.objects.filter(type="consent.given").latest("time")
    assert (kept.data["how"], kept.data["media"], kept.source) == ("web", ["sms"], "/hub")
    assert "하늘상회" in kept.text
    with time_machine.travel(MORNING + 2 * HOUR, tick=False):
        for _twice in range(2):
            assert browser.post(address, {"stop": "1"}).status_code == 303
        assert Event.objects.filter(type="consent.withdrawn").count() == 1
        page = browser.get(f"{address}?lang=en").content.decode()
    assert "You get no advertising from us." in page
    work(shop, MORNING + 3 * HOUR)
    assert len(provider.posts) == 1, "her page has told her"
    assert set(ConsentNotice.objects.exclude(pk=notice.pk).values_list("reason", flat=True)) == {"on_page"}


@pytest.mark.parametrize("token", ["x", "a" * 23, "한" * 23, "a" * 400])
def test_a_forged_link_leads_to_a_page_that_says_so(shop: Cast, token: str):
    for answer in (Client().get(f"/c/{token}/"), Client().post(f"/c/{token}/")):
        assert answer.status_code == 404


def test_two_workers_hand_over_once(shop: Cast, provider: Provider):
    says(shop, "given", "sms", at=MORNING)
    for _again in range(3):
        plan_results(shop.organization, at=MORNING)
    ConsentNotice.objects.get()
    assert sum(hand_over_due(shop.organization, at=MORNING) for _again in range(3)) == 1
    assert Delivery.objects.filter(kind="consent").count() == 1


def test_the_owner_decides_and_sees_how_they_went(shop: Cast, provider: Provider):
    client = logged_in(shop.owner)
    page = client.get("/settings/consents/").content.decode()
    assert page.count('type="checkbox"') >= 2
    assert client.post("/settings/consents/", {"reminds": "on", "contact": "02-000-0100"}).status_code == 302
    assert client.post("/settings/consents/", {"contact": "x" * 61}).status_code == 422
    assert logged_in(shop.agent).get("/settings/consents/").status_code == 404
    settings = shop.organization
    assert not ConsentNotice.objects.filter(organization=settings).exists()
