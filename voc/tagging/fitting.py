"""Fits a linear model: two classes, L2, squared hinge, by dual coordinate descent (Hsieh et al., ICML 2008). Plain Python."""

from __future__ import annotations

import random
from array import array
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """Numbers of what is there, +1 or −1, and how much the example counts."""

    numbers: Sequence[int]
    label: int
    cost: float


def fit(examples: Sequence[Example], size: int, *, rounds: int = 12, seed: int = 1) -> array[float]:
    """The weights. Each example counts as a vector of length one. The same examples always give the same weights."""
    weights = array("d", bytes(8 * size))
    duals = [0.0] * len(examples)
    scales = [max(len(example.numbers), 1) ** -0.5 for example in examples]
    order = list(range(len(examples)))
    shuffled = random.Random(seed)  # noqa: S311 - the order of going through the examples
    for _ in range(rounds):
        shuffled.shuffle(order)
        for place in order:
            example = examples[place]
            numbers, scale, label = example.numbers, scales[place], example.label
            margin = label * scale * sum([weights[number] for number in numbers])
            softness = 0.5 / example.cost
            dual = duals[place]
            moved = max(dual - (margin - 1 + softness * dual) / (1 + softness), 0.0)
            if moved != dual:
                duals[place] = moved
                step = (moved - dual) * label * scale
                for number in numbers:
                    weights[number] += step
    return weights
