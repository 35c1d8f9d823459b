"""Finds what a sentence is about: cue words, expressions that speak of one thing only, and sentences like a topic's examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from voc.tagging.clauses import Clause
from voc.tagging.moods import Hit
from voc.tagging.shapes import Topic
from voc.tagging.stretches import Finder, Squeezed, squeeze
from voc.tagging.topics import DEFAULT_TOPICS

# Of the pairs of letters of an example, this share has to be in a sentence that is like it.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue at a place of the squeezed text; `implied` when an expression stands for its topic, `weak` when only for want of another."""

    start: int
    end: int
    topic: str
    implied: bool = False
    weak: bool = False


class TopicSet:
    """An organization's topics, made ready to be looked for."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self.first = {topic.key for topic in topics if not topic.parent}
        self.parts = {topic.key: topic.parent for topic in topics if topic.parent in self.first}
        self._cues = Finder((cue, topic.key) for topic in topics if not topic.parent for cue in topic.cues)
        self._part_cues = Finder((cue, topic.key) for topic in topics if topic.key in self.parts for cue in topic.cues)
        self._examples = [
            (topic.parent if topic.key in self.parts else topic.key, topic.key, _pairs(squeeze(example).text))
            for topic in topics
            for example in topic.examples
        ]

    def cues(self, squeezed: Squeezed, hits: Sequence[Hit]) -> list[Cue]:
        found = [
            Cue(start, end, topic)
            for start, end, topic in self._cues.all(squeezed)
            if not _in_other_word(squeezed.text, start, end)
        ]
        for hit in hits:
            if not hit.mood:
                continue
            for topic in hit.expression.says:
                if topic in self.first:
                    found.append(Cue(hit.start, hit.end, topic, implied=True))
            for topic in hit.expression.hints:
                if topic in self.first:
                    found.append(Cue(hit.start, hit.end, topic, implied=True, weak=True))
        found += self._like_examples(squeezed)
        return found

    def part_of(self, topic: str, squeezed: Squeezed, within: Sequence[Clause]) -> str:
        """The second-level topic of `topic` whose cue comes first in these clauses; "" if none."""
        best: tuple[int, str] | None = None
        for start, end, key in self._part_cues.all(squeezed):
            inside = self.parts[key] == topic and any(clause.start <= start < clause.end for clause in within)
            if inside and (best is None or end - start > best[0]):
                best = end - start, key
        return best[1] if best else ""

    def _like_examples(self, squeezed: Squeezed) -> Iterable[Cue]:
        if not self._examples:
            return
        here = _pairs(squeezed.text)
        for topic, _key, pairs in self._examples:
            if pairs and len(pairs & here) >= _ALIKE * len(pairs):
                yield Cue(0, len(squeezed.text), topic)


# What begins like a cue and is about something else; a badge of the shop before the text is nobody's word.
_OTHER_WORDS = re.compile(
    r"행사장|맛집|맛보기|값어치|색다[르른]|배송지|배송받자마자|배송오자마자|택배받자마자|배송시확인|취소선|가격표|돈까스|돈코츠|줄이고|줄여|안내려|안내리|서비스로|입고되어있|안내판|안내문|안받아[주준줘줬]"
)

# 인증 메일이 안 와요, 문자 안 받을래요: no parcel, and nobody who does not answer.
_NOT_SENT = re.compile(r"안(?:와|왔|옵|받(?:고|을|겠))|언제(?:와|오)|도착")
_WRITTEN = re.compile(r"(?:메일|문자|인증번호|알림|광고|쿠폰|포인트|카톡)[이가은는을를도]?(?:아직|아예|계속|이제|더)?$")


def _in_other_word(text: str, start: int, end: int) -> bool:
    other = _OTHER_WORDS.match(text, start)
    if (other and other.end() > end) or (start == 0 and _BADGE.match(text)):
        return True
    return bool(_NOT_SENT.match(text, start) and _WRITTEN.search(text[max(0, start - 8) : start]))


_BADGE = re.compile(r"재구매(?=[^가-힣]|[^의할하했해예에는은도가입]|의(?!사|향))")


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(len(text) - 1))


@lru_cache(maxsize=64)
def topic_set(topics: tuple[Topic, ...]) -> TopicSet:
    return TopicSet(topics)


def default_topic_set() -> TopicSet:
    return topic_set(DEFAULT_TOPICS)
