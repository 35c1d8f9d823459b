"""The board: what an owner reads in a minute, the sentences behind each number, and who sees what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry
from tests.cast import Cast, make_organization
from tests.channels_app.envelopes import START, envelope
from tests.voc.spoken import speak, topic_of
from tests.voc.voices import chat, say_and_hear
from tickets.models import Topic
from voc.actions.improvements import Content, make_improvement
from voc.models import Improvement, VoiceTopic

BACKEND = "accounts.backends.PersonBackend"
DAYS = f"from={START:%Y-%m-%d}&to={START + timedelta(days=1):%Y-%m-%d}"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def page(client: Client, person, path: str) -> str:  # type: ignore[no-untyped-def]
    client.force_login(person, backend=BACKEND)
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def a_month(cast: Cast, *, rising: int = 40, before: int = 10) -> Topic:
    """A topic that rises, mostly in Busan, with a word of its own; and one that goes on as ever."""
    now = timezone.now()
    delivery, price = topic_of(cast.organization), topic_of(cast.organization, "price", "가격·할인")
    for number in range(before):
        speak(cast.organization, at=now - timedelta(days=30 + number), topic=delivery, center=cast.seoul)
    for number in range(rising):
        text = "송장 번호가 안 떠요." if number % 2 else "송장이 언제 나오나요, 며칠째예요."
        center = cast.busan if number % 5 else cast.seoul
        speak(cast.organization, at=now - timedelta(hours=3 + number), topic=delivery, center=center, text=text)
    for number in range(60):
        speak(cast.organization, at=now - timedelta(days=number * 0.9), topic=price, center=cast.seoul, sentiment=0)
    return delivery


def test_what_to_look_at_first_is_said_in_three_sentences(cast: Cast, client: Client):
    a_month(cast)
    read = page(client, cast.owner, "/voc/")
    lead = read[read.index("lead-title") : read.index("topics-title")]
    assert lead.count("<li>") == 3
    assert "배송" in lead
    assert ">40<" not in lead
    assert "40" in lead
    assert "“송장”" in lead
    assert "부산 고객센터" in lead
    assert "80%" in lead


def test_nothing_that_may_be_chance_is_called_a_rise(cast: Cast, client: Client):
    a_month(cast, rising=12, before=10)
    read = page(client, cast.owner, "/voc/")
    lead = read[read.index("lead-title") : read.index("topics-title")]
    assert "28일" not in lead
    assert "≈" in read[read.index("topics-title") :]


def test_the_page_costs_the_same_for_many_topics(cast: Cast, client: Client):
    a_month(cast)
    client.force_login(cast.owner, backend=BACKEND)
    client.get("/voc/")
    with CaptureQueriesContext(connection) as few:
        client.get("/voc/")
    for number in range(12):
        topic = topic_of(cast.organization, f"t{number}", f"주제 {number}")
        speak(cast.organization, at=timezone.now() - timedelta(hours=1), topic=topic)
    with CaptureQueriesContext(connection) as many:
        client.get("/voc/")
    assert len(many) <= len(few) + 2


def test_nobody_said_anything_yet(cast: Cast, client: Client):
    for path in ("/voc/", "/voc/sentences/", "/voc/improvements/", "/voc/alarms/"):
        page(client, cast.owner, path)


def test_bad_days_are_answered_and_nothing_typed_is_lost(cast: Cast, client: Client):
    for query in ("from=gestern", "from=2026-13-01&to=x", "from=2026-11-05&to=2026-11-01", "from=2001-01-01"):
        assert 'role="alert"' in page(client, cast.owner, f"/voc/?{query}&channel=chat")
    read = page(client, cast.owner, "/voc/?from=gestern&channel=chat")
    assert '<option value="chat" selected>' in read


def test_filters_stand_in_the_address_and_narrow_all_numbers(cast: Cast, client: Client):
    say_and_hear(
        cast.organization,
        chat("1", "배송이 너무 늦어요."),
        chat("2", "배송이 빨라서 좋아요!", thread="chat:2", minutes=3),
    )
    topic = VoiceTopic.objects.earliest("pk").topic
    first = (topic.parent or topic).public_id.hex
    everything = page(client, cast.owner, f"/voc/sentences/?{DAYS}&topic={first}")
    assert "너무 늦어요" in everything
    assert "빨라서 좋아요" in everything
    bad = page(client, cast.owner, f"/voc/sentences/?{DAYS}&topic={first}&mood=-1")
    assert "너무 늦어요" in bad
    assert "빨라서 좋아요" not in bad
    assert "너무 늦어요" not in page(client, cast.owner, f"/voc/sentences/?{DAYS}&channel=call")
    assert "너무 늦어요" not in page(client, cast.owner, f"/voc/sentences/?{DAYS}&store=gangnam")
    assert "빨라서 좋아요" in page(client, cast.owner, f"/voc/sentences/?{DAYS}&word=배송")
    # What is no channel, no center and no mood is as if it had not been said.
    assert "너무 늦어요" in page(client, cast.owner, f"/voc/sentences/?{DAYS}&channel=fax&center=x&mood=9")


def test_a_number_leads_to_its_sentences_and_these_to_the_customer(cast: Cast, client: Client):
    say_and_hear(cast.organization, chat("1", "안녕하세요. 배송이 너무 늦어요."))
    topic = VoiceTopic.objects.earliest("pk").topic
    first = topic.parent or topic
    board = page(client, cast.owner, f"/voc/?{DAYS}")
    assert f"topic={first.public_id.hex}" in board
    for path in (f"/voc/sentences/?{DAYS}&topic={first.public_id.hex}", f"/voc/topics/{first.public_id}/?{DAYS}"):
        read = page(client, cast.owner, path)
        assert "배송이 너무 늦어요" in read
        assert "김서연" in read
        assert "/inbox/" in read
    assert AuditEntry.objects.filter(by=cast.owner, action="voc.view").count() == 2


def test_the_words_of_a_call_are_its_callers(cast: Cast, client: Client):
    """A transcript names nobody; the call that it is of does."""
    caller = {"phone": "010-0123-4567", "name": "김서연"}
    call = {"source": "/seoul/call", "thread": "call:1"}
    words = [{"speaker": "customer", "text": "배송이 너무 늦어요."}]
    say_and_hear(
        cast.organization,
        envelope("q", "call.queued", customer=caller, **{"from": "010-0123-4567", "to": "02-000-0000"}, **call),
        envelope("t", "call.transcript", minutes=5, segments=words, **call),
    )
    read = page(client, cast.owner, f"/voc/sentences/?{DAYS}")
    assert "배송이 너무 늦어요" in read
    assert "김서연" in read
    entry = AuditEntry.objects.get(by=cast.owner, action="voc.view")
    assert entry.customer_id is not None or entry.after, "whose words were read is written down"


def test_each_sees_what_she_reaches(cast: Cast, client: Client):
    say_and_hear(cast.organization, chat("1", "배송이 너무 늦어요."))
    assert "너무 늦어요" in page(client, cast.agent, f"/voc/sentences/?{DAYS}")
    assert "너무 늦어요" not in page(client, cast.outsider, f"/voc/sentences/?{DAYS}")
    assert "배송" not in page(client, cast.outsider, f"/voc/?{DAYS}").split("</form>", 1)[1]
    client.force_login(cast.store_staff, backend=BACKEND)
    for path in ("/voc/", "/voc/sentences/", "/voc/improvements/"):
        assert client.get(path).status_code == 404


def test_a_long_list_goes_on(cast: Cast, client: Client):
    said = [
        chat(str(number), f"배송이 {number}일째 안 와요.", minutes=number, thread=f"chat:{number}")
        for number in range(35)
    ]
    say_and_hear(cast.organization, *said)
    read = page(client, cast.owner, f"/voc/sentences/?{DAYS}")
    assert "배송이 34일째" in read
    assert "배송이 2일째" not in read
    following = read[read.index("cursor=") :].split('"')[0]
    more = client.get(f"/voc/sentences/?{DAYS}&{following}".replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert "배송이 2일째" in more.content.decode()
    assert "<html" not in more.content.decode()


def test_picked_sentences_become_an_improvement(cast: Cast, client: Client):
    first, second = say_and_hear(cast.organization, chat("1", "배송이 너무 늦어요. 포장도 엉망이에요."))
    client.force_login(cast.lead, backend=BACKEND)
    query = f"voice={first.public_id}&voice={second.public_id}&voice=nonsense"
    assert "배송이 너무 늦어요" in client.get(f"/voc/improvements/new/?{query}").content.decode()
    told = {
        "title": "포장 바꾸기",
        "impact": 3,
        "effort": 1,
        "term": "short",
        "voice": [first.public_id, second.public_id],
    }
    response = client.post("/voc/improvements/new/", told, follow=True)
    assert "배송이 너무 늦어요" in response.content.decode()
    made = Improvement.objects.get()
    assert (made.title, made.answered.count(), made.is_quick_win) == ("포장 바꾸기", 2, True)
    client.post(f"/voc/improvements/{made.public_id}/voices/{first.public_id}/leave/")
    assert made.answered.count() == 1
    client.post(f"/voc/improvements/{made.public_id}/voices/", {"voice": [first.public_id]})
    assert made.answered.count() == 2
    # The agent may look, and pick nothing.
    assert 'form="pick"' not in page(client, cast.agent, f"/voc/sentences/?{DAYS}")
    assert client.get("/voc/improvements/new/").status_code == 404


def test_what_is_wrong_in_the_form_is_said_and_the_rest_kept(cast: Cast, client: Client):
    client.force_login(cast.lead, backend=BACKEND)
    response = client.post(
        "/voc/improvements/new/",
        {"title": "", "note": "왜냐하면", "impact": 7, "effort": 1, "term": "short", "due_on": "x"},
    )
    assert response.status_code == 422
    assert "왜냐하면" in response.content.decode()
    assert Improvement.objects.count() == 0


def test_the_matrix_shows_quick_wins_first(cast: Cast, client: Client):
    content = {"note": "", "topic": None, "store": None, "owner": None, "due_on": None, "term": "short"}
    for title, effort, impact in (("큰일", 3, 3), ("사소한 일", 1, 1), ("바로 할 일", 1, 3)):
        make_improvement(
            cast.organization,
            Content(title=title, effort=effort, impact=impact, **content),
            by=cast.owner,
            at=timezone.now(),
        )
    read = page(client, cast.owner, "/voc/improvements/")
    assert read.index("바로 할 일") < read.index("큰일") < read.index("사소한 일")
