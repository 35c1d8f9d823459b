"""Between the organization's rows and the tagger: which topics it is to know, what a sentence comes to. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from accounts.models import Organization
from tickets.models import Topic
from voc import tagging
from voc.models import Act, Listening, Severity, TopicWords
from voc.texts import Spoken

# Of a text that has more, the rest says nothing new.
SENTENCES_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence comes to. `topics` are slugs with a mood and how sure it is, the surest first."""

    act: str
    sentiment: int
    severity: str
    confidence: float
    topics: tuple[tuple[str, int, float], ...]

    @property
    def comparable(self) -> tuple[Any, ...]:
        """As `Tagging.said`."""
        return self.act, self.sentiment, self.severity, tuple(sorted((slug, mood) for slug, mood, _sure in self.topics))

    @property
    def topics_json(self) -> list[dict[str, Any]]:
        return [{"topic": slug, "sentiment": mood, "confidence": round(sure, 3)} for slug, mood, sure in self.topics]


@dataclass(frozen=True, slots=True)
class Reader:
    """The tagger as one organization has it now. `slugs`: what the tagger calls a topic → its slug."""

    generation: int
    layer_id: int | None
    topics: tuple[tagging.Topic, ...]
    slugs: Mapping[str, str]
    layer: tagging.Layer | None = field(default=None)

    def sentences(self, spoken: Spoken) -> list[tuple[tagging.Sentence, Said]]:
        """The sentences of a text and what each says."""
        found = tagging.tag(
            spoken.text,
            score=spoken.score,
            topics=self.topics,
            layer=self.layer,
            register=tagging.register_of(spoken.channel),
        )
        hers = spoken.is_hers([one.text for one in found])
        kept = [one for one, is_hers in zip(found, hers, strict=True) if is_hers]
        return [(one, self._said(one)) for one in kept[:SENTENCES_AT_MOST]]

    def _said(self, sentence: tagging.Sentence) -> Said:
        topics: dict[str, tuple[int, float]] = {}
        for one in sentence.topics:
            slug = self.slugs.get(one.part) or self.slugs.get(one.topic)
            if slug is not None and one.confidence > topics.get(slug, (0, -1.0))[1]:
                topics[slug] = (one.sentiment, one.confidence)
        ordered = sorted(topics.items(), key=lambda item: (-item[1][1], item[0]))
        return Said(
            act=sentence.act if sentence.act in Act else Act.STATEMENT,
            sentiment=sentence.sentiment,
            severity=sentence.severity if sentence.severity in Severity else Severity.NORMAL,
            confidence=sentence.confidence,
            topics=tuple((slug, mood, sure) for slug, (mood, sure) in ordered),
        )


def reader_of(organization: Organization, listening: Listening) -> Reader:
    """The tagger with the organization's topics and layer. Three statements at most."""
    layer = listening.layer
    topics, slugs = tagger_topics(organization)
    return Reader(
        generation=listening.generation,
        layer_id=layer.pk if layer else None,
        topics=topics,
        slugs=slugs,
        layer=_layer(layer.data) if layer else None,
    )


def tagger_topics(organization: Organization) -> tuple[tuple[tagging.Topic, ...], dict[str, str]]:
    """What the tagger is to know by, and the slug of each of its keys. One statement.

    A topic that was merged away is known by its words as before; what is found counts for the other one.
    """
    rows = list(
        TopicWords.objects.filter(organization=organization)
        .select_related("topic", "topic__parent__words", "topic__merged_into")
        .order_by("topic__position", "topic__slug")
    )
    topics = tuple(
        tagging.Topic(
            key=key_of(words),
            name=words.topic.name,
            parent=_parent_key(words),
            cues=tuple(words.cue_list),
            examples=tuple(words.example_list),
        )
        for words in rows
    )
    return topics, {key_of(words): (words.topic.merged_into or words.topic).slug for words in rows}


def key_of(words: TopicWords) -> str:
    """What the tagger calls a topic: by its own word it knows more of it than by the organization's."""
    return words.standard or words.topic.slug


def _parent_key(words: TopicWords) -> str:
    """The tagger's own topics stand where they stood; others where the organization has put them."""
    if words.standard:
        return words.standard.partition(".")[0] if "." in words.standard else ""
    parent = words.topic.parent
    return key_of(parent.words) if parent is not None and hasattr(parent, "words") else ""


@lru_cache(maxsize=64)
def _layer(data: str) -> tagging.Layer:
    return tagging.Layer.from_json(data)


def standing_topics(organization: Organization, slugs: Iterable[str]) -> dict[str, Topic]:
    """Slug → the topic that it counts as. Unknown ones are missing. One statement."""
    rows = Topic.objects.filter(organization=organization, slug__in=set(slugs)).select_related("merged_into")
    return {row.slug: row.merged_into or row for row in rows}
