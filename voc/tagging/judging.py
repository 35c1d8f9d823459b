"""Judges one sentence: how it is meant, what it is about, how each topic is spoken of, what it does, whether it can wait."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from voc.tagging import acts, facts, features, moods, talk
from voc.tagging.clauses import Clause, clauses
from voc.tagging.language import language_of
from voc.tagging.model import Model
from voc.tagging.moods import Hit
from voc.tagging.severity import severity_of
from voc.tagging.shapes import JUDGED_LANGUAGES, TopicMood
from voc.tagging.stretches import Squeezed, squeeze
from voc.tagging.topic_finding import TopicSet
from voc.tagging.topic_moods import topic_moods

# In units of the margin's logit. Chosen on the reviews and traps that are not kept apart.
_UNSURE = 0.45
_UNSURE_IF_ASKING = 2.2
_AGAINST = 1.6
_EACH_EXPRESSION = 0.6
_EACH_POINT = 0.8
_BITTER = -2.5
_PLAINLY = 1.5
_TURNED = 0.6
_NO_OPINION = re.compile(
    r"(?:네+|넵|예|아+|오|음|ㅇㅇ|ㅇㅋ|알겠습니다|알겠어요|확인했습니다|안녕하세요|안녕하세여|안녕히계세요|수고하세요|수고하셨습니다|여보세요|감사합니다만|보통(?:이에요|입니다|이예요|임)?|(?:그냥)?평범(?:해요|합니다|함)|글쎄요?|soso|ㄴㄴ|저기요|잠시만요|[\W\d_]|ㅎ|ㅋ)+"
)
_MARKUP = re.compile(r"<[^<>]{0,200}>|https?://\S+|www\.\S+|&[a-zA-Z]{2,8};|&#\d{1,6};")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said; `numbers` as the model and a layer see the sentence.

    `logit` of being meant well is what the model read, moved by expressions, and by what `overruled` both: mockery, danger, a score.
    `neutral` says that it is no opinion, not that it is unsure.
    """

    squeezed: Squeezed
    language: str
    sentiment: int
    topics: tuple[TopicMood, ...]
    act: str
    severity: str
    confidence: float
    logit: float
    overruled: float
    neutral: bool
    numbers: Sequence[int]
    hits: Sequence[Hit]


def judge(
    text: str, model: Model, topics: TopicSet, *, score: float | None = None, register: str = talk.REVIEW
) -> Judgement:
    """`text` without personal numbers. `score` 1..5 or None. `register`: see `talk`."""
    if "<" in text or "&" in text or "://" in text or "www." in text:
        text = _MARKUP.sub(" ", text)
    squeezed = squeeze(text)
    language = language_of(text)
    if language not in JUDGED_LANGUAGES:
        return Judgement(squeezed, language, 0, (), "statement", "", 0.0, 0.0, 0.0, True, (), ())
    in_talk = register == talk.TALK
    hits = _hits(squeezed, in_talk=in_talk)
    if language == "zxx":
        if in_talk:
            hits = moods.find(squeezed)
        return _without_letters(squeezed, hits)
    parts = clauses(squeezed)
    numbers = features.numbers(squeezed.text, hits)
    logit = heard = model.logit(numbers) + _of_expressions(parts, hits)
    bitter = _is_bitter(squeezed, parts, hits)
    if bitter:
        logit = min(logit, _BITTER)
        hits = [replace(hit, mood=-1) if hit.mood > 0 else hit for hit in hits]
    mild = not any(hit.mood < 0 for hit in hits)
    if score is not None and not any(hit.mood for hit in hits):
        logit += _EACH_POINT * (score - 3)
    opinion = any(hit.mood for hit in hits)
    logit = _leaning(logit, hits, bitter=bitter, in_talk=in_talk)
    bare = talk.without_smile(squeezed.text) if in_talk else squeezed.text
    sentiment, act = _settled(bare, logit, mild=mild, opinion=opinion, bitter=bitter, calm=in_talk and score is None)
    severity = severity_of(squeezed)
    if severity and sentiment >= 0:
        sentiment, logit = -1, min(logit, _BITTER)
    if severity == "abuse" or (severity and act in ("praise", "statement")):
        act = "complaint"
    found = topic_moods(
        squeezed,
        parts,
        hits,
        topics,
        sentiment=sentiment,
        asking=act in ("question", "request"),
        model=None if in_talk else model,
    )
    neutral = bool(_NO_OPINION.fullmatch(squeezed.text))
    return Judgement(
        squeezed, language, sentiment, found, act, severity, certainty(sentiment, logit), logit, logit - heard, neutral, numbers, hits
    )  # fmt: skip


