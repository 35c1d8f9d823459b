"""From people's corrections to a layer, scored on corrections it has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from voc.tagging import layers
from voc.tagging.judging import Judgement
from voc.tagging.layers import Layer, Lesson
from voc.tagging.shapes import Correction, Topic
from voc.tagging.tagger import judged_alone

FOLDS = 5


def train_layer(corrections: Iterable[Correction], *, topics: Sequence[Topic] | None = None) -> Layer:
    """A layer from all corrections; its figures are from five layers, each scored on the fifth it was not taught.

    A text corrected twice counts as it was corrected last. The same corrections give the same layer, in whatever order.
    """
    last = {_key(correction.text): correction for correction in corrections}
    lessons = {
        key: _lessons(correction, judged_alone(correction.text, topics=topics, register=correction.register))
        for key, correction in sorted(last.items())
    }
    held_out = sum(map(len, lessons.values()))
    before = sum(lesson.said == lesson.right for each in lessons.values() for lesson in each)
    after = 0
    for fold in range(FOLDS):
        apart = [lesson for key, each in lessons.items() if int(key, 16) % FOLDS == fold for lesson in each]
        if apart:
            taught = layers.learn(
                [lesson for key, each in lessons.items() if int(key, 16) % FOLDS != fold for lesson in each]
            )
            after += layers.share_right(taught, apart)
    weights = layers.learn([lesson for each in lessons.values() for lesson in each])
    whole = held_out or 1
    return layers.scored(weights, held_out=held_out, before=before / whole, after=after / whole)


def _key(text: str) -> str:
    """The same for texts that differ in spaces, marks and capitals only, so that none is taught and scored at once."""
    return sha256("".join(filter(str.isalnum, text.lower())).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _lessons(correction: Correction, said: Judgement) -> list[Lesson]:
    found = []
    if correction.sentiment is not None:
        found.append(Lesson("sentiment", said.numbers, str(said.sentiment), str(correction.sentiment)))
    if correction.act is not None:
        found.append(Lesson("act", said.numbers, said.act, correction.act))
    if correction.topics is not None:
        moods = {mood.topic: str(mood.sentiment) for mood in said.topics}
        right = {topic: str(mood) for topic, mood in correction.topics.items()}
        found += [
            Lesson(f"topic:{topic}", said.numbers, moods.get(topic, "none"), right.get(topic, "none"))
            for topic in sorted({*moods, *right})
        ]
    return found
