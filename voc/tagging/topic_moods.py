"""How each topic of a sentence is spoken of: clause by clause, the expression nearest to its cue."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voc.tagging import features
from voc.tagging.clauses import Clause
from voc.tagging.model import Model
from voc.tagging.moods import Hit
from voc.tagging.shapes import TopicMood
from voc.tagging.stretches import Squeezed
from voc.tagging.topic_finding import Cue, TopicSet

# A clause without any expression is judged by the letters alone if they say it this clearly.
_CLEAR = 0.7
# 예쁘고 빨리 왔어요: what came quickly was delivered.
_ARRIVAL = re.compile(r"왔|와서|왓|오네|옴|와요|도착|받았|받아|받음")

_IS_THERE = re.compile(
    r"(?<![수문일적글])(?<!문제)(?<!관심)(?<!이유)있(?:나요|나여|을까요|습니까|는지(?:요|문의|확인)?|어요(?=\?))[?~.!ㅎㅠ^]*$"
)
_THE_THING = re.compile(r"(?:제품|물건|상품|옷|신발|음식|물품)(?:은|는|도|자체)")


def topic_moods(
    squeezed: Squeezed,
    parts: Sequence[Clause],
    hits: Sequence[Hit],
    topics: TopicSet,
    *,
    sentiment: int,
    asking: bool,
    model: Model | None,
) -> tuple[TopicMood, ...]:
    cues = _chosen(squeezed, topics.cues(squeezed, hits), parts)
    if asking and not cues:
        cues = _asked_for(squeezed, topics)
    found: dict[str, tuple[int, float, list[Clause]]] = {}
    for place, clause in enumerate(parts):
        here = [cue for cue in cues if clause.start <= cue.start < clause.end]
        for topic in dict.fromkeys(cue.topic for cue in here):
            mood, confidence = _mood(topic, here, place, parts, hits, cues)
            if confidence == 0.0 and not asking:
                mood, confidence = _without_expression(squeezed, clause, parts, sentiment, model)
            before = found.get(topic)
            clauses_of = [*before[2], clause] if before else [clause]
            if before and (mood == 0 or (before[1] > confidence and mood != before[0] and not clause.against)):
                mood, confidence = before[0], before[1]
            found[topic] = mood, confidence, clauses_of
    return tuple(
        TopicMood(topic, mood, round(confidence or 0.5, 3), topics.part_of(topic, squeezed, within))
        for topic, (mood, confidence, within) in found.items()
    )


def _chosen(squeezed: Squeezed, cues: Sequence[Cue], parts: Sequence[Clause]) -> list[Cue]:
    """Named topics; for each clause that names none what its expressions hint at, quality only if the sentence names none at all."""
    named = [cue for cue in cues if not cue.weak]
    topics = {cue.topic for cue in named}
    chosen = list(named)
    for clause in parts:
        if not any(clause.start <= cue.start < clause.end for cue in named):
            weak = [cue for cue in cues if cue.weak and clause.start <= cue.start < clause.end]
            chosen += [cue for cue in weak if not named or _belongs(cue, squeezed, clause, topics)]
    return sorted(chosen, key=lambda cue: (cue.start, -cue.end))


def _asked_for(squeezed: Squeezed, topics: TopicSet) -> list[Cue]:
    """강남점에 니트 S 있나요? Who asks whether there is something, and names nothing else, asks for the thing itself."""
    found = _IS_THERE.search(squeezed.text)
    return [Cue(found.start(), found.end(), "stock")] if found and "stock" in topics.first else []


def _belongs(cue: Cue, squeezed: Squeezed, clause: Clause, named: set[str]) -> bool:
    """Whether what an expression hints at counts in a sentence that names topics elsewhere."""
    if cue.topic == "quality":
        # 배송은 늦었지만 제품은 마음에 들어요: the thing itself stands beside what was named.
        return bool(_THE_THING.search(squeezed.text, clause.start, clause.end))
    return cue.topic in named or _arrives(squeezed, clause)


def _arrives(squeezed: Squeezed, clause: Clause) -> bool:
    return bool(_ARRIVAL.search(squeezed.text, clause.start, clause.end))


def _mood(
    topic: str, here: Sequence[Cue], place: int, parts: Sequence[Clause], hits: Sequence[Hit], cues: Sequence[Cue]
) -> tuple[int, float]:
    """The mood and how sure; a confidence of 0 when no expression was found for the topic."""
    clause = parts[place]
    inside = [hit for hit in hits if hit.mood and clause.start <= hit.start < clause.end]
    own = [hit for hit in inside if topic in hit.expression.says]
    if own:
        return _sign(sum(hit.mood for hit in own)) or own[-1].mood, 0.9
    free = [hit for hit in inside if not hit.expression.says] or _of_next(place, parts, hits, cues) or inside
    if not free:
        return 0, 0.0
    others = sorted(cue.start for cue in here if cue.topic != topic)
    starts = [cue.start for cue in here if cue.topic == topic]
    if not others:
        return _sign(sum(hit.mood for hit in free)) or free[-1].mood, 0.8
    first = starts[0]
    stop = min((start for start in others if start > first), default=len(parts) and parts[-1].end)
    near = [hit for hit in free if first <= hit.start < stop] or [hit for hit in free if hit.start >= first] or free
    return near[0].mood, 0.75


def _of_next(place: int, parts: Sequence[Clause], hits: Sequence[Hit], cues: Sequence[Cue]) -> list[Hit]:
    """The expressions of the next clause, if it names nothing of its own: 가격도 그렇고 | 만족해요."""
    if place + 1 == len(parts):
        return []
    following = parts[place + 1]
    if any(following.start <= cue.start < following.end and not cue.weak for cue in cues):
        return []
    return [hit for hit in hits if hit.mood and following.start <= hit.start < following.end]


def _without_expression(
    squeezed: Squeezed, clause: Clause, parts: Sequence[Clause], sentiment: int, model: Model | None
) -> tuple[int, float]:
    if len(parts) == 1:
        return sentiment, 0.6
    if model is None:
        return 0, 0.5
    numbers = features.numbers(squeezed.text[clause.start : clause.end], ())
    logit = model.logit(numbers)
    if abs(logit) > _CLEAR:
        return (1 if logit > 0 else -1), 0.6
    return (sentiment if clause is parts[-1] else 0), 0.5


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
