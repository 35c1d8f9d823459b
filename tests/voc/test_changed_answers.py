"""A comment that was changed takes the place of the first in what counts, in whichever order they come."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from tests.cast import Cast, make_organization
from tests.channels_app.envelopes import envelope
from tests.voc.voices import NOW, PHONE, hear, say, say_and_hear, voices
from voc.actions.tagging_again import tag_again
from voc.models import Heard, Listening, Tagging, Voice, VoiceTopic

HERS = {"phone": PHONE, "name": "김서연"}
FIRST, BETTER, LAST = "답이 너무 늦어요.", "그래도 친절해요.", "해결됐어요. 친절해요!"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


def answered(**more: Any) -> dict[str, Any]:
    told = {"customer": HERS, "survey": "csat", "score": 1, "comment": FIRST, **more}
    return envelope("a", "survey.answered", source="/seoul/chat", **told)


def changed(event_id: str, comment: str | None, *, minutes: int, **more: Any) -> dict[str, Any]:
    told = {"customer": HERS, "survey": "csat", "score": 5, "answer": "a", **more}
    if comment is not None:
        told["comment"] = comment
    return envelope(event_id, "survey.changed", source="/seoul/chat", minutes=minutes, **told)


def texts(cast: Cast) -> list[str]:
    return [one.text for one in voices(cast.organization)]


def test_only_the_last_words_count(cast: Cast):
    say_and_hear(cast.organization, answered())
    assert texts(cast) == [FIRST]

    say_and_hear(cast.organization, changed("b", BETTER, minutes=5))

    (voice,) = voices(cast.organization)
    assert (voice.text, voice.channel, voice.sentiment) == (BETTER, "survey", 1)
    assert {row.voice_id for row in VoiceTopic.objects.all()} <= {voice.pk}
    assert {row.voice_id for row in Tagging.objects.all()} == {voice.pk}
    assert Heard.objects.count() == 2


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("where", [{}, {"thread": "chat:9"}])
def test_in_any_order(cast: Cast, order: tuple[int, ...], where: dict[str, str]):
    events = [
        answered(**where),
        changed("b", BETTER, minutes=5, **where),
        changed("c", LAST, minutes=9, **where),
    ]
    for place in order:
        say_and_hear(cast.organization, events[place])
    assert texts(cast) == ["해결됐어요.", "친절해요!"]


def test_a_change_without_words_takes_them_back(cast: Cast):
    say_and_hear(cast.organization, answered(), changed("b", None, minutes=5))
    assert texts(cast) == []


def test_words_taken_back_do_not_return(cast: Cast):
    say_and_hear(cast.organization, answered(), changed("b", BETTER, minutes=5))
    Listening.objects.update(upto=0, version="an earlier one")
    hear(cast.organization)
    tag_again(cast.organization, at=NOW + timedelta(hours=1))
    assert texts(cast) == [BETTER]


def test_the_hub_s_own_name_of_the_answer_is_known(cast: Cast):
    say_and_hear(cast.organization, answered())
    public_id = str(Voice.objects.get().event.public_id)
    say_and_hear(cast.organization, changed("b", BETTER, minutes=5, answer=public_id))
    assert texts(cast) == [BETTER]


def test_what_is_about_another_answer_replaces_nothing(cast: Cast):
    say(cast.organization, answered(), changed("b", BETTER, minutes=5, answer="another"))
    hear(cast.organization)
    assert texts(cast) == [FIRST, BETTER]
