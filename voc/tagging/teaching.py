"""From people's corrections to a layer, scored on corrections it has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from voc.tagging import layers
from voc.tagging.judging import Judgement
from voc.tagging.layers import Layer, Lesson
from voc.tagging.shapes import Correction, Topic, Uncorrected
from voc.tagging.tagger import judged_alone

FOLDS = 5
# One of these weighs little, for the sentence may only not have been looked at; together they hold what all sentences share.
_LEFT_WEIGHS = 0.02


def train_layer(
    corrections: Iterable[Correction],
    *,
    topics: Sequence[Topic] | None = None,
    uncorrected: Iterable[Uncorrected] = (),
) -> Layer:
    """A layer from all corrections; its figures are from five layers, each scored on the fifth it was not taught.

    People correct what is wrong and leave what is right: `uncorrected` says what that is. Without it, corrections that all
    go one way would be learnt as true of every sentence.

    A text corrected twice counts as it was corrected last. The same corrections give the same layer, in whatever order.
    """
    last = {_key(correction.text): correction for correction in corrections}
    lessons = {
        key: _lessons(correction, judged_alone(correction.text, topics=topics, register=correction.register))
        for key, correction in sorted(last.items())
    }
    questions = sorted({lesson.question for each in lessons.values() for lesson in each})
    left = {
        key: _left(judged_alone(one.text, topics=topics, register=one.register), questions)
        for key, one in sorted({_key(one.text): one for one in uncorrected}.items())
        if key not in lessons
    }
    folds = [_scored_apart(lessons, left, fold) for fold in range(FOLDS)]
    held_out = sum(map(len, lessons.values()))
    before = sum(lesson.said == lesson.right for each in lessons.values() for lesson in each)
    after, moved = (sum(column) for column in zip(*folds, strict=True))
    weights = layers.learn([lesson for each in (*lessons.values(), *left.values()) for lesson in each])
    whole = held_out or 1
    return layers.scored(
        weights,
        held_out=held_out,
        before=before / whole,
        after=after / whole,
        left=len(left),
        moved=moved / (len(left) or 1),
    )


def _scored_apart(
    lessons: Mapping[str, Sequence[Lesson]], left: Mapping[str, Sequence[Lesson]], fold: int
) -> tuple[int, int]:
    """What a layer taught without this fold makes of it: corrected answers that are right, and how many of the sentences
    that nobody corrected come out otherwise."""
    taught = layers.learn(
        [
            lesson
            for some in (lessons, left)
            for key, each in some.items()
            if int(key, 16) % FOLDS != fold
            for lesson in each
        ]
    )
    apart = [lesson for key, each in lessons.items() if int(key, 16) % FOLDS == fold for lesson in each]
    others = [each for key, each in left.items() if int(key, 16) % FOLDS == fold]
    return layers.share_right(taught, apart), sum(layers.share_right(taught, each) < len(each) for each in others)


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


def _left(said: Judgement, questions: Iterable[str]) -> list[Lesson]:
    """That the tagger's own answers stand, for the questions that are taught at all."""
    moods = {f"topic:{mood.topic}": str(mood.sentiment) for mood in said.topics}
    own = {"sentiment": str(said.sentiment), "act": said.act} | moods
    answers = [(question, own.get(question, "none")) for question in questions]
    return [Lesson(question, said.numbers, answer, answer, _LEFT_WEIGHS) for question, answer in answers]
