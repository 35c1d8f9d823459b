"""How a conversation stands: the last words count, and not everybody is angry."""

from __future__ import annotations

import pytest

from tests.channels_app.envelopes import START
from tickets.models import Hint
from voc.moods import Word, matter_of, mood_of


def word(sentiment: int, *, act: str = "complaint", severity: str = "", sure: float = 1.0, **said: object) -> Word:
    topics: tuple[tuple[str, int], ...] = tuple(said.get("topics", ()))
    return Word(START, str(said.get("text", "")), sentiment, severity, topics, act, sure)


@pytest.mark.parametrize(
    ("words", "mood"),
    [
        ([word(-1)], Hint.Mood.PLAIN),
        ([word(-1, text="지퍼가 고장 났어요.")], Hint.Mood.PLAIN),
        ([word(-1, text="왜 이렇게 안 와요?")], Hint.Mood.ANGRY),
        ([word(-1, text="아직도 안 왔는데요?", act="question")], Hint.Mood.ANGRY),
        ([word(-1, text="오늘 안에 꼭 처리해 주세요!", act="request")], Hint.Mood.PLAIN),
        ([word(0, text="정말 짜증나네요.")], Hint.Mood.PLAIN),
        ([word(-1)] * 2, Hint.Mood.PLAIN),
        ([word(-1)] * 3, Hint.Mood.ANGRY),
        ([word(-1), word(1, act="praise"), word(1, act="praise")], Hint.Mood.PLEASED),
        ([word(1, act="praise"), word(-1), word(-1, text="정말 짜증나네요.")], Hint.Mood.ANGRY),
        ([word(-1, sure=0.6)] * 3, Hint.Mood.PLAIN),
        ([word(-1, act="question")] * 3, Hint.Mood.PLAIN),
        ([word(0, act="statement")] * 5 + [word(-1, text="정말 짜증나네요.")], Hint.Mood.PLAIN),
        ([word(1, act="praise"), word(0, severity="law")], Hint.Mood.ALARMING),
        ([word(0, severity="law")] + [word(0)] * 6, Hint.Mood.PLAIN),
    ],
)
def test_mood(words: list[Word], mood: int):
    assert mood_of(words) == mood


def test_the_matter_is_what_most_words_are_about_and_trouble_counts_twice():
    words = [
        word(0, text="배송 문의드려요.", topics=[("delivery", 0)]),
        word(-1, text="소매가 뜯어졌어요.", topics=[("quality", -1)]),
        word(1, text="친절하시네요.", topics=[("praise", 1)]),
    ]
    assert matter_of(words) == ("quality", "소매가 뜯어졌어요.")
    assert matter_of([word(1, text="추천해요", topics=[("praise", 1)])]) == ("praise", "추천해요")
    assert matter_of([]) == ("", "")
