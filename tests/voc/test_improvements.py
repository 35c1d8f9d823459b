"""From voice to fix: moving an improvement, its effect with an honest word, and what stood before complaints."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import AuditEntry
from accounts.policies import NotAllowed
from channels_app.intake import receive
from customers.models import Customer
from tests.cast import Cast, make_organization, make_other_organization
from tests.channels_app.envelopes import TILL, envelope
from tests.voc.spoken import speak, topic_of
from tickets.models import Topic
from voc.actions.improvements import CannotMove, Content, edit_improvement, make_improvement, move_improvement
from voc.models import Improvement
from voc.queries.causes import causes_of, compare
from voc.queries.effect import Share, effect_of
from voc.queries.slices import Slice
from voc.templatetags.voc_board import complaints_words, csat_words

NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
BACKEND = "accounts.backends.PersonBackend"
State = Improvement.State


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def content(**told: Any) -> Content:
    plain = {"note": "", "topic": None, "store": None, "owner": None, "due_on": None, "effort": 1, "impact": 3}
    return Content(**{"title": "포장 바꾸기", "term": "short", **plain, **told})


def make(cast: Cast, **told: Any) -> Improvement:
    return make_improvement(cast.organization, content(**told), by=cast.owner, at=NOW - timedelta(days=60))


def test_it_is_proposed_begun_and_done(cast: Cast):
    improvement = make(cast, owner=cast.agent)
    move_improvement(improvement, State.DOING, by=cast.agent, at=NOW)
    move_improvement(improvement, State.DONE, done_on=date(2026, 11, 20), by=cast.lead, at=NOW)
    improvement.refresh_from_db()
    assert (improvement.state, improvement.done_on) == ("done", date(2026, 11, 20))
    assert AuditEntry.objects.filter(action="voc.improvement.move").count() == 2


def test_who_may_not_leaves_it_as_it_is(cast: Cast):
    improvement = make(cast)
    other = make_other_organization()
    for person in (cast.agent, cast.store_staff, other.owner):
        with pytest.raises(NotAllowed):
            move_improvement(improvement, State.DONE, by=person, at=NOW)
    for person in (cast.agent, other.lead):
        with pytest.raises(NotAllowed):
            edit_improvement(improvement, content(title="x"), by=person, at=NOW)
        with pytest.raises(NotAllowed):
            make_improvement(cast.organization, content(), by=person, at=NOW)
    improvement.refresh_from_db()
    assert (improvement.state, improvement.title) == ("proposed", "포장 바꾸기")


def test_two_who_move_it_at_once(cast: Cast):
    mine, hers = make(cast), Improvement.objects.get()
    move_improvement(mine, State.DROPPED, by=cast.owner, at=NOW)
    with pytest.raises(CannotMove):
        move_improvement(hers, State.DONE, by=cast.lead, at=NOW)
    with pytest.raises(CannotMove):
        move_improvement(mine, State.DONE, done_on=date(2026, 12, 24), by=cast.owner, at=NOW)


def test_an_edit_says_what_was_changed(cast: Cast):
    improvement = make(cast)
    edit_improvement(improvement, content(title="상자 바꾸기"), by=cast.lead, at=NOW)
    edit_improvement(improvement, content(title="상자 바꾸기"), by=cast.lead, at=NOW)
    (entry,) = AuditEntry.objects.filter(action="voc.improvement.edit")
    assert (entry.before, entry.after) == ({"title": "포장 바꾸기"}, {"title": "상자 바꾸기"})


def weeks_around(cast: Cast, topic: Topic, *, before: int, after: int, others: int = 60) -> None:
    """Four weeks before and after 11 October: so many complaints of the topic among others."""
    cut = datetime(2026, 10, 10, 15, 0, tzinfo=UTC)
    other = topic_of(cast.organization, "price", "가격")
    for count, begin in ((before, -28), (after, 0)):
        for number in range(count):
            speak(cast.organization, at=cut + timedelta(days=begin + 27 * number / max(1, count), hours=3), topic=topic)
        for number in range(others):
            speak(cast.organization, at=cut + timedelta(days=begin + number * 27 / others, hours=4), topic=other)


def test_an_effect_that_is_hardly_chance(cast: Cast):
    topic = topic_of(cast.organization)
    weeks_around(cast, topic, before=30, after=6)
    improvement = make(cast, topic=topic)
    move_improvement(improvement, State.DONE, done_on=date(2026, 10, 11), by=cast.owner, at=NOW)
    effect = effect_of(cast.owner, improvement, at=NOW)
    assert effect is not None
    assert effect.weeks == 4
    assert effect.complaints == Share(30, 90, 6, 66)
    assert effect.complaints.difference.is_clear
    assert len(effect.by_week) == 8
    assert sum(count for _day, count in effect.by_week) == 36
    with translation.override("en"):
        assert "hardly chance" in complaints_words(effect.complaints)


def test_an_effect_that_may_be_chance_and_one_too_few_to_tell(cast: Cast):
    topic = topic_of(cast.organization)
    weeks_around(cast, topic, before=16, after=12)
    improvement = make(cast, topic=topic)
    move_improvement(improvement, State.DONE, done_on=date(2026, 10, 11), by=cast.owner, at=NOW)
    effect = effect_of(cast.owner, improvement, at=NOW)
    with translation.override("en"):
        assert "may be chance" in complaints_words(effect.complaints)
    # Nobody answered a survey.
    assert effect.csat == Share(0, 0, 0, 0)
    with translation.override("en"):
        assert "Too few" in csat_words(effect.csat)
    assert effect.csat.before is None


def test_a_week_has_to_pass_first(cast: Cast):
    improvement = make(cast, topic=topic_of(cast.organization))
    move_improvement(improvement, State.DONE, done_on=date(2026, 11, 22), by=cast.owner, at=NOW)
    effect = effect_of(cast.owner, improvement, at=NOW)
    assert (effect.weeks, effect.ready_on, effect.complaints) == (0, date(2026, 11, 29), None)
    assert effect_of(cast.owner, make(cast), at=NOW) is None


def heard_for_long(cast: Cast) -> None:
    """Somebody said something in summer: all weeks since are weeks in which the hub listened."""
    speak(cast.organization, at=datetime(2026, 8, 1, tzinfo=UTC))


def test_weeks_before_anything_was_heard_are_not_compared(cast: Cast):
    topic = topic_of(cast.organization)
    speak(cast.organization, at=datetime(2026, 9, 26, tzinfo=UTC), topic=topic)
    improvement = make(cast, topic=topic)
    move_improvement(improvement, State.DONE, done_on=date(2026, 10, 11), by=cast.owner, at=NOW)
    assert effect_of(cast.owner, improvement, at=NOW).weeks == 2
    improvement.done_on = date(2026, 9, 28)
    assert effect_of(cast.owner, improvement, at=NOW) is None


def test_satisfaction_is_that_of_those_who_spoke_of_it(cast: Cast):
    heard_for_long(cast)
    topic = topic_of(cast.organization)
    cut = datetime(2026, 10, 10, 15, 0, tzinfo=UTC)
    events = []
    for number, (thread, days, score) in enumerate(
        [("a", -3, 1), ("b", -2, 5), ("c", 3, 4), ("d", 4, 5), ("elsewhere", 4, 1)]
    ):
        at = cut + timedelta(days=days)
        minutes = (at - datetime(2026, 11, 2, 1, 0, tzinfo=UTC)).total_seconds() / 60
        events.append(
            envelope(
                f"s{number}",
                "chat.message",
                source="/seoul/chat",
                thread=thread,
                minutes=minutes,
                from_="customer",
                text="네",
                customer={"phone": "010-0123-4567"},
            )
        )
        events.append(
            envelope(
                f"a{number}",
                "survey.answered",
                source="/seoul/chat",
                thread=thread,
                minutes=minutes + 9,
                survey="csat",
                score=score,
            )
        )
        if thread != "elsewhere":
            speak(cast.organization, at=at, topic=topic, thread=thread, center=cast.seoul)
    receive(cast.organization, events, sender=TILL, at=NOW)
    improvement = make(cast, topic=topic)
    move_improvement(improvement, State.DONE, done_on=date(2026, 10, 11), by=cast.owner, at=NOW)
    assert effect_of(cast.owner, improvement, at=NOW).csat == Share(1, 2, 2, 2)


def test_only_within_reach(cast: Cast):
    heard_for_long(cast)
    topic = topic_of(cast.organization)
    speak(cast.organization, at=datetime(2026, 10, 9, tzinfo=UTC), topic=topic, center=cast.busan)
    improvement = make(cast, topic=topic)
    move_improvement(improvement, State.DONE, done_on=date(2026, 10, 11), by=cast.owner, at=NOW)
    assert effect_of(cast.owner, improvement, at=NOW).complaints.of == 1
    assert effect_of(cast.lead, improvement, at=NOW).complaints.of == 0


def test_what_stood_before_complaints(cast: Cast):
    topic, other = topic_of(cast.organization), topic_of(cast.organization, "price", "가격")
    for number in range(60):
        at = NOW - timedelta(hours=number + 1)
        store = cast.haeundae if number % 10 else cast.gangnam
        speak(cast.organization, at=at, topic=topic, store=store, center=cast.busan)
        speak(cast.organization, at=at, topic=other, store=cast.gangnam if number % 3 else cast.haeundae)
    causes = causes_of(cast.owner, Slice(NOW - timedelta(days=28), NOW), topic)
    assert (causes.of, causes.of_other) == (60, 60)
    found = {(one.kind, one.what): one for one in causes.factors}
    most = found["store", "해운대점"]
    assert (most.hits, most.hits_other, most.is_clear) == (54, 20, True)
    assert ("store", "강남점") not in found


def test_a_broken_promise_and_a_change_of_channel_are_seen(cast: Cast):
    hers = {"phone": "010-0123-4567", "name": "김서연"}
    minutes = (NOW - timedelta(days=3) - datetime(2026, 11, 2, 1, 0, tzinfo=UTC)).total_seconds() / 60
    due = (NOW - timedelta(days=2)).isoformat()
    receive(
        cast.organization,
        [
            envelope(
                "1",
                "chat.message",
                source="/seoul/chat",
                thread="chat:1",
                minutes=minutes,
                from_="customer",
                text="언제 와요?",
                customer=hers,
            ),
            envelope(
                "2",
                "note.added",
                source="/seoul/chat",
                thread="chat:1",
                minutes=minutes + 5,
                text="내일까지",
                agent=cast.agent.email,
                promise={"text": "내일까지 발송", "due": due},
            ),
            envelope(
                "3",
                "pos.sale",
                minutes=minutes - 900,
                customer=hers,
                store="gangnam",
                receipt_no="R1",
                total=1,
                items=[{"name": "울 코트", "quantity": 1, "unit_price": 1, "amount": 1}],
            ),
        ],
        sender=TILL,
        at=NOW,
    )
    customer = Customer.objects.get()
    topic = topic_of(cast.organization)
    speak(cast.organization, at=NOW - timedelta(days=3), topic=topic, customer=customer, thread="chat:1", sentiment=0)
    for number in range(3):
        speak(cast.organization, at=NOW - timedelta(hours=number + 1), topic=topic, customer=customer, channel="call")
    causes = causes_of(cast.owner, Slice(NOW - timedelta(days=1), NOW), topic)
    assert {(one.kind, one.what) for one in causes.factors} >= {("promise", ""), ("switch", ""), ("product", "울 코트")}
    assert all(one.is_clear is None for one in causes.factors)


def test_of_many_things_that_stood_before_each_needs_more_to_be_clear():
    """Twenty looks at nothing find something one time; so each look has its part of the doubt."""
    here = [{("store", "a")}] * 20 + [set()] * 30  # type: ignore[list-item]
    there = [{("store", "a")}] * 10 + [set()] * 40  # type: ignore[list-item]
    (alone,) = compare(here, there).factors
    assert alone.is_clear
    among_many = [marks | {("product", str(number)) for number in range(9)} for marks in here[:25]] + here[25:]
    store = next(one for one in compare(among_many, there).factors if one.kind == "store")
    assert not store.is_clear


def test_the_page_of_one_says_what_became_of_it(cast: Cast, client: Client):
    topic = topic_of(cast.organization)
    weeks_around(cast, topic, before=30, after=6)
    improvement = make(cast, topic=topic, owner=cast.agent)
    client.force_login(cast.agent, backend=BACKEND)
    url = f"/voc/improvements/{improvement.public_id}/"
    assert client.post(f"{url}move/", {"state": "done", "done_on": "2026-10-11"}).status_code == 302
    read = client.get(url).content.decode()
    assert "effect-title" in read
    assert "6/66" in read
    assert client.post(f"{url}move/", {"state": "done", "done_on": "x"}, follow=True).status_code == 200
    client.force_login(cast.outsider, backend=BACKEND)
    assert client.get(url).status_code == 200
    assert client.post(f"{url}move/", {"state": "dropped"}).status_code == 404
