"""Alarms of customers' voices: what raises one, who is told, once, and by which ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import AuditEntry
from tests.cast import Cast, make_organization
from tests.voc.spoken import speak, topic_of
from tests.voc.voices import PHONE, chat, say_and_hear
from tickets.actions.alarms import set_mailed as set_alarm_mails
from tickets.models import Topic
from voc.actions import alarms
from voc.actions.alarms import watch_voices
from voc.actions.mails import send_voice_mails
from voc.models import Voice, VoiceAlarm, VoiceMail, VoiceNotice, VoiceWatch

# A Thursday, ten in the morning in Seoul.
NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
BACKEND = "accounts.backends.PersonBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


@pytest.fixture
def mailed(settings: Any) -> Any:
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return settings


def quiet_weeks(cast: Cast, *, a_week: int = 4, **places: Any) -> None:
    """Eight weeks in which somebody complains of the delivery now and then."""
    topic = topic_of(cast.organization)
    for week in range(9):
        for number in range(a_week):
            speak(cast.organization, at=NOW - timedelta(days=7 * week + number + 1.5), topic=topic, **places)


def a_rise(cast: Cast, *, count: int = 24, **places: Any) -> None:
    topic = topic_of(cast.organization)
    for number in range(count):
        text = "송장이 안 떠요." if number % 2 else "송장은 언제 나와요?"
        speak(cast.organization, at=NOW - timedelta(days=1, hours=number), topic=topic, text=text, **places)


def told(alarm: VoiceAlarm) -> set[str]:
    return {notice.person.email.split("@")[0] for notice in alarm.notices.select_related("person")}


def test_a_topic_beyond_its_usual_week_is_told_to_its_lead_and_to_the_owner(cast: Cast):
    quiet_weeks(cast, center=cast.seoul)
    a_rise(cast, center=cast.seoul)
    watch_voices(cast.organization, at=NOW)
    whole, seoul = VoiceAlarm.objects.order_by("-is_of_all")
    assert (whole.kind, whole.topic.slug, whole.word) == ("rise", "delivery", "송장")
    assert whole.count > 20
    assert 3 < whole.usual < 5
    # All of it was said in one center: the owner reads where.
    assert whole.center == cast.seoul
    assert told(whole) == {"owner"}
    assert told(seoul) == {"lead"}


def test_usual_weeks_raise_nothing(cast: Cast):
    quiet_weeks(cast, a_week=6, center=cast.seoul)
    assert watch_voices(cast.organization, at=NOW) == []


def test_sentences_of_one_conversation_are_no_rise(cast: Cast):
    quiet_weeks(cast, center=cast.seoul)
    a_rise(cast, thread="chat:angry", center=cast.seoul)
    assert watch_voices(cast.organization, at=NOW) == []


def test_a_part_is_told_rather_than_its_whole(cast: Cast):
    whole = topic_of(cast.organization)
    part = Topic.objects.create(organization=cast.organization, slug="delivery.late", name="지연", parent=whole)
    quiet_weeks(cast, center=cast.seoul)
    for number in range(24):
        speak(cast.organization, at=NOW - timedelta(days=1, hours=number), topic=part, center=cast.seoul)
    assert {alarm.topic for alarm in watch_voices(cast.organization, at=NOW)} == {part}


def test_praise_is_no_alarm(cast: Cast):
    quiet_weeks(cast, center=cast.seoul)
    a_rise(cast, sentiment=1, center=cast.seoul)
    assert watch_voices(cast.organization, at=NOW) == []


def test_without_a_history_nobody_knows_what_is_usual(cast: Cast):
    a_rise(cast, center=cast.seoul)
    assert watch_voices(cast.organization, at=NOW) == []


def test_what_goes_on_rising_is_told_once(cast: Cast):
    quiet_weeks(cast, center=cast.seoul)
    a_rise(cast, center=cast.seoul)
    assert len(watch_voices(cast.organization, at=NOW)) == 2
    for days in (0, 1, 3, 6):
        assert watch_voices(cast.organization, at=NOW + timedelta(days=days)) == []


def test_rises_are_looked_for_once_a_morning(cast: Cast):
    watch_voices(cast.organization, at=NOW)
    assert str(VoiceWatch.objects.get().looked_on) == "2026-11-26"
    quiet_weeks(cast, center=cast.seoul)
    a_rise(cast, center=cast.seoul)
    at_seven = NOW + timedelta(hours=21)
    assert watch_voices(cast.organization, at=at_seven) == []
    assert watch_voices(cast.organization, at=at_seven + timedelta(hours=1)) != []


def test_a_severe_word_is_told_at_once_to_lead_and_store(cast: Cast):
    speak(cast.organization, at=NOW, severity="law", thread="chat:1", center=cast.seoul, store=cast.gangnam)
    speak(cast.organization, at=NOW, severity="law", thread="chat:1", center=cast.seoul, store=cast.gangnam)
    speak(cast.organization, at=NOW, severity="safety", thread="chat:1", center=cast.seoul, store=cast.gangnam)
    speak(cast.organization, at=NOW - timedelta(days=3), severity="press", thread="chat:old", center=cast.seoul)
    watch_voices(cast.organization, at=NOW)
    assert sorted(VoiceAlarm.objects.values_list("severity", flat=True)) == ["law", "safety"]
    assert told(VoiceAlarm.objects.get(severity="law")) == {"lead", "store"}
    assert watch_voices(cast.organization, at=NOW) == []


def test_a_severe_word_comes_through_the_real_door(cast: Cast):
    heard = say_and_hear(cast.organization, chat("1", "소비자원에 신고하겠습니다. 고소할 거예요."))
    assert {one.severity for one in heard} - {""} == {"law"}
    raised = watch_voices(cast.organization, at=heard[-1].time + timedelta(minutes=1))
    assert [alarm.kind for alarm in raised] == ["severe"]


def test_several_customers_with_one_trouble_in_a_store(cast: Cast):
    topic = topic_of(cast.organization)
    places = {"topic": topic, "store": cast.gangnam, "center": cast.seoul}
    speak(cast.organization, at=NOW - timedelta(hours=3), **places)
    speak(cast.organization, at=NOW - timedelta(hours=2), **places)
    assert watch_voices(cast.organization, at=NOW) == []
    speak(cast.organization, at=NOW - timedelta(minutes=2), **places)
    (alarm,) = watch_voices(cast.organization, at=NOW)
    assert (alarm.kind, alarm.store, alarm.count) == ("store", cast.gangnam, 3)
    assert told(alarm) == {"lead", "store"}
    speak(cast.organization, at=NOW, **places)
    assert watch_voices(cast.organization, at=NOW) == []


def test_one_customer_who_says_it_thrice_is_not_several(cast: Cast):
    say_and_hear(cast.organization, chat("1", "안녕하세요."))
    customer = Voice.objects.get().customer
    topic = topic_of(cast.organization)
    for hours in (1, 2, 3):
        speak(cast.organization, at=NOW - timedelta(hours=hours), topic=topic, store=cast.gangnam, customer=customer)
    assert watch_voices(cast.organization, at=NOW) == []


def test_where_it_is_said_each_day_three_are_nothing(cast: Cast):
    topic = topic_of(cast.organization)
    for number in range(160):
        speak(cast.organization, at=NOW - timedelta(hours=8 * number + 5), topic=topic, store=cast.gangnam)
    VoiceWatch.objects.create(organization=cast.organization, looked_on=NOW.date())
    for minutes in (5, 10, 15):
        speak(cast.organization, at=NOW - timedelta(minutes=minutes), topic=topic, store=cast.gangnam)
    assert watch_voices(cast.organization, at=NOW) == []


class Killed(BaseException):
    """As a power cut ends a worker."""


def test_killed_before_any_statement_each_is_told_once(cast: Cast, mailed: Any):
    speak(cast.organization, at=NOW, severity="law", center=cast.seoul, store=cast.gangnam)
    for step in range(1, 100):
        left = step

        def cut(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
            nonlocal left
            left -= 1
            if not left:
                raise Killed
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(cut):
                watch_voices(cast.organization, at=NOW)
        except Killed:
            continue
        break
    assert step > 8
    assert (VoiceAlarm.objects.count(), VoiceNotice.objects.count(), VoiceMail.objects.count()) == (1, 2, 2)


def test_the_key_stands_once(cast: Cast):
    voice = speak(cast.organization, at=NOW, severity="law")
    fields = {"organization": cast.organization, "kind": "severe", "key": "k", "voice": voice}
    times = {"since": NOW, "until": NOW, "raised_at": NOW}
    VoiceAlarm.objects.create(**fields, **times)
    with pytest.raises(IntegrityError), transaction.atomic():
        VoiceAlarm.objects.create(**fields, **times)


def test_of_two_workers_one_tells(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    speak(cast.organization, at=NOW, severity="law", center=cast.seoul)
    real, is_first = alarms.severe_words, [True]

    def other_meanwhile(organization, *, at):  # type: ignore[no-untyped-def]
        found = real(organization, at=at)
        if is_first.pop() if is_first else False:
            watch_voices(organization, at=at)
        return found

    monkeypatch.setattr(alarms, "severe_words", other_meanwhile)
    watch_voices(cast.organization, at=NOW)
    assert (VoiceAlarm.objects.count(), VoiceNotice.objects.count()) == (1, 1)


def test_one_mail_tells_all_of_a_look_and_nothing_that_was_read(cast: Cast, mailed: Any):
    speak(cast.organization, at=NOW, severity="law", center=cast.seoul)
    speak(cast.organization, at=NOW, severity="safety", center=cast.seoul)
    watch_voices(cast.organization, at=NOW)
    assert send_voice_mails(cast.organization) == 1
    (letter,) = mail.outbox
    assert letter.to == [cast.lead.email]
    assert letter.body.count("\n- ") == 2
    assert "/voc/alarms/" in letter.body
    assert send_voice_mails(cast.organization) == 0
    speak(cast.organization, at=NOW, severity="press", center=cast.seoul)
    watch_voices(cast.organization, at=NOW)
    alarms.mark_read(cast.lead, None, at=NOW)
    assert send_voice_mails(cast.organization) == 0
    assert VoiceMail.objects.filter(done_at=None).count() == 0


def test_who_has_switched_alarm_mails_off_gets_none(cast: Cast, mailed: Any):
    set_alarm_mails(cast.lead, is_mailed=False)
    speak(cast.organization, at=NOW, severity="law", center=cast.seoul)
    watch_voices(cast.organization, at=NOW)
    assert VoiceNotice.objects.count() == 1
    assert VoiceMail.objects.count() == 0


def test_the_bell_counts_it_and_says_it(cast: Cast, client: Client):
    speak(cast.organization, at=NOW, severity="law", center=cast.seoul, store=cast.gangnam)
    watch_voices(cast.organization, at=NOW)
    for person in (cast.lead, cast.store_staff):
        client.force_login(person, backend=BACKEND)
        news = client.get("/alarms/bell/").content.decode()
        assert 'data-count="1"' in news
        assert "/voc/alarms/" in news
    client.force_login(cast.agent, backend=BACKEND)
    assert 'data-count="0"' in client.get("/alarms/bell/").content.decode()


def test_reading_one_leads_to_what_was_said_and_is_logged(cast: Cast, client: Client):
    heard = say_and_hear(cast.organization, chat("1", "소비자원에 신고하겠습니다."))
    Voice.objects.update(store=cast.gangnam)
    watch_voices(cast.organization, at=heard[0].time)
    for person, shows_name in ((cast.lead, True), (cast.store_staff, False)):
        notice = VoiceNotice.objects.get(person=person)
        client.force_login(person, backend=BACKEND)
        assert notice.alarm.kind == "severe"
        assert "소비자원" not in client.get("/voc/alarms/").content.decode()
        response = client.post(f"/voc/alarms/{notice.public_id}/read/", follow=True)
        page = response.content.decode()
        assert "소비자원에 신고하겠습니다" in page
        # The store sees customers masked.
        assert ("김서연" in page) is shows_name
        assert PHONE not in page
        notice.refresh_from_db()
        assert notice.read_at is not None
        assert AuditEntry.objects.filter(by=person, action="voc.view").exists()


def test_another_persons_notice_is_nowhere(cast: Cast, client: Client):
    speak(cast.organization, at=NOW, severity="law", center=cast.seoul)
    watch_voices(cast.organization, at=NOW)
    client.force_login(cast.owner, backend=BACKEND)
    notice = VoiceNotice.objects.get(person=cast.lead)
    assert client.get(f"/voc/alarms/{notice.public_id}/").status_code == 404
    assert client.post(f"/voc/alarms/{notice.public_id}/read/").status_code == 404
