"""Trains the model that ships, and tells how well it does on reviews it has not seen. Reads reviews where they lie; keeps no text.

The films teach the language of judging; the shop's reviews count more, and carry a second set of weights of their own
(Daumé, "Frustratingly easy domain adaptation", ACL 2007). What ships is the sum of both, as a shop sees it.
"""

from __future__ import annotations

import csv
import math
import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from voc.tagging import facts, features, moods
from voc.tagging.fitting import Example, fit
from voc.tagging.places import composed
from voc.tagging.scrub import scrub
from voc.tagging.stretches import squeeze

FILMS_COUNT = 0.2
REVIEWS_COUNT = 1.0
ROUNDS = 12
FOLDS = 10
# Of 256 parts, as many reviews are kept apart: never trained on, never looked at while the tagger was written.
_APART = 51
# Two reviews that share this part of what the shorter one has are twins.
_TWINS = 0.7

_NO_LETTERS = re.compile(r"[^0-9a-z가-힣]")


@dataclass(frozen=True, slots=True)
class Review:
    """`row` in its file (1 is the first after the heading), +1 or −1, and the review as numbers; `key` is alike for near-duplicates."""

    row: int
    text: str
    label: int
    numbers: Sequence[int]
    key: str

    @property
    def apart(self) -> bool:
        return sha256(("held-out:" + self.key).encode()).digest()[0] < _APART

    @property
    def fold(self) -> int:
        return sha256(("fold:" + self.key).encode()).digest()[0] % FOLDS


def read_reviews(path: Path) -> list[tuple[int, str, int]]:
    """Row, text and label of each shopping review: CSV with `text` and `positive` (0 or 1)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row, each["text"], 2 * int(each["positive"]) - 1) for row, each in enumerate(csv.DictReader(file), 1)]


def read_films(path: Path) -> list[tuple[int, str, int]]:
    """The same of film reviews: tab-separated with `document` and `label` (0 or 1), quotes are letters."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row, each["document"] or "", 2 * int(each["label"]) - 1) for row, each in enumerate(rows, 1)]


def seen(rows: Iterable[tuple[int, str, int]]) -> list[Review]:
    """Reviews as the model sees them."""
    found = []
    for row, text, label in rows:
        clean = squeeze(scrub(composed(text)[0]))
        numbers = array("i", features.numbers(clean.text, moods.find(clean, facts.find(clean))))
        found.append(Review(row, text, label, numbers, _bare(text)))
    return found


def grouped(reviews: Sequence[Review]) -> list[Review]:
    """The same reviews; those that are nearly the same have one key, so that all are kept apart or fall into one fold together."""
    leader = list(range(len(reviews)))
    having: dict[int, list[int]] = {}
    for place, review in enumerate(reviews):
        shared: dict[int, int] = {}
        for number in review.numbers:
            earlier = having.setdefault(number, [])
            # What very many reviews have tells none from another.
            if len(earlier) < 200:
                for other in earlier:
                    shared[other] = shared.get(other, 0) + 1
                earlier.append(place)
        for other, count in shared.items():
            if count >= _TWINS * min(len(review.numbers), len(reviews[other].numbers)):
                _join(leader, place, other)
    groups: dict[int, list[Review]] = {}
    for place, review in enumerate(reviews):
        groups.setdefault(_first(leader, place), []).append(review)
    # A twin of one that is kept apart is kept apart.
    keys = {lead: min(group, key=lambda each: (not each.apart, each.key)).key for lead, group in groups.items()}
    return [replace(review, key=keys[_first(leader, place)]) for place, review in enumerate(reviews)]


def _first(leader: list[int], place: int) -> int:
    while leader[place] != place:
        place = leader[place]
    return place


def _join(leader: list[int], one: int, other: int) -> None:
    low, high = sorted((_first(leader, one), _first(leader, other)))
    leader[high] = low


def train(reviews: Sequence[Review], films: Sequence[Review]) -> array[float]:
    """The weights a shop sees."""
    size = features.SIZE
    examples = [
        Example(
            array("i", [*review.numbers, *(number + size for number in review.numbers)]), review.label, REVIEWS_COUNT
        )
        for review in reviews
    ]
    examples += [Example(film.numbers, film.label, FILMS_COUNT) for film in films]
    both = fit(examples, 2 * size, rounds=ROUNDS)
    return array("d", [both[number] + both[number + size] for number in range(size)])


def margin(weights: Sequence[float], review: Review) -> float:
    return sum([weights[number] for number in review.numbers]) / math.sqrt(len(review.numbers) or 1)


def slope(margins: Sequence[float], labels: Sequence[int]) -> float:
    """What makes a logit of a margin: the most likely factor for margins of reviews not trained on (by golden section)."""

    def loss(factor: float) -> float:
        return sum(math.log1p(math.exp(-factor * label * each)) for each, label in zip(margins, labels, strict=True))

    low, high = 0.1, 10.0
    for _ in range(40):
        third = (high - low) / 3
        if loss(low + third) < loss(high - third):
            high -= third
        else:
            low += third
    return round((low + high) / 2, 3)


def _bare(text: str) -> str:
    return _NO_LETTERS.sub("", text.lower())
