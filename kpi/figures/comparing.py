"""Whether a figure differs from another enough to speak of it. Pure.

Shares: the two-proportion z test. Scores of recommendation: the same with the variance of −100, 0, 100. Medians: a tenth
apart, a rule of thumb: their spread is unknown once they are figures. Of fewer than 20 on either side no change is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from kpi.figures.arithmetic import Figure
from voc.chance import pooled_z

# Two-sided, one in twenty.
CLEAR = 1.96
FEWEST = 20
LEAST_PART = 0.1
# Fewer than these, and a share is told as a count.
FEW = 30


@dataclass(frozen=True, slots=True)
class Change:
    """`by` is now minus before, in the figure's own unit. `is_clear`: more than chance would do."""

    now: float
    before: float
    is_clear: bool

    @property
    def by(self) -> float:
        return self.now - self.before


def share_change(now: Figure | None, before: Figure | None) -> Change | None:
    """Of figures with numerator, denominator and ratio."""
    if not now or not before or not now["denominator"] or not before["denominator"]:
        return None
    n, m = now["denominator"], before["denominator"]
    z = pooled_z(before["numerator"], m, now["numerator"], n)
    is_clear = min(n, m) >= FEWEST and abs(z) >= CLEAR
    return Change(now["ratio"], before["ratio"], is_clear)


def median_change(now: Figure | None, before: Figure | None) -> Change | None:
    """Of durations; in calendar seconds."""
    if not now or not before or not now["n"] or not before["n"]:
        return None
    one, other = now["median_seconds"], before["median_seconds"]
    is_clear = min(now["n"], before["n"]) >= FEWEST and abs(one - other) >= LEAST_PART * max(other, 1)
    return Change(one, other, is_clear)


def score_change(now: Figure | None, before: Figure | None) -> Change | None:
    """Of recommendation, −100…100."""
    if not now or not before or not now["answered"] or not before["answered"]:
        return None
    spread = sqrt(_score_variance(now) + _score_variance(before))
    is_enough = min(now["answered"], before["answered"]) >= FEWEST
    is_clear = is_enough and spread > 0 and abs(now["score"] - before["score"]) / spread >= CLEAR
    return Change(now["score"], before["score"], is_clear)


def _score_variance(nps: Figure) -> float:
    n, mean = nps["answered"], nps["score"] / 100
    square = (nps["promoters"] + nps["detractors"]) / n
    variance: float = 10_000 * (square - mean * mean) / n
    return variance
