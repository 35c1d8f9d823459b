"""Whose words are heard, and that each is heard once, whatever happens on the way."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from unittest.mock import patch

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organization
from channels_app.intake import receive
from tests.cast import Cast, make_bare_organization, make_center, make_organization, make_store
from tests.channels_app.envelopes import AT, envelope
from tests.voc.voices import NOW, PHONE, SENDER, chat, hear, picture, say, say_and_hear, voices
from voc.actions.listening import listen
from voc.models import Heard, Listening, Tagging, Voice

HERS = {"phone": PHONE, "name": "김서연"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def test_each_sentence_of_hers_becomes_a_voice_in_its_place(cast: Cast):
    text = "배송이 안 와요. 직원은 친절해요!"
    first, second = say_and_hear(cast.organization, chat("1", text))
    assert [text[one.start : one.end] for one in (first, second)] == [first.text, second.text]
    assert (first.customer.name, first.channel, first.center, first.thread) == ("김서연", "chat", cast.seoul, "chat:1")
    assert (first.sentiment, second.sentiment) == (-1, 1)
    tagging = Tagging.objects.get(voice=first)
    assert tagging.is_current
    assert tagging.version


def test_nobody_elses_words_are_heard(cast: Cast):
    heard = say_and_hear(
        cast.organization,
        chat("1", "재고 있나요?"),
        chat("2", "안녕하세요, 불편을 드려 죄송합니다.", from_="agent", agent="agent@haneul.example", minutes=1),
        chat("3", "상담원에게 연결합니다.", from_="bot", minutes=2),
        chat("4", "상담원 연결", minutes=3, input="button"),
        envelope("5", "note.added", thread="chat:1", agent="agent@haneul.example", text="화가 많이 나심", minutes=4),
    )
    assert [one.text for one in heard] == ["재고 있나요?"]


def test_of_a_call_the_customers_segments_are_heard(cast: Cast):
    segments = [
        {"speaker": "agent", "text": "무엇을 도와드릴까요?"},
        {"speaker": "customer", "text": "코트가 뜯어졌어요."},
        {"speaker": "customer", "text": "환불해 주세요."},
    ]
    heard = say_and_hear(
        cast.organization,
        envelope("q", "call.queued", source="/seoul/call", customer=HERS, thread="call:1", to="1", from_="2"),
        envelope("t", "call.transcript", source="/seoul/call", thread="call:1", minutes=5, segments=segments),
    )
    assert [(one.part, one.text, one.channel) for one in heard] == [
        (1, "코트가 뜯어졌어요.", "call"),
        (2, "환불해 주세요.", "call"),
    ]


def test_a_mail_is_heard_without_what_it_quotes_and_without_its_signature(cast: Cast):
    text = (
        "배송이 너무 늦어요.\n\n김서연 드림\n010-0123-4567\n\n"
        "2026년 1월 5일 (월) 오후 2:03, 하늘상회 <cs@haneul.example>님이 작성:\n> 불량이라 죄송합니다."
    )
    heard = say_and_hear(
        cast.organization,
        envelope(
            "m", "mail.message", source="/seoul/mail", customer=HERS, thread="mail:1", from_="customer", text=text
        ),
    )
    assert [one.text for one in heard] == ["배송이 너무 늦어요."]


def test_the_names_of_a_mails_pictures_are_no_words_of_hers(cast: Cast):
    shown = {"name": "image.png", "id": "0" * 32, "media_type": "image/png", "bytes": 1, "inline": True}
    heard = say_and_hear(
        cast.organization,
        envelope(
            "m",
            "mail.message",
            source="/seoul/mail",
            customer=HERS,
            thread="mail:1",
            from_="customer",
            text="단추가 떨어졌어요.\n[image.png]\n바로 교환해 주세요.",
            attachments=[shown],
        ),
    )
    assert [one.text for one in heard] == ["단추가 떨어졌어요.", "바로 교환해 주세요."]


def test_counter_survey_and_review_are_heard_with_their_place(cast: Cast):
    heard = say_and_hear(
        cast.organization,
        envelope("i", "store.inquiry", customer=HERS, store="gangnam", staff="최점원", text="소매가 뜯어졌대요"),
        envelope(
            "s", "survey.answered", source="/seoul/chat", customer=HERS, survey="csat", score=1, comment="답이 늦어요"
        ),
        envelope("r", "review.posted", source="/reviews/shop", product="울 코트", score=5, text="정말 친절해요"),
    )
    told = {(one.channel, one.store and one.store.slug, one.center and one.center.slug, one.product) for one in heard}
    assert told == {
        ("store", "gangnam", "seoul", ""),
        ("survey", None, "seoul", ""),
        ("review", None, None, "울 코트"),
    }


def test_of_a_note_at_the_counter_only_what_she_said_is_heard(cast: Cast):
    heard = say_and_hear(
        cast.organization,
        envelope("v1", "store.visit", customer=HERS, store="gangnam", note="주차권 2시간 드림. 탈의실이 좁다고 하심."),
        envelope("v2", "store.visit", customer=HERS, store="gangnam", note="영수증 재발급.", minutes=1),
        envelope(
            "i",
            "store.inquiry",
            customer=HERS,
            store="gangnam",
            staff="최점원",
            text="대기가 길다고 항의하심. 사과드림.",
            minutes=2,
        ),
    )
    assert [one.text for one in heard] == ["탈의실이 좁다고 하심.", "대기가 길다고 항의하심."]


def test_numbers_that_identify_somebody_are_nowhere_to_find(cast: Cast):
    (voice,) = say_and_hear(cast.organization, chat("1", "제 번호 010-1234-5678 로 환불해 주세요"))
    assert "1234" not in voice.text
    assert "환불해 주세요" in voice.text


def test_what_was_heard_is_not_heard_again(cast: Cast):
    say_and_hear(cast.organization, chat("1", "배송이 안 와요."))
    before = picture(cast.organization)
    say(cast.organization, chat("1", "배송이 안 와요."))
    hear(cast.organization)
    Listening.objects.update(upto=0)
    hear(cast.organization)
    assert picture(cast.organization) == before


def test_an_event_that_comes_late_is_heard(cast: Cast):
    """The follower remembers no key that a slower transaction may fall behind."""
    say_and_hear(cast.organization, chat("2", "두 번째예요.", minutes=5))
    say_and_hear(cast.organization, chat("1", "첫 번째예요.", minutes=1))
    assert [one.text for one in voices(cast.organization)] == ["첫 번째예요.", "두 번째예요."]


def test_what_is_settled_is_not_looked_through_again(cast: Cast):
    say(cast.organization, chat("1", "배송이 안 와요."))
    listen(cast.organization, at=AT + timedelta(hours=1))
    assert Listening.objects.get().upto > 0
    assert Voice.objects.count() == 1


WORDS = (
    "배송이 안 와요.",
    "직원이 친절해요!",
    "환불해 주세요. 재고는 있나요?",
    "ㅠㅠ",
    "where is my order",
    "   ",
    "🙏🙏",
)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_any_order_and_repeats_come_to_the_same(seed: int):
    rng = Random(seed)
    envelopes = [
        chat(str(number), rng.choice(WORDS), thread=f"chat:{number % 3}", minutes=number)
        for number in range(rng.randint(1, 8))
    ]
    pictures = []
    for order in (envelopes, rng.sample(envelopes, len(envelopes)) + envelopes[:2]):
        organization = _place()
        for one in order:
            receive(organization, [one], sender=SENDER, at=AT)
            if rng.random() < 0.5:
                listen(organization, at=NOW)
        hear(organization)
        hear(organization)
        pictures.append(picture(organization))
    assert pictures[0] == pictures[1]


def _place() -> Organization:
    organization = make_bare_organization()
    make_store(organization, "gangnam", center=make_center(organization, "seoul"))
    return organization


class Killed(BaseException):
    """As a power cut ends a worker: nothing catches it."""


def test_killed_before_any_statement_each_sentence_is_there_once(cast: Cast):
    envelopes = [chat("1", "배송이 안 와요. 직원은 친절해요!"), chat("2", "환불해 주세요.", thread="chat:2", minutes=1)]
    whole = make_organization("byeol", name="별상회")
    say_and_hear(whole.organization, *envelopes)
    wanted = picture(whole.organization)
    say(cast.organization, *envelopes)
    for step in range(1, 200):
        left = step

        def cut(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
            nonlocal left
            left -= 1
            if not left:
                raise Killed
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(cut):
                listen(cast.organization, at=NOW)
        except Killed:
            continue
        break
    else:
        pytest.fail("It never came to its end.")
    assert step > 5
    hear(cast.organization)
    assert picture(cast.organization) == wanted
    assert Heard.objects.filter(organization=cast.organization).count() == 2


def test_two_workers_at_once_write_each_once(cast: Cast):
    """The second has read what the first was writing meanwhile."""
    say(cast.organization, chat("1", "배송이 안 와요."))
    from voc.actions import listening

    real, is_first = listening.reader_of, [True]

    def other_worker_meanwhile(*told):  # type: ignore[no-untyped-def]
        if is_first.pop() if is_first else False:
            listen(cast.organization, at=NOW)
        return real(*told)

    with patch.object(listening, "reader_of", other_worker_meanwhile):
        listen(cast.organization, at=NOW)
    assert Voice.objects.count() == 1
    assert Tagging.objects.count() == 1
