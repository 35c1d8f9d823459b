"""What may be chance and what hardly is: the few tests the board rests on. Pure: numbers in, numbers out.

Counts are of conversations, never of sentences: ten sentences of one angry customer are one event, not ten.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# A topic must have been watched for so many whole weeks before anybody can say what is usual.
FEWEST_WEEKS = 4
# Below this a week is an anecdote, however rare the topic was before.
FEWEST_RISEN = 6
# A rise that nobody would call one: two thirds more than usual at least.
LEAST_RATIO = 1.6
# Customers come in waves even when nothing is wrong; eight weeks tell too little of how high these are.
USUAL_DISPERSION = 1.5
_WEIGHT_OF_USUAL = 4.0

# Below this no word on a difference is given.
FEWEST_COMPARED = 30
FEWEST_EXPECTED = 5.0
FEWEST_CHANGED = 20
_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Usual:
    """How many conversations a usual week has, and how widely weeks differ (variance divided by mean, 1 or more)."""

    mean: float
    dispersion: float
    weeks: int


def usual_week(weeks: Sequence[int]) -> Usual | None:
    """From the counts of whole weeks; None where there are fewer than FEWEST_WEEKS.

    The mean has half a conversation added, so that what was never said is rare and not impossible. The dispersion is
    drawn towards USUAL_DISPERSION, for that of eight weeks alone is a guess.
    """
    n = len(weeks)
    if n < FEWEST_WEEKS:
        return None
    mean = (sum(weeks) + 0.5) / n
    plain_mean = sum(weeks) / n
    seen = sum((count - plain_mean) ** 2 for count in weeks) / (n - 1) / mean
    drawn = (seen * (n - 1) + USUAL_DISPERSION * _WEIGHT_OF_USUAL) / (n - 1 + _WEIGHT_OF_USUAL)
    return Usual(mean, max(1.0, drawn), n)


def tail(count: int, usual: Usual) -> float:
    """The probability that a usual week has `count` conversations or more.

    Negative binomial: its variance is the dispersion times the mean, made wider by what the mean itself may be off.
    """
    variance = usual.mean * usual.dispersion * (1 + 1 / usual.weeks)
    return negative_binomial_tail(count, usual.mean, variance)


def negative_binomial_tail(count: int, mean: float, variance: float) -> float:
    """P(X >= count). Where the variance is hardly above the mean it is Poisson's: the two differ by less than what the
    difference of two great logarithms loses."""
    if count <= 0:
        return 1.0
    if variance <= mean * (1 + 1e-5):
        return poisson_tail(count, mean)
    size = mean * mean / (variance - mean)
    stays = size / (size + mean)
    logarithm = (
        math.lgamma(count + size)
        - math.lgamma(size)
        - math.lgamma(count + 1)
        + size * math.log(stays)
        + count * math.log1p(-stays)
    )
    return _sum_of_tail(logarithm, count, lambda k: (k + size) / (k + 1) * (1 - stays), peak=mean)


def poisson_tail(count: int, mean: float) -> float:
    """P(X >= count)."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    logarithm = count * math.log(mean) - mean - math.lgamma(count + 1)
    return _sum_of_tail(logarithm, count, lambda k: mean / (k + 1), peak=mean)


def has_risen(count: int, usual: Usual | None, *, looked_at: int, accepted: float) -> bool:
    """Whether a week of `count` is beyond the usual. `accepted` is the probability of one false word in a whole look at
    `looked_at` topics: each gets its part (Bonferroni)."""
    if usual is None or count < FEWEST_RISEN or count < usual.mean * LEAST_RATIO:
        return False
    return tail(count, usual) < accepted / max(1, looked_at)


@dataclass(frozen=True, slots=True)
class Difference:
    """Of two shares. `low` and `high` bound the second minus the first with 95 % confidence; `p` is two-sided."""

    first: float
    second: float
    low: float
    high: float
    p: float

    @property
    def is_clear(self) -> bool:
        return self.p < 0.05

    @property
    def points(self) -> float:
        """By how many percentage points the second is higher."""
        return (self.second - self.first) * 100


def pooled_z(hits: int, of: int, hits_after: int, of_after: int) -> float:
    """How many standard errors the second share lies above the first, by the pooled two-proportion z test; 0 where none
    or all are hits. `of` and `of_after` are above 0."""
    pooled = (hits + hits_after) / (of + of_after)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_after))
    return (hits_after / of_after - hits / of) / error if error else 0.0


def difference(hits: int, of: int, hits_after: int, of_after: int) -> Difference | None:
    """Two shares compared; None where the numbers are too few to tell: fewer than FEWEST_COMPARED on a side, or fewer
    than FEWEST_EXPECTED expected in a cell.

    The p is that of the pooled two-proportion z test, the bounds are Newcombe's (1998, his tenth method, of Wilson's).
    """
    if min(of, of_after) < FEWEST_COMPARED:
        return None
    pooled = (hits + hits_after) / (of + of_after)
    if min(of, of_after) * min(pooled, 1 - pooled) < FEWEST_EXPECTED:
        return None
    first, second = hits / of, hits_after / of_after
    p = math.erfc(abs(pooled_z(hits, of, hits_after, of_after)) / math.sqrt(2))
    low_first, high_first = wilson(hits, of)
    low_second, high_second = wilson(hits_after, of_after)
    gap = second - first
    low = gap - math.hypot(second - low_second, high_first - first)
    high = gap + math.hypot(high_second - second, first - low_first)
    return Difference(first, second, low, high, p)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The bounds of a share with 95 % confidence. `of` is above 0."""
    share, z2 = hits / of, _Z95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z95 / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    # A share of nothing or of all is its own bound, which rounding would miss by a hair.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def change_is_clear(now: int, before: int) -> bool:
    """Whether two counts of equally long periods differ beyond chance at 5 % (each as wide as usual weeks are).

    False where both together are fewer than FEWEST_CHANGED: then a screen says that the numbers are small.
    """
    both = now + before
    if both < FEWEST_CHANGED:
        return False
    return abs(now - before) / math.sqrt(both * USUAL_DISPERSION) > _Z95


def strength_of_rise(now: int, before: int) -> float:
    """Sorts what rose: the signed root of the likelihood ratio of two counts of equally long periods (Dunning 1993),
    with half a conversation added to each."""
    a, b = now + 0.5, before + 0.5
    half = (a + b) / 2
    ratio = 2 * (a * math.log(a / half) + b * math.log(b / half))
    return math.copysign(math.sqrt(max(ratio, 0.0)), a - b)


def _sum_of_tail(logarithm: float, first: int, step: Callable[[int], float], *, peak: float) -> float:
    """Sums terms from `first` on, each `step(k)` times the one before, until they no longer count."""
    total, term, k = 0.0, 1.0, first
    while True:
        total += term
        term *= step(k)
        k += 1
        if k > peak and term < total * 1e-12:
            break
    return min(1.0, math.exp(logarithm + math.log(total)))
