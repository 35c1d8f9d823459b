"""From a text to its tagged sentences: scrub, cut, judge each, then look at neighbours, then what an organization has taught."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from voc.tagging import facts, splitting
from voc.tagging.judging import Judgement, certainty, judge, seen_as_one
from voc.tagging.layers import Layer
from voc.tagging.model import Model, shipped
from voc.tagging.places import composed
from voc.tagging.scrub import MASK, scrub
from voc.tagging.shapes import JUDGED_LANGUAGES, Sentence, Topic, TopicMood
from voc.tagging.talk import REVIEW, TALK
from voc.tagging.topic_finding import TopicSet, topic_set
from voc.tagging.topics import DEFAULT_TOPICS

_A_WORD = 0.25
_HARDLY = 0.1
# The tone of a very long text is heard in its beginning.
_TONE = 4_000
# As many numbers as a sentence has; one of pictures alone has none.
_USUAL_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Whole:
    """What a whole text says; `topics` of all its sentences."""

    language: str
    sentiment: int
    topics: tuple[TopicMood, ...]
    act: str
    severity: str
    confidence: float


def tag(
    text: str,
    *,
    score: float | None = None,
    topics: Sequence[Topic] | None = None,
    layer: Layer | None = None,
    register: str = REVIEW,
) -> list[Sentence]:
    """The sentences of a text, tagged. `score` (1..5) is leaned on where the text says little. Never raises for any text.

    `register`: "review" of a text that was written to judge, "talk" of a conversation, where most sentences judge nothing.
    """
    return [_sentence(placed) for placed in _judged(text, score, _topic_set(topics), layer, register=register)]


def tag_many(
    texts: Iterable[str],
    *,
    topics: Sequence[Topic] | None = None,
    layer: Layer | None = None,
    register: str = REVIEW,
) -> list[list[Sentence]]:
    """Each text as `tag` does it."""
    known = _topic_set(topics)
    return [[_sentence(placed) for placed in _judged(text, None, known, layer, register=register)] for text in texts]


def whole(
    text: str,
    *,
    score: float | None = None,
    topics: Sequence[Topic] | None = None,
    layer: Layer | None = None,
    register: str = REVIEW,
) -> Whole:
    """What a text says as a whole, read as `tag` reads it. Of several sentences with the same topic the surer speaks for it."""
    return _whole(text, score, _topic_set(topics), layer, shipped(), register)


def whole_by(model: Model, text: str) -> Whole:
    """The same by another model than the one that ships: what cross-validation asks."""
    return _whole(text, None, _topic_set(None), None, model, REVIEW)


def _whole(text: str, score: float | None, topics: TopicSet, layer: Layer | None, model: Model, register: str) -> Whole:
    said = [placed.said for placed in _judged(text, score, topics, layer, model, register)]
    judged = [each for each in said if each.language in JUDGED_LANGUAGES]
    if not judged:
        return Whole(said[0].language if said else "zxx", 0, (), "statement", "", 0.0)
    if register == TALK:
        logit = _sum(judged)
        sentiment = (logit > 0) - (logit < 0)
    else:
        logit = _logit(judged, model, text)
        sentiment = _sentiment(judged, logit)
    confidence = certainty(sentiment, logit) if sentiment else min(each.confidence for each in judged)
    severity = next(
        (name for name in ("safety", "law", "press", "abuse") for each in judged if each.severity == name), ""
    )
    language = "ko" if any(each.language == "ko" for each in judged) else judged[0].language
    return Whole(language, sentiment, _topics(judged), _act(judged, sentiment), severity, confidence)


def judged_alone(text: str, *, topics: Sequence[Topic] | None = None, register: str = REVIEW) -> Judgement:
    """One sentence as the tagger alone sees it, without any layer."""
    return judge(scrub(composed(text)[0]), shipped(), _topic_set(topics), register=register)


@dataclass(frozen=True, slots=True)
class _Placed:
    start: int
    end: int
    text: str
    said: Judgement


def _judged(
    text: str,
    score: float | None,
    topics: TopicSet,
    layer: Layer | None,
    model: Model | None = None,
    register: str = REVIEW,
) -> list[_Placed]:
    read, places = composed(text)
    clean = scrub(read)
    # As given: what is told of a sentence is the stretch of the text it was in, however its letters are composed.
    shown = clean if read is text else scrub_like(text, clean, places)
    model = model or shipped()
    found = []
    for start, end in splitting.spans(clean):
        said = judge(clean[start:end], model, topics, score=score, register=register)
        found.append(_Placed(places[start], places[end], shown[places[start] : places[end]], said))
    _turn_by_facts(found)
    if layer is not None:
        found = [replace(placed, said=_taught(placed.said, layer, topics)) for placed in found]
    return found


def scrub_like(text: str, clean: str, places: Sequence[int]) -> str:
    """The text as given with the same characters replaced as in its composed form."""
    letters = list(text)
    for place, letter in enumerate(clean):
        if letter == MASK:
            letters[places[place] : places[place + 1]] = MASK * (places[place + 1] - places[place])
    return "".join(letters)


def _turn_by_facts(found: list[_Placed]) -> None:
    """`참 빠르네요. 2주만에 왔어요`: praise that the facts of a neighbour mock is none."""
    for place, placed in enumerate(found):
        here = placed.said
        if here.sentiment <= 0 or not _may_mock(here):
            continue
        following = found[place + 1].said if place + 1 < len(found) else None
        before = found[place - 1].said if place else None
        if (following and _mocks(here, following)) or (
            before and facts.is_mocking(here.squeezed.text) and _shares_fault(here, before)
        ):
            turned = tuple(replace(mood, sentiment=min(mood.sentiment, -mood.sentiment)) for mood in here.topics)
            said = replace(
                here,
                sentiment=-1,
                topics=turned,
                act="complaint",
                logit=-1.0,
                overruled=here.overruled - here.logit - 1.0,
                confidence=0.6,
            )
            found[place] = replace(placed, said=said)


def _may_mock(said: Judgement) -> bool:
    text = said.squeezed.text
    return facts.flatters(text) and facts.is_marked(text)


def _mocks(here: Judgement, following: Judgement) -> bool:
    if following.sentiment >= 0 or not following.hits or facts.turns(following.squeezed.text):
        return False
    if any(hit.expression is facts.ONLY_AFTER for hit in following.hits):
        return True
    return facts.is_mocking(here.squeezed.text) or _shares_fault(here, following)


def _shares_fault(here: Judgement, other: Judgement) -> bool:
    faults = {mood.topic for mood in other.topics if mood.sentiment < 0}
    return other.sentiment < 0 and any(mood.topic in faults for mood in here.topics)


def _taught(said: Judgement, layer: Layer, topics: TopicSet) -> Judgement:
    if not said.numbers:
        return said
    sentiment = int(layer.answer("sentiment", said.numbers, str(said.sentiment)))
    act = layer.answer("act", said.numbers, said.act)
    moods = {mood.topic: mood for mood in said.topics}
    for question in layer.questions():
        kind, _, topic = question.partition(":")
        if kind == "topic" and topic in topics.first:
            before = moods.get(topic)
            answer = layer.answer(question, said.numbers, str(before.sentiment) if before else "none")
            if answer == "none":
                moods.pop(topic, None)
            elif before is None or str(before.sentiment) != answer:
                moods[topic] = TopicMood(topic, int(answer), 0.7, before.part if before else "")
    if sentiment != said.sentiment:
        if len(moods) == 1 and [*moods.values()] == [*said.topics]:
            # Of one matter, the mood of the sentence is that of the matter, as where a person corrects it.
            moods = {topic: replace(mood, sentiment=sentiment, confidence=0.7) for topic, mood in moods.items()}
        logit = sentiment * max(abs(said.logit), 1.0)
        said = replace(
            said, sentiment=sentiment, confidence=0.7, logit=logit, overruled=said.overruled + logit - said.logit
        )
    return replace(said, act=act, topics=tuple(moods.values()))


def _sentence(placed: _Placed) -> Sentence:
    said = placed.said
    return Sentence(
        placed.start,
        placed.end,
        placed.text,
        said.language,
        said.sentiment,
        said.topics,
        said.act,
        said.severity,
        said.confidence,
    )


def _sentiment(judged: Sequence[Judgement], logit: float) -> int:
    """None if none of the sentences judges anything, and all of them together hardly do."""
    if not any(each.sentiment for each in judged):
        said = [each for each in judged if each.act == "statement" and not each.neutral]
        if not said or abs(logit) < _HARDLY:
            return 0
    return 1 if logit > 0 else -1


def _sum(judged: Sequence[Judgement]) -> float:
    """Of a conversation only what judges: the model has not read such texts as a whole."""
    return sum(each.logit for each in judged if each.sentiment)


def _logit(judged: Sequence[Judgement], model: Model, text: str) -> float:
    """What the model says of the whole text, as it was trained on whole reviews, and what overruled it in a sentence.

    What expressions add to a sentence is left out: read together they say it by themselves (0.922 instead of 0.916 in ten folds).
    """
    if len(judged) == 1:
        return judged[0].logit
    lengths = [len(each.numbers) or _USUAL_LENGTH for each in judged]
    overruled = sum(
        each.overruled * math.sqrt(length) for each, length in zip(judged, lengths, strict=True)
    ) / math.sqrt(sum(lengths))
    return model.logit(seen_as_one(scrub(composed(text[:_TONE])[0]))) + overruled


def _act(judged: Sequence[Judgement], sentiment: int) -> str:
    acts = [each.act for each in judged]
    if sentiment < 0 and "complaint" in acts:
        return "complaint"
    for act in ("question", "request", "suggestion"):
        if act in acts:
            return act
    if sentiment > 0 and "praise" in acts:
        return "praise"
    return "complaint" if sentiment < 0 else "statement"


def _topics(judged: Sequence[Judgement]) -> tuple[TopicMood, ...]:
    """Each topic once, as the most and surest of its sentences speak of it; of as many the later."""
    found: dict[str, list[TopicMood]] = {}
    for each in judged:
        for mood in each.topics:
            found.setdefault(mood.topic, []).append(mood)
    return tuple(_together(moods) for moods in found.values())


def _together(moods: Sequence[TopicMood]) -> TopicMood:
    weight = sum(mood.sentiment * mood.confidence for mood in moods)
    last = next((mood for mood in reversed(moods) if mood.sentiment), moods[-1])
    # Two that differ by less than a word: the later one is what she was left with.
    sentiment = (1 if weight > 0 else -1) if abs(weight) > _A_WORD else last.sentiment
    confidence = max((mood.confidence for mood in moods if mood.sentiment == sentiment), default=last.confidence)
    return TopicMood(last.topic, sentiment, confidence, next((mood.part for mood in moods if mood.part), ""))


def _topic_set(topics: Sequence[Topic] | None) -> TopicSet:
    return topic_set(DEFAULT_TOPICS if topics is None else tuple(topics))
