"""The weekly mail: the three topics that rose, on Monday at nine, once for each reader, over a real mail server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from tests.cast import Cast, make_organization
from tests.channels_app.mail.sink import Sink, running_sink
from tests.voc.spoken import speak, topic_of
from voc import tasks
from voc.actions.mails import digest_week, lay_digests, send_voice_mails, set_digest
from voc.models import DigestSettings, VoiceMail
from voc.queries.digest import rising_for

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SEOUL)
SINCE, UNTIL = datetime(2026, 11, 16, tzinfo=SEOUL), datetime(2026, 11, 23, tzinfo=SEOUL)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with running_sink() as sink:
        settings.SENDS_MAIL = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 1
        yield sink


def a_week(cast: Cast) -> None:
    """Delivery rises from 4 to 30, price from 5 to 8, waiting falls, praise rises."""
    topics = {
        slug: topic_of(cast.organization, slug, name)
        for slug, name in (("delivery", "배송"), ("price", "가격"), ("waiting", "대기"), ("praise", "칭찬"))
    }
    numbers = {"delivery": (4, 30, -1), "price": (5, 8, -1), "waiting": (9, 2, -1), "praise": (1, 20, 1)}
    for slug, (before, now, mood) in numbers.items():
        for count, begin in ((before, SINCE - timedelta(days=7)), (now, SINCE)):
            for number in range(count):
                text = (
                    f"{topics[slug].name} 때문에 연락드려요. 010-1234-5678"
                    if slug == "delivery"
                    else "말이 있어요 그렇죠"
                )
                speak(
                    cast.organization,
                    at=begin + timedelta(hours=5 * number + 1),
                    topic=topics[slug],
                    sentiment=mood,
                    center=cast.seoul,
                    text=text,
                )


def test_what_rose_with_a_sentence_for_each(cast: Cast):
    a_week(cast)
    first, second = rising_for(cast.organization, SINCE, UNTIL)
    assert (first.topic.slug, first.count, first.before, first.is_clear) == ("delivery", 30, 4, True)
    assert (second.topic.slug, second.is_clear) == ("price", False)
    assert first.sentence.startswith("배송 때문에")
    assert "1234" not in first.sentence
    assert first.url == f"/voc/topics/{first.topic.public_id}/?from=2026-11-16&to=2026-11-22"
    assert rising_for(cast.organization, SINCE, UNTIL, person=cast.outsider) == []


def test_it_is_due_on_monday_at_nine_in_the_shops_own_zone(cast: Cast):
    assert digest_week(cast.organization, MONDAY) == MONDAY.date()
    assert digest_week(cast.organization, MONDAY - timedelta(seconds=1)) is None
    assert digest_week(cast.organization, MONDAY + timedelta(days=1, hours=20)) == MONDAY.date()
    # A hub that was off till Thursday sends no old news.
    assert digest_week(cast.organization, MONDAY + timedelta(days=3)) is None
    cast.organization.timezone = "America/New_York"
    assert digest_week(cast.organization, MONDAY) is None


def test_each_reader_gets_it_once(cast: Cast, sink: Sink):
    a_week(cast)
    with time_machine.travel(MONDAY.astimezone(UTC), tick=False):
        for _round in range(3):
            tasks.send_all_voice_mails()
    assert sorted(letter["To"] for letter in sink.mails) == [cast.lead.email, cast.owner.email]
    assert set(sink.copies.values()) == {1}
    letter = sink.mails[0]
    assert "배송" in str(letter["Subject"])
    plain = letter.get_body(("plain",)).get_content()
    drawn = letter.get_body(("html",)).get_content()
    for body in (plain, drawn):
        assert "배송" in body
        assert "http" in body
        assert "1234" not in body
    with time_machine.travel((MONDAY + timedelta(days=7)).astimezone(UTC), tick=False):
        tasks.send_all_voice_mails()
    assert len(sink.mails) == 4


def test_a_server_that_is_away_is_asked_again(cast: Cast, sink: Sink):
    sink.answers["MAIL"] = "451 later"
    with time_machine.travel(MONDAY.astimezone(UTC), tick=False):
        lay_digests(cast.organization, at=MONDAY)
        assert send_voice_mails(cast.organization) == 0
    sink.answers.clear()
    with time_machine.travel((MONDAY + timedelta(minutes=3)).astimezone(UTC), tick=False):
        assert lay_digests(cast.organization, at=MONDAY) == 0
        assert send_voice_mails(cast.organization) == 2
    assert VoiceMail.objects.filter(done_at=None).count() == 0


def test_who_does_not_want_it_gets_none(cast: Cast, sink: Sink, client: Client):
    set_digest(cast.owner, is_mailed=False)
    assert lay_digests(cast.organization, at=MONDAY) == 1
    client.force_login(cast.lead, backend="accounts.backends.PersonBackend")
    client.post("/voc/alarms/digest/", {"mails": "off"})
    assert DigestSettings.objects.filter(is_mailed=False).count() == 2
    with time_machine.travel(MONDAY.astimezone(UTC), tick=False):
        assert send_voice_mails(cast.organization) == 0
    assert sink.mails == []


def test_without_a_mail_server_nothing_is_put_on_its_way(cast: Cast, settings: Any):
    settings.SENDS_MAIL = False
    assert lay_digests(cast.organization, at=MONDAY) == 0


def test_a_quiet_week_says_so(cast: Cast, sink: Sink):
    with time_machine.travel(MONDAY.astimezone(UTC), tick=False):
        tasks.send_all_voice_mails()
    assert len(sink.mails) == 2
