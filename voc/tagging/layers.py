"""What an organization has taught: its people's corrections, as small weights over the numbers of `features`. Holds no text.

For each question (sentiment, act, each topic) there are a few answers; the tagger's own answer begins with one point, and
what was taught adds to or takes from each. Learnt by passive-aggressive steps (Crammer et al., JMLR 2006), which move no
further than a correction needs.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

# question -> answer -> number -> weight
Weights = dict[str, dict[str, dict[int, float]]]

ROUNDS = 8
_STEP = 1.0
_WANTED = 0.6
# The heaviest are kept: a layer is read with every batch.
MOST_WEIGHTS = 6_000
MOST_MOVED = 0.05
_A_FEW = 10


@dataclass(frozen=True, slots=True)
class Lesson:
    """One question about one sentence: what the tagger said, what is right, and how much it weighs beside others (0 to 1)."""

    question: str
    numbers: Sequence[int]
    said: str
    right: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Layer:
    """`held_out`: how many answers were scored by layers that had not seen their sentence; `before`, `after`: share right without and with them.
    `left`: how many sentences that nobody corrected were looked at likewise; `moved`: the share that came out otherwise."""

    weights: Mapping[str, Mapping[str, Mapping[int, float]]]
    held_out: int = 0
    before: float = 0.0
    after: float = 0.0
    left: int = 0
    moved: float = 0.0
    version: str = field(default="", compare=False)

    @property
    def better(self) -> bool:
        """Whether it did better on sentences it had not seen, on enough of them to say so, and leaves the others alone."""
        return self.held_out >= 5 and self.after > self.before and not self.too_wide

    @property
    def too_wide(self) -> bool:
        """Whether it would change more of what nobody corrected than a few of a kind can be."""
        return self.moved > MOST_MOVED and self.moved * self.left > _A_FEW

    def answer(self, question: str, numbers: Sequence[int], said: str) -> str:
        """The answer to a question about a sentence; what the tagger said unless what was taught outweighs it."""
        return _answer(self.weights.get(question), numbers, said)

    def questions(self) -> Iterable[str]:
        return self.weights

    def to_json(self) -> str:
        return json.dumps(
            {
                "weights": {
                    question: {answer: {str(number): round(weight, 4) for number, weight in sorted(of.items())} for answer, of in answers.items()}
                    for question, answers in sorted(self.weights.items())
                },
                "held_out": self.held_out,
                "before": self.before,
                "after": self.after,
                "left": self.left,
                "moved": self.moved,
            },
            separators=(",", ":"),
        )  # fmt: skip

    @classmethod
    def from_json(cls, text: str) -> Layer:
        """Raises ValueError for what `to_json` has not made."""
        try:
            given = json.loads(text)
            weights = {
                str(question): {str(answer): {int(number): float(weight) for number, weight in of.items()} for answer, of in answers.items()}
                for question, answers in given["weights"].items()
            }  # fmt: skip
            held_out, before, after = int(given["held_out"]), float(given["before"]), float(given["after"])
            # Layers made before these were looked at do not tell.
            left, moved = int(given.get("left", 0)), float(given.get("moved", 0.0))
        except (KeyError, TypeError, AttributeError, ValueError) as problem:
            raise ValueError("This is no layer of the tagger.") from problem
        return cls(weights, held_out, before, after, left, moved, version=_digest(weights))


def learn(lessons: Sequence[Lesson]) -> Weights:
    """Weights from lessons, the same from the same."""
    weights: Weights = {}
    for _ in range(ROUNDS):
        for lesson in lessons:
            _learn_one(weights, lesson)
    return _heaviest(weights)


def scored(weights: Weights, *, held_out: int, before: float, after: float, left: int, moved: float) -> Layer:
    rounded = {
        q: {a: {n: round(w, 4) for n, w in of.items()} for a, of in answers.items()} for q, answers in weights.items()
    }
    return Layer(rounded, held_out, before, after, left, moved, version=_digest(rounded))


def share_right(weights: Weights, lessons: Sequence[Lesson]) -> int:
    return sum(_answer(weights.get(lesson.question), lesson.numbers, lesson.said) == lesson.right for lesson in lessons)


def _learn_one(weights: Weights, lesson: Lesson) -> None:
    scale = 1 / math.sqrt(len(lesson.numbers) or 1)
    answers = weights.setdefault(lesson.question, {})
    points = _points(answers, lesson.numbers, lesson.said)
    wrong = max(
        (answer for answer in points if answer != lesson.right),
        key=lambda answer: (points[answer], answer),
        default=None,
    )
    lead = points.get(lesson.right, 0.0) - (points[wrong] if wrong is not None else 0.0)
    loss = _WANTED - lead
    if loss <= 0:
        return
    step = min(_STEP * lesson.weight, loss / 2) * scale
    towards = answers.setdefault(lesson.right, {})
    away = answers.setdefault(wrong, {}) if wrong is not None else {}
    for number in lesson.numbers:
        towards[number] = towards.get(number, 0.0) + step
        away[number] = away.get(number, 0.0) - step


def _points(answers: Mapping[str, Mapping[int, float]], numbers: Sequence[int], said: str) -> dict[str, float]:
    scale = 1 / math.sqrt(len(numbers) or 1)
    points = {answer: scale * sum([of.get(number, 0.0) for number in numbers]) for answer, of in answers.items()}
    points[said] = points.get(said, 0.0) + 1.0
    return points


def _answer(answers: Mapping[str, Mapping[int, float]] | None, numbers: Sequence[int], said: str) -> str:
    if not answers:
        return said
    points = _points(answers, numbers, said)
    return max(points, key=lambda answer: (points[answer], answer == said))


def _heaviest(weights: Weights) -> Weights:
    all_weights = [
        (abs(w), q, a, n) for q, answers in weights.items() for a, of in answers.items() for n, w in of.items() if w
    ]
    kept = set(sorted(all_weights, reverse=True)[:MOST_WEIGHTS])
    return {
        q: {a: {n: w for n, w in of.items() if (abs(w), q, a, n) in kept} for a, of in answers.items()}
        for q, answers in weights.items()
    }


def _digest(weights: Mapping[str, Mapping[str, Mapping[int, float]]]) -> str:
    plain = json.dumps(
        {
            q: {a: sorted((n, round(w, 4)) for n, w in of.items()) for a, of in answers.items()}
            for q, answers in weights.items()
        },
        sort_keys=True,
    )
    return sha256(plain.encode()).hexdigest()[:8]
