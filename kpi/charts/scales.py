"""Where ticks of an axis stand. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

# Steps of time that people count in, in seconds.
_TIMES = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 4 * 3600, 8 * 3600, 24 * 3600, 7 * 24 * 3600)
TICKS = 4


def ticks(low: float, high: float, *, is_time: bool = False, least: float = 0.0) -> list[float]:
    """Round values from below `low` to above `high`, about five of them; `least` is the smallest step."""
    span = max(high - low, 1e-9)
    step = max(_time_step(span / TICKS) if is_time else _step(span / TICKS), least)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]


def _time_step(span: float) -> float:
    return next((float(step) for step in _TIMES if step >= span), _step(span))


def _step(span: float) -> float:
    power = 10.0 ** floor(log10(span)) if span > 0 else 1.0
    return float(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= span * 0.999))


def shown_places(count: int, most: int) -> list[int]:
    """Which of `count` places on an axis bear words, at even steps, `most` at most."""
    if count <= most:
        return list(range(count))
    step = ceil(count / most)
    return list(range(0, count, step))


def runs(values: Sequence[float | None]) -> list[list[int]]:
    """Places of values that follow one another without a gap."""
    found: list[list[int]] = []
    for place, value in enumerate(values):
        if value is None:
            continue
        if found and found[-1][-1] == place - 1:
            found[-1].append(place)
        else:
            found.append([place])
    return found
