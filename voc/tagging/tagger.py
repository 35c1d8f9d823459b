"""From a text to its tagged sentences: scrub, cut, judge each, then look at neighbours, then what an organization has taught."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from voc.tagging import facts, splitting
from voc.tagging.judging import Judgement, certainty, judge
from voc.tagging.layers import Layer
from voc.tagging.model import shipped
from voc.tagging.places import composed
from voc.tagging.scrub import MASK, scrub
from voc.tagging.shapes import JUDGED_LANGUAGES, Sentence, Topic, TopicMood
from voc.tagging.topic_finding import TopicSet, topic_set
from voc.tagging.topics import DEFAULT_TOPICS


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
    text: str, *, score: float | None = None, topics: Sequence[Topic] | None = None, layer: Layer | None = None
) -> list[Sentence]:
    """The sentences of a text, tagged. `score` (1..5) is leaned on where the text says little. Never raises for any text."""
    return [_sentence(placed) for placed in _judged(text, score, _topic_set(topics), layer)]


def tag_many(
    texts: Iterable[str], *, topics: Sequence[Topic] | None = None, layer: Layer | None = None
) -> list[list[Sentence]]:
    """Each text as `tag` does it."""
    known = _topic_set(topics)
    return [[_sentence(placed) for placed in _judged(text, None, known, layer)] for text in texts]


def whole(
    text: str, *, score: float | None = None, topics: Sequence[Topic] | None = None, layer: Layer | None = None
) -> Whole:
    """What a text says as a whole. Of several sentences with the same topic the surer speaks for it."""
    return _summed([placed.said for placed in _judged(text, score, _topic_set(topics), layer)])


def judged_alone(text: str, *, topics: Sequence[Topic] | None = None) -> Judgement:
    """One sentence as the tagger alone sees it, without any layer."""
    return judge(scrub(composed(text)[0]), shipped(), _topic_set(topics))


@dataclass(frozen=True, slots=True)
class _Placed:
    start: int
    end: int
    text: str
    said: Judgement


def _judged(text: str, score: float | None, topics: TopicSet, layer: Layer | None) -> list[_Placed]:
    read, places = composed(text)
    clean = scrub(read)
    # As given: what is told of a sentence is the stretch of the text it was in, however its letters are composed.
    shown = clean if read is text else scrub_like(text, clean, places)
    model = shipped()
    found = []
    for start, end in splitting.spans(clean):
        said = judge(clean[start:end], model, topics, score=score)
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
    """`참 빠르네요. 2주만에 왔어요`: praise that the next sentence's facts mock is none."""
    for place in range(len(found) - 1):
        here, following = found[place].said, found[place + 1].said
        if here.sentiment <= 0 or following.sentiment >= 0 or not following.hits:
            continue
        text = here.squeezed.text
        if not facts.flatters(text) or not facts.is_marked(text) or facts.turns(following.squeezed.text):
            continue
        topics = {mood.topic for mood in here.topics}
        if not facts.is_mocking(text) and not topics & {mood.topic for mood in following.topics if mood.sentiment < 0}:
            continue
        turned = tuple(replace(mood, sentiment=min(mood.sentiment, -mood.sentiment)) for mood in here.topics)
        said = replace(here, sentiment=-1, topics=turned, act="complaint", logit=-abs(here.logit), confidence=0.6)
        found[place] = replace(found[place], said=said)


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
        said = replace(said, sentiment=sentiment, confidence=0.7, logit=sentiment * max(abs(said.logit), 1.0))
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


def _summed(said: Sequence[Judgement]) -> Whole:
    judged = [each for each in said if each.language in JUDGED_LANGUAGES]
    if not judged:
        return Whole(said[0].language if said else "zxx", 0, (), "statement", "", 0.0)
    logit = _logit(judged)
    spoken = [each for each in judged if each.sentiment]
    sentiment = (1 if logit > 0 else -1) if spoken else 0
    confidence = certainty(sentiment, logit) if spoken else min(each.confidence for each in judged)
    severity = next(
        (name for name in ("safety", "law", "press", "abuse") for each in judged if each.severity == name), ""
    )
    language = "ko" if any(each.language == "ko" for each in judged) else judged[0].language
    return Whole(language, sentiment, _topics(judged), _act(judged, sentiment), severity, confidence)


def _logit(judged: Sequence[Judgement]) -> float:
    """As the model would see all sentences at once: sums add up, lengths under the root."""
    lengths = [len(each.numbers) or 30 for each in judged]
    turned = 0.0
    for place, each in enumerate(judged):
        if place and facts.turns(each.squeezed.text):
            turned += each.sentiment
    total = sum(each.logit * math.sqrt(length) for each, length in zip(judged, lengths, strict=True) if each.sentiment)
    return total / math.sqrt(sum(lengths)) + max(-1.0, min(1.0, turned))


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
    found: dict[str, TopicMood] = {}
    for each in judged:
        for mood in each.topics:
            before = found.get(mood.topic)
            if before is None or (mood.sentiment and (not before.sentiment or mood.confidence >= before.confidence)):
                found[mood.topic] = replace(mood, part=mood.part or (before.part if before else ""))
    return tuple(found.values())


def _topic_set(topics: Sequence[Topic] | None) -> TopicSet:
    return topic_set(DEFAULT_TOPICS if topics is None else tuple(topics))
