"""The linear model of sentiment: a file of small whole numbers, one for each number of `features`. No text, no code in it.

The file: a line of JSON (its card in short), then zlib of SIZE signed bytes. A weight is the byte times `step`.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from voc.tagging.features import SIZE

FILE = Path(__file__).with_name("sentiment.model")


@dataclass(frozen=True, slots=True)
class Model:
    """`margin` of a sentence's numbers: below 0 ill, above 0 well; `slope` makes a probability of it."""

    weights: array[int]
    step: float
    slope: float
    about: dict[str, Any]
    digest: str

    def total(self, numbers: Sequence[int]) -> float:
        """The sum behind a margin; sums and counts of sentences add up to those of a text."""
        return self.step * sum(map(self.weights.__getitem__, numbers))


def write(path: Path, weights: Sequence[float], *, slope: float, about: dict[str, Any]) -> int:
    """Writes a model; weights are rounded to a byte each. How many bytes the file has."""
    # The few largest are cut off: a byte for them would leave the many small ones at nought.
    largest = sorted(map(abs, weights))[-40] or 1.0
    step = largest / 127
    small = array("b", [max(-127, min(127, round(weight / step))) for weight in weights])
    head = json.dumps({**about, "step": step, "slope": slope}, ensure_ascii=False, sort_keys=True)
    data = head.encode() + b"\n" + zlib.compress(small.tobytes(), 9)
    path.write_bytes(data)
    return len(data)


def read(path: Path) -> Model:
    data = path.read_bytes()
    head, _, packed = data.partition(b"\n")
    about = json.loads(head)
    weights = array("b", zlib.decompress(packed))
    if len(weights) != SIZE:
        raise ValueError(f"{path.name} has {len(weights)} weights, not {SIZE}: train it again (manage.py train_voc)")
    return Model(weights, about["step"], about["slope"], about, sha256(data).hexdigest()[:8])


@lru_cache(maxsize=1)
def shipped() -> Model:
    return read(FILE)
