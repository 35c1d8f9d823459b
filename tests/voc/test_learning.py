"""What corrections teach: scored before it is used, shown, and turned back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import Cast, make_organization
from tests.voc.voices import NOW, chat, hear, say
from voc.actions.correcting import Correction, correct
from voc.actions.layers import CORRECTIONS_AT_LEAST, LEARNS_EVERY, learn
from voc.actions.tagging_again import tag_again
from voc.models import Layer, Tagging, Voice, VoiceTopic

# What this shop's customers call a bag that keeps things cold, and what becomes of it: no words of any list.
SAID = [f"꼬미가 {how} 있어요" for how in ("구깃하게", "납작하게", "꾸덕하게", "푹 꺼져", "쭈글하게", "흐늘하게")]
SAID += [
    f"{what} 꼬미가 구깃해요" for what in ("열어 보니", "또", "이번에도", "저번처럼", "역시나", "어제는", "오늘은")
]
LATER = NOW + LEARNS_EVERY + timedelta(minutes=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def correct_all(cast: Cast, texts: list[str]) -> None:
    say(cast.organization, *[chat(str(number), text, minutes=number) for number, text in enumerate(texts)])
    hear(cast.organization)
    for voice in Voice.objects.filter(organization=cast.organization):
        correct(voice, Correction(topics={"delivery": -1}, sentiment=-1, act="complaint"), by=cast.agent, at=NOW)


def again(cast: Cast) -> None:
    while tag_again(cast.organization, at=LATER):
        pass


def client_of(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.lead, backend="accounts.backends.PersonBackend")
    return client


def test_few_corrections_teach_nothing(cast: Cast):
    correct_all(cast, SAID[: CORRECTIONS_AT_LEAST - 1])
    assert learn(cast.organization, at=NOW) is None
    assert not Layer.objects.exists()


def test_what_was_taught_is_used_shown_and_turned_back(cast: Cast):
    correct_all(cast, SAID[:-1])
    say(cast.organization, chat("new", "새로 보니 꼬미가 구깃해요", minutes=90))
    hear(cast.organization)
    before = Tagging.objects.get(voice__event__event_id="new")
    layer = learn(cast.organization, at=NOW)
    assert layer is not None
    assert layer.status == Layer.Status.ACTIVE
    assert layer.score_after > layer.score_before
    assert layer.learned_from == len(SAID) - 1
    again(cast)
    now = Tagging.objects.get(voice__event__event_id="new", is_current=True)
    assert (now.layer, now.before, now.sentiment) == (layer, before, -1)
    assert VoiceTopic.objects.get(voice=now.voice).topic.slug == "delivery"

    client = client_of(cast)
    assert f"{layer.number}" in client.get("/voc/settings/learning/").content.decode()
    assert "새로 보니 꼬미가 구깃해요" in client.get(f"/voc/settings/learning/{layer.public_id}/").content.decode()

    client.post(f"/voc/settings/learning/{layer.public_id}/back/")
    again(cast)
    layer.refresh_from_db()
    assert (layer.status, layer.turned_back_by) == (Layer.Status.TURNED_BACK, cast.lead)
    back = Tagging.objects.get(voice=now.voice, is_current=True)
    assert back.said == before.said
    # What people said stands through all of it.
    assert Voice.objects.filter(is_corrected=True, sentiment=-1).count() == len(SAID) - 1

    client.post(f"/voc/settings/learning/{layer.public_id}/again/")
    again(cast)
    assert Tagging.objects.get(voice=now.voice, is_current=True).said == now.said


def test_the_same_corrections_are_learned_once(cast: Cast):
    correct_all(cast, SAID)
    assert learn(cast.organization, at=NOW) is not None
    assert learn(cast.organization, at=NOW) is None
    assert learn(cast.organization, at=LATER) is None
    correct(Voice.objects.earliest("pk"), Correction(sentiment=0), by=cast.agent, at=LATER)
    assert learn(cast.organization, at=LATER + timedelta(seconds=1)) is not None
    assert Layer.objects.filter(status=Layer.Status.ACTIVE).count() <= 1


def test_what_does_no_better_is_kept_and_not_used(cast: Cast):
    """The tagger is right about all of these already."""
    correct_texts = [f"배송이 {days}일째 안 와요." for days in range(2, 14)]
    say(cast.organization, *[chat(str(number), text, minutes=number) for number, text in enumerate(correct_texts)])
    hear(cast.organization)
    for voice in Voice.objects.all():
        correct(voice, Correction(act=voice.act), by=cast.agent, at=NOW)
    layer = learn(cast.organization, at=NOW)
    assert layer is not None
    assert layer.status == Layer.Status.REFUSED


def test_nothing_of_a_text_is_kept_in_a_layer(cast: Cast):
    correct_all(cast, SAID)
    layer = learn(cast.organization, at=NOW)
    assert layer is not None
    assert "꼬미" not in layer.data


def test_what_would_change_all_else_is_kept_shown_and_not_used(cast: Cast):
    """All that was corrected goes one way, and nothing tells it from what was left."""
    say(
        cast.organization,
        *[chat(f"{n}", f"{letter}번이요", minutes=n) for n, letter in enumerate("가나다라마바사아자차")],
    )
    hear(cast.organization)
    for voice in Voice.objects.all():
        correct(voice, Correction(sentiment=-1), by=cast.agent, at=NOW)
    others = [chat(f"o{n}", f"{letter}번이요", minutes=30 + n) for n, letter in enumerate("고노도로모보소오조초코토")]
    say(cast.organization, *others)
    hear(cast.organization)

    layer = learn(cast.organization, at=NOW)

    assert layer is not None
    assert layer.status == Layer.Status.TOO_WIDE
    assert layer.uncorrected == len(others)
    assert layer.share_moved > 0.05
    page = client_of(cast).get("/voc/settings/learning/").content.decode()
    assert "고치지 않은" in page
    assert f"/voc/settings/learning/{layer.public_id}/again/" not in page
