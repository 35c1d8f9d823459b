"""A measured figure beside its denominator from the same run, and how the two are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` and `denominator` in `unit`; `to_reach` is words, `reached` whether they hold (None: nothing to reach)."""

    name: str
    unit: str
    value: float
    denominator: float | None = None
    to_reach: str = ""
    reached: bool | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.denominator if self.denominator else None


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0–1) of `values` lie, interpolated linearly."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def table(figures: Iterable[Figure]) -> str:
    """A table for the terminal."""
    lines = [f"{'figure':<58}{'value':>12}{'denominator':>14}{'ratio':>8}  {'to reach':<28}"]
    for figure in figures:
        denominator = f"{figure.denominator:,.1f}" if figure.denominator is not None else "–"
        ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else "–"
        mark = {True: "✓", False: "✗", None: " "}[figure.reached]
        value = f"{figure.value:,.1f}"
        lines.append(
            f"{figure.name + ' [' + figure.unit + ']':<58}{value:>12}{denominator:>14}{ratio:>8}  {figure.to_reach:<26}{mark}"
        )
    return "\n".join(lines)
