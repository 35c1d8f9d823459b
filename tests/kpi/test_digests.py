"""The mail with the figures: intended once, sent once over a real connection, with the numbers of the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Role
from kpi import digest
from kpi.actions import digests
from kpi.models import DigestAttempt, DigestMail
from tests.cast import make_person
from tests.channels_app.mail.sink import Sink, running_sink
from tests.kpi.mornings import BAD, GOOD, Shop, make_shop, make_weeks
from tickets.models import Topic
from voc.queries.digest import RisingTopic

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with running_sink() as sink:
        settings.SENDS_MAIL = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 5
        yield sink


def _at(shop: Shop, hour: int, minute: int = 0, days: int = 0) -> datetime:
    """This week's Monday at so many o'clock in Seoul."""
    day = shop.monday + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=shop.cast.organization.zone)


def _plan(shop: Shop, at: datetime) -> int:
    return digests.plan_digests(shop.cast.organization, at=at)


@pytest.mark.usefixtures("sink")
def test_on_monday_at_nine_an_owner_is_to_get_one_and_only_one() -> None:
    shop = make_shop()
    assert _plan(shop, _at(shop, 8, 59)) == 0
    assert _plan(shop, _at(shop, 9)) == 1
    assert _plan(shop, _at(shop, 9, 1)) == 0
    mail = DigestMail.objects.get()
    assert (mail.person, mail.rhythm, mail.day) == (shop.cast.owner, "weekly", shop.monday)
    assert mail.due_at == _at(shop, 9).astimezone(UTC)
    # Tuesday brings none; a hub that was off on Monday morning makes up for it in the evening.
    assert _plan(shop, _at(shop, 9, days=1)) == 0
    DigestMail.objects.all().delete()
    assert _plan(shop, _at(shop, 23, 59)) == 1


@pytest.mark.usefixtures("sink")
def test_each_decides_for_herself() -> None:
    shop = make_shop()
    lead = shop.logged_in("lead")
    lead.post("/settings/figure-mails/", {"daily": "on"})
    shop.logged_in("owner").post("/settings/figure-mails/", {})
    assert _plan(shop, _at(shop, 9)) == 1
    assert (DigestMail.objects.get().person, DigestMail.objects.get().rhythm) == (shop.cast.lead, "daily")
    assert "checked" in lead.get("/settings/figure-mails/").content.decode()
    # Who no longer wants it when its turn comes gets none.
    lead.post("/settings/figure-mails/", {})
    digests.send_digests(shop.cast.organization)
    assert DigestMail.objects.get().failure == "not wanted any more"


def test_without_a_mail_server_nothing_is_intended(settings: Any) -> None:
    settings.SENDS_MAIL = False
    shop = make_shop()
    assert _plan(shop, _at(shop, 9)) == 0


def test_the_mail_says_what_the_api_says(sink: Sink) -> None:
    shop = make_weeks()
    _plan(shop, _at(shop, 9))
    assert digests.send_digests(shop.cast.organization) == 1
    (mail,) = sink.mails
    assert mail["To"] == shop.cast.owner.email
    assert "지난주 지표" in mail["Subject"]
    plain = mail.get_body(("plain",)).get_content()
    page = mail.get_body(("html",)).get_content()
    (told,) = shop.house.ask(**shop.last_week)["groups"]
    for text in (plain, page):
        assert f"{told['csat']['ratio'] * 100:.1f}%" in text
        assert f"n={told['first_response']['n']}" in text
        assert "첫 응답을 한 비율이 나빠졌어요" in text
        assert f"부산 고객센터 {GOOD}건 중 {BAD}건" in text
        # A mailbox is no place for a number.
        assert "010-1234-5678" not in text
        assert "답변이 너무 늦어요 010-****-5678" in text
        assert "매출" in text
    (query,) = set(re.findall(r"/kpi/tickets/\?([^\"\s]*figure=first_response_within_target[^\"\s]*)", plain))
    assert f"집계 {BAD}건" in shop.logged_in("owner").get(f"/kpi/tickets/?{query}").content.decode()
    assert "보냄" in shop.logged_in("owner").get("/settings/figure-mails/").content.decode()
    # Done is done.
    assert digests.send_digests(shop.cast.organization) == 0
    assert [attempt.failure for attempt in DigestAttempt.objects.all()] == [""]


def test_a_lead_is_told_of_her_centers_alone(sink: Sink) -> None:
    shop = make_weeks()
    shop.logged_in("owner").post("/settings/figure-mails/", {})
    shop.logged_in("lead").post("/settings/figure-mails/", {"weekly": "on"})
    _plan(shop, _at(shop, 9))
    digests.send_digests(shop.cast.organization)
    (mail,) = sink.mails
    assert "부산" not in mail.get_body(("html",)).get_content()
    assert "너무 늦어요" not in mail.get_body(("html",)).get_content()


def test_a_mail_server_that_is_away_is_tried_again_and_each_try_is_kept(sink: Sink) -> None:
    shop = make_weeks()
    _plan(shop, _at(shop, 9))
    sink.answers["CONTENT"] = "451 4.3.0 come again"
    assert digests.send_digests(shop.cast.organization) == 0
    mail = DigestMail.objects.get()
    assert mail.done_at is None
    assert mail.due_at > timezone.now()
    # It waits for its next turn, and a worker that holds it is not overtaken.
    assert digests.send_digests(shop.cast.organization) == 0
    sink.answers.clear()
    DigestMail.objects.update(due_at=timezone.now())
    assert digests.send_digests(shop.cast.organization) == 1
    assert [bool(attempt.failure) for attempt in DigestAttempt.objects.order_by("pk")] == [True, False]
    # By its name a mail server knows that it has it already.
    assert list(sink.copies.values()) == [2]


@pytest.mark.usefixtures("sink")
def test_a_worker_that_died_is_taken_over() -> None:
    shop = make_weeks()
    _plan(shop, _at(shop, 9))
    DigestMail.objects.update(claimed_at=timezone.now(), attempts=1)
    assert digests.send_digests(shop.cast.organization) == 0
    DigestMail.objects.update(claimed_at=timezone.now() - timedelta(minutes=5))
    assert digests.send_digests(shop.cast.organization) == 1


def test_where_nothing_happened_no_mail_goes_out(sink: Sink) -> None:
    shop = make_shop()
    make_person(shop.cast.organization, "second", role=Role.OWNER)
    assert _plan(shop, _at(shop, 9)) == 2
    digests.send_digests(shop.cast.organization)
    assert not sink.mails
    assert {mail.failure for mail in DigestMail.objects.all()} == {"nothing to tell"}


def test_topics_that_clearly_rose_are_told(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_weeks()
    topic = Topic(organization=shop.cast.organization, slug="delivery", name="배송")
    told = [
        RisingTopic(topic, 14, 3, "배송이 너무 늦어요", "/voices/x/", is_clear=True),
        RisingTopic(topic, 4, 3, "우연일 수 있어요", "/voices/y/"),
    ]
    monkeypatch.setattr(digest, "rising_for", lambda *_args, **_told: told)
    _plan(shop, _at(shop, 9))
    digests.send_digests(shop.cast.organization)
    for kind in ("plain", "html"):
        text = sink.mails[0].get_body((kind,)).get_content()
        assert "3 → 14" in text
        assert "배송이 너무 늦어요" in text
        assert "우연일" not in text
