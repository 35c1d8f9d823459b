"""The tests the board rests on: that they are what they say, and that alarms do not cry wolf."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.chance import (
    FEWEST_RISEN,
    change_is_clear,
    difference,
    has_risen,
    negative_binomial_tail,
    poisson_tail,
    strength_of_rise,
    tail,
    usual_week,
    wilson,
)
from voc.queries.alarming import ACCEPTED, TOLD_AGAIN_AFTER, WEEKS_BEFORE

# Conversations of a topic in a usual week, as sixteen topics of a shop have them.
RATES = (0.3, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30, 45, 70)


def test_known_tails():
    assert poisson_tail(0, 3) == 1
    assert poisson_tail(3, 1) == pytest.approx(1 - math.exp(-1) * 2.5)
    assert poisson_tail(20, 0.5) == pytest.approx(2.4e-25, rel=0.2)
    # One success more at an even chance: 0.5 + 0.25 + …
    assert negative_binomial_tail(2, 1, 2) == pytest.approx(0.25)
    assert negative_binomial_tail(5, 4, 4) == pytest.approx(poisson_tail(5, 4))


@given(mean=st.floats(0.05, 200), extra=st.floats(0, 5), count=st.integers(0, 400))
def test_a_tail_is_a_probability_and_falls(mean: float, extra: float, count: int):
    here = negative_binomial_tail(count, mean, mean * (1 + extra))
    further = negative_binomial_tail(count + 1, mean, mean * (1 + extra))
    assert 0 <= further <= here + 1e-6 <= 1 + 2e-6


@given(weeks=st.lists(st.integers(0, 80), min_size=4, max_size=8), more=st.integers(0, 60))
def test_more_is_never_less_alarming(weeks: list[int], more: int):
    usual = usual_week(weeks)
    assert usual is not None
    assert tail(more + 1, usual) <= tail(more, usual) + 1e-9
    if has_risen(more, usual, looked_at=16, accepted=ACCEPTED):
        assert has_risen(more + 1, usual, looked_at=16, accepted=ACCEPTED)


def test_small_numbers_say_nothing():
    assert usual_week([0, 0, 0]) is None
    never = usual_week([0] * 8)
    assert not has_risen(FEWEST_RISEN - 1, never, looked_at=1, accepted=ACCEPTED)
    assert not has_risen(100, None, looked_at=1, accepted=ACCEPTED)
    # A large topic needs a large rise, too: twelve of a hundred more is nobody's alarm.
    assert not has_risen(340, usual_week([300] * 8), looked_at=16, accepted=ACCEPTED)


def test_what_anybody_would_see_is_seen():
    assert has_risen(24, usual_week([5, 7, 6, 4, 6, 5, 7, 6]), looked_at=16, accepted=ACCEPTED)
    assert has_risen(15, usual_week([0, 1, 0, 0, 1, 0, 0, 0]), looked_at=16, accepted=ACCEPTED)


@pytest.mark.parametrize(("dispersion", "a_year_at_most"), [(1.0, 1.0), (1.5, 1.5), (2.0, 4.5)])
def test_a_shop_in_which_nothing_happens_is_left_alone(dispersion: float, a_year_at_most: float):
    """Sixteen topics, looked at each morning of twenty-five years; weeks differ by chance alone, or more widely than that."""
    rng, years, alarms = Random(7), 25, 0
    for rate in RATES:
        days: list[int] = []
        for _week in range(52 * years + WEEKS_BEFORE + 1):
            mean = rate if dispersion == 1 else rng.gammavariate(rate / (dispersion - 1), dispersion - 1)
            days += [_poisson(rng, mean / 7) for _day in range(7)]
        alarms += _alarms(days)
    assert alarms / years <= a_year_at_most


@pytest.mark.parametrize(
    ("usual", "times", "found_at_least"), [(40, 2, 0.85), (20, 2, 0.5), (10, 3, 0.8), (5, 4, 0.75)]
)
def test_what_rises_is_told_within_ten_days(usual: float, times: float, found_at_least: float):
    rng, trials, found = Random(11), 150, 0
    for _trial in range(trials):
        days = [_poisson(rng, usual / 7) for _day in range(7 * (WEEKS_BEFORE + 1))]
        days += [_poisson(rng, usual * times / 7) for _day in range(10)]
        found += bool(_alarms(days))
    assert found / trials >= found_at_least


def test_a_difference_is_told_by_the_numbers():
    clear = difference(60, 400, 20, 400)
    assert clear is not None
    assert clear.is_clear
    assert clear.p == pytest.approx(2.43e-6, rel=0.01)
    assert clear.low == pytest.approx(-0.142, abs=0.002)
    assert clear.high == pytest.approx(-0.059, abs=0.002)
    maybe = difference(10, 100, 7, 100)
    assert maybe is not None
    assert not maybe.is_clear
    assert maybe.low < 0 < maybe.high
    assert difference(5, 29, 1, 400) is None
    assert difference(1, 100, 1, 100) is None
    assert difference(0, 100, 0, 100) is None


def test_a_difference_that_is_none_is_seldom_told():
    rng, told, trials = Random(3), 0, 600
    for _trial in range(trials):
        hits, after = (sum(rng.random() < 0.12 for _one in range(150)) for _side in range(2))
        found = difference(hits, 150, after, 150)
        told += bool(found and found.is_clear)
    assert told / trials < 0.075


@given(hits=st.integers(0, 200), more=st.integers(1, 200))
def test_a_share_lies_within_its_bounds(hits: int, more: int):
    low, high = wilson(hits, hits + more)
    assert 0 <= low <= hits / (hits + more) <= high <= 1


def test_changes_of_small_numbers_are_marked():
    assert not change_is_clear(9, 3)
    assert change_is_clear(60, 20)
    assert not change_is_clear(60, 50)
    assert strength_of_rise(30, 10) > strength_of_rise(4, 1) > 0 > strength_of_rise(1, 4)


def _alarms(days: list[int]) -> int:
    """How many alarms a topic with these daily counts raises, as the morning's look does."""
    told, last = 0, -TOLD_AGAIN_AFTER.days
    for today in range(7 * (WEEKS_BEFORE + 1), len(days) + 1):
        if today - last < TOLD_AGAIN_AFTER.days:
            continue
        weeks = [sum(days[today - 7 * (number + 1) : today - 7 * number]) for number in range(WEEKS_BEFORE + 1)]
        if has_risen(weeks[0], usual_week(weeks[1:]), looked_at=len(RATES), accepted=ACCEPTED):
            told, last = told + 1, today
    return told


def _poisson(rng: Random, mean: float) -> int:
    left, count, product = math.exp(-mean), 0, rng.random()
    while product > left:
        count, product = count + 1, product * rng.random()
    return count
