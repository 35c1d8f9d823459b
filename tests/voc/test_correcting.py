"""People correct, and no machine takes their word from its place."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry, Person
from tests.cast import Cast, make_bare_organization, make_center, make_organization, make_person
from tests.voc.voices import NOW, chat, say_and_hear
from tickets.models import Hint, Topic
from voc import tagging
from voc.actions.correcting import Correction, CorrectionRefused, correct
from voc.actions.tagging_again import tag_again
from voc.models import Listening, Tagging, Voice, VoiceTopic
from voc.policies import NotAllowed

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


@pytest.fixture
def voice(cast: Cast) -> Voice:
    (voice,) = say_and_hear(cast.organization, chat("1", "배송이 안 와요."))
    return voice


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


def of(voice: Voice) -> list[tuple[str, int]]:
    return sorted((row.topic.slug, row.sentiment) for row in VoiceTopic.objects.filter(voice=voice))


def tag_all_again() -> None:
    """As after an update of the tagger."""
    with patch.object(tagging, "VERSION", f"{tagging.VERSION}-next"):
        for listening in Listening.objects.all():
            while tag_again(listening.organization, at=LATER):
                pass


def test_a_press_corrects_and_says_whose_word_it_is(cast: Cast, voice: Voice):
    client = logged_in(cast.agent)
    path = f"/voc/voices/{voice.public_id}/"
    page = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "배송이 안 와요." in page
    answer = client.post(path, {"mood": "1"}, headers={"HX-Request": "true"})
    assert answer["HX-Trigger"] == "voices-changed"
    assert "박상담" in answer.content.decode()
    voice.refresh_from_db()
    assert (voice.sentiment, voice.is_corrected) == (1, True)
    assert Tagging.objects.filter(voice=voice).count() == 2
    entry = AuditEntry.objects.get(action="voc.correct")
    assert entry.customer_id == voice.customer.public_id


def test_topics_go_and_come_by_a_press(cast: Cast, voice: Voice):
    client = logged_in(cast.agent)
    for pressed in (slug for slug, _mood in of(voice)):
        client.post(f"/voc/voices/{voice.public_id}/", {"topic": pressed})
    assert of(voice) == []
    client.post(f"/voc/voices/{voice.public_id}/", {"topic": "service"})
    assert of(voice) == [("service", -1)]
    client.post(f"/voc/voices/{voice.public_id}/", {"of": "service", "mood": "0"})
    assert of(voice) == [("service", 0)]


def test_a_correction_survives_tagging_again(cast: Cast, voice: Voice):
    correct(voice, Correction(topics={"service": 1}, act="praise"), by=cast.agent, at=NOW)
    tag_all_again()
    voice.refresh_from_db()
    assert (of(voice), voice.act, voice.sentiment) == ([("service", 1)], "praise", 1)
    assert Tagging.objects.get(voice=voice, is_current=True).person == cast.agent


def test_tagging_again_is_a_new_row_that_says_what_was_before(cast: Cast, voice: Voice):
    Tagging.objects.filter(voice=voice).update(act="praise")
    Voice.objects.filter(pk=voice.pk).update(act="praise")
    tag_all_again()
    old, new = Tagging.objects.filter(voice=voice).order_by("pk")
    assert (old.is_current, new.is_current, new.before_id) == (False, True, old.pk)
    assert new.version.endswith("-next")
    voice.refresh_from_db()
    assert voice.act == new.act != "praise"


def test_tagging_again_calms_the_row(voice: Voice):
    Hint.objects.update(mood=Hint.Mood.ALARMING)
    Tagging.objects.filter(voice=voice).update(severity="law")
    Voice.objects.filter(pk=voice.pk).update(severity="law")
    tag_all_again()
    # One complaint, told politely.
    assert Hint.objects.get().mood == Hint.Mood.PLAIN


def test_where_nothing_differs_nothing_is_written(voice: Voice):
    tag_all_again()
    assert Tagging.objects.filter(voice=voice).count() == 1


def test_the_same_correction_twice_is_one(cast: Cast, voice: Voice):
    correct(voice, Correction(sentiment=1), by=cast.agent, at=NOW)
    correct(Voice.objects.get(pk=voice.pk), Correction(sentiment=1), by=cast.lead, at=LATER)
    assert Tagging.objects.filter(voice=voice, is_by_person=True).count() == 1


@pytest.mark.parametrize(
    "correction",
    [
        Correction(topics={"nowhere": 1}),
        Correction(act="shout"),
        Correction(sentiment=5),
        Correction(topics={"service": 7}),
    ],
)
def test_what_nobody_offers_is_refused(cast: Cast, voice: Voice, correction: Correction):
    with pytest.raises(CorrectionRefused):
        correct(voice, correction, by=cast.agent, at=NOW)
    assert not Tagging.objects.filter(is_by_person=True).exists()


def test_who_does_not_answer_customers_corrects_nothing(cast: Cast, voice: Voice):
    with pytest.raises(NotAllowed):
        correct(voice, Correction(sentiment=1), by=cast.store_staff, at=NOW)
    assert logged_in(cast.store_staff).post(f"/voc/voices/{voice.public_id}/", {"mood": "1"}).status_code == 404


def test_another_centers_agent_does_not_reach_it(cast: Cast, voice: Voice):
    assert logged_in(cast.outsider).get(f"/voc/voices/{voice.public_id}/").status_code == 404


def test_an_angry_word_put_right_calms_the_row(cast: Cast):
    with patch("tests.voc.voices.NOW", NOW):
        (voice,) = say_and_hear(cast.organization, chat("1", "배송이 왜 이렇게 안 와요!"))
    assert Hint.objects.get().mood == Hint.Mood.ANGRY
    correct(voice, Correction(sentiment=0), by=cast.agent, at=NOW)
    assert Hint.objects.get().mood == Hint.Mood.PLAIN


ACTS = st.lists(st.sampled_from(["correct", "again", "hear", "words"]), max_size=6)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ACTS, after=ACTS)
def test_whatever_machines_do_the_last_word_of_a_person_counts(before: list[str], after: list[str]):
    organization = make_bare_organization()
    agent = make_person(organization, "agent", centers=[make_center(organization, "seoul")])
    (voice,) = say_and_hear(organization, chat("1", "배송이 안 와요."))

    def do(acts: list[str]) -> None:
        for act in acts:
            if act == "correct":
                correct(Voice.objects.get(pk=voice.pk), Correction(sentiment=0), by=agent, at=NOW)
            elif act == "again":
                tag_all_again()
            elif act == "hear":
                Listening.objects.update(upto=0)
                say_and_hear(organization, chat("1", "배송이 안 와요."))
            else:
                Listening.objects.update(words=99)

    do(before)
    correct(Voice.objects.get(pk=voice.pk), Correction(topics={"service": 1}), by=agent, at=LATER)
    do([act for act in after if act != "correct"])
    assert of(voice) == [("service", 1)]
    assert Tagging.objects.filter(voice=voice, is_current=True).count() == 1
    assert Topic.objects.filter(organization=organization, slug="service").exists()