def _hits(squeezed: Squeezed, *, in_talk: bool) -> list[Hit]:
    found = facts.find(squeezed)
    if not in_talk:
        return moods.find(squeezed, found)
    told = [
        hit for hit in talk.troubles(squeezed) if not any(hit.start < one.end and one.start < hit.end for one in found)
    ]
    bare = talk.without_smile(squeezed.text)
    return talk.in_talk(
        squeezed, moods.find(squeezed, found + told), asks=acts.asks(bare), asks_for=acts.asks_for(bare)
    )


def _leaning(logit: float, hits: Sequence[Hit], *, bitter: bool, in_talk: bool) -> float:
    """Where all expressions of a sentence in a conversation agree, it is meant as they say, whatever a reviewer would mean.

    In a review as well where each of them was turned well: 불만이 하나도 없습니다 has the letters of a complaint.
    """
    said = {hit.mood for hit in hits if hit.mood}
    if said == {1} and not bitter and all(hit.turned for hit in hits if hit.mood):
        logit = max(logit, _TURNED)
    if not in_talk:
        return logit
    if said == {-1}:
        return min(logit, -_PLAINLY)
    return max(logit, _PLAINLY) if said == {1} and not bitter else logit


def seen_as_one(text: str) -> Sequence[int]:
    """A whole text as the model sees it, as it was trained on whole reviews."""
    squeezed = squeeze(_MARKUP.sub(" ", text))
    return features.numbers(squeezed.text, moods.find(squeezed, facts.find(squeezed)))


def _without_letters(squeezed: Squeezed, hits: Sequence[Hit]) -> Judgement:
    mood = sum(hit.mood for hit in hits)
    sentiment = (mood > 0) - (mood < 0)
    act = ("complaint", "statement", "praise")[sentiment + 1]
    if not mood and squeezed.text.endswith("?"):
        act = "question"
    return Judgement(
        squeezed,
        "zxx",
        sentiment,
        (),
        act,
        "",
        0.8 if mood else 0.5,
        2.0 * sentiment,
        2.0 * sentiment,
        not mood,
        (),
        hits,
    )


def _of_expressions(parts: Sequence[Clause], hits: Sequence[Hit]) -> float:
    """How far the logit moves for what the expressions say, which the model has seen in reviews only; what stands after "but" weighs more."""
    judged = [hit.mood for hit in hits if hit.mood]
    moved = _EACH_EXPRESSION * sum(judged) / math.sqrt(len(judged) or 1)
    against = [clause for clause in parts if clause.against]
    if against:
        mood = sum(hit.mood for hit in hits if hit.start >= against[-1].start)
        moved += _AGAINST * ((mood > 0) - (mood < 0))
    return moved


def _is_bitter(squeezed: Squeezed, parts: Sequence[Clause], hits: Sequence[Hit]) -> bool:
    if facts.holds_against(squeezed.text):
        return True
    if not any(hit.mood > 0 for hit in hits):
        return False
    if facts.is_bitter(squeezed.text):
        return True
    hard = any(hit.mood < 0 for hit in hits)
    return (
        hard
        and facts.flatters(squeezed.text)
        and facts.is_marked(squeezed.text)
        and not any(clause.against for clause in parts)
    )


def _settled(text: str, logit: float, *, mild: bool, opinion: bool, bitter: bool, calm: bool) -> tuple[int, str]:
    """Sentiment and act. `calm`: nobody has been asked for an opinion, so letters alone are none."""
    sentiment = 1 if logit > 0 else -1
    if not opinion and not bitter and (calm or abs(logit) < _UNSURE or _NO_OPINION.fullmatch(text)):
        sentiment = 0
    act = acts.act_of(text, sentiment, mild=mild and not bitter)
    if act == "question" and mild and not bitter:
        sentiment = 0
    if act in ("request", "suggestion") and mild and not opinion and abs(logit) < _UNSURE_IF_ASKING:
        # To ask for something is no judgement, unless much speaks for one.
        sentiment = 0
    if act == "complaint" and sentiment >= 0:
        sentiment = -1
    return sentiment, act


def certainty(sentiment: int, logit: float) -> float:
    """How sure a sentiment is, 0..1, by the logit behind it."""
    chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
    if sentiment == 0:
        return round(1 - abs(2 * chance - 1), 3)
    return round(max(chance if sentiment > 0 else 1 - chance, 0.5), 3)
