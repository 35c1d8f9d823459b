"""The linear model of sentiment: a file of small whole numbers, one for each number of `features`. No text, no code in it.

The file: a line of JSON (its card in short), then zlib of SIZE signed numbers of two bytes, the lower first.
A weight is its number times `step`.
"""

from __future__ import annotations

import json
import math
import sys
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from voc.tagging.features import SIZE

_MOST = 32_767
FILE = Path(__file__).with_name("sentiment.model")


@dataclass(frozen=True, slots=True)
class Model:
    """`logit` of a sentence's numbers: below 0 meant ill, above 0 well."""

    weights: array[int]
    step: float
    slope: float
    about: dict[str, Any]
    digest: str

    def logit(self, numbers: Sequence[int]) -> float:
        return self.slope * self.step * sum(map(self.weights.__getitem__, numbers)) / math.sqrt(len(numbers) or 1)


def made(weights: Sequence[float], *, slope: float) -> Model:
    """A model that lies in no file, with weights as one in a file would have them."""
    step = (max(map(abs, weights)) or 1.0) / _MOST
    return Model(array("h", [round(weight / step) for weight in weights]), step, slope, {}, "")


def write(path: Path, weights: Sequence[float], *, slope: float, about: dict[str, Any]) -> int:
    """Writes a model; weights are rounded to two bytes each (one lost two reviews in a hundred). How many bytes the file has."""
    model = made(weights, slope=slope)
    small, step = model.weights[:], model.step
    if sys.byteorder == "big":
        small.byteswap()
    head = json.dumps({**about, "step": step, "slope": slope}, ensure_ascii=False, sort_keys=True)
    data = head.encode() + b"\n" + zlib.compress(small.tobytes(), 9)
    path.write_bytes(data)
    return len(data)


def read(path: Path) -> Model:
    data = path.read_bytes()
    head, _, packed = data.partition(b"\n")
    about = json.loads(head)
    weights = array("h", zlib.decompress(packed))
    if sys.byteorder == "big":
        weights.byteswap()
    if len(weights) != SIZE:
        raise ValueError(f"{path.name} has {len(weights)} weights, not {SIZE}: train it again (manage.py train_voc)")
    return Model(weights, about["step"], about["slope"], about, sha256(data).hexdigest()[:8])


@lru_cache(maxsize=1)
def shipped() -> Model:
    return read(FILE)
