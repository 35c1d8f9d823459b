"""Courses over time: the small one in a tile and the large one with its axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from kpi.charts.scales import runs, shown_places, ticks


@dataclass(frozen=True, slots=True)
class Size:
    """In the picture's own units, which are pixels at its usual width."""

    width: int
    height: int
    labels: int
    css: str


WIDE = Size(880, 250, 11, "hidden w-full sm:block print:block")
NARROW = Size(340, 220, 5, "w-full sm:hidden print:hidden")
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 12, 26
SPARK_WIDTH, SPARK_HEIGHT = 120, 28


def sparkline(values: Sequence[float | None]) -> SafeString:
    """The course in a tile: decoration, what it shows stands in the trend's table."""
    told = [value for value in values if value is not None]
    if len(told) < 2:
        return SafeString(
            f'<svg viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" class="h-7 w-full" aria-hidden="true"></svg>'
        )
    low, high = min(told), max(told)
    span = (high - low) or 1.0
    step = (SPARK_WIDTH - 6) / max(len(values) - 1, 1)

    def at(place: int) -> tuple[float, float]:
        share = ((values[place] or 0.0) - low) / span if high > low else 0.5
        return 3 + place * step, SPARK_HEIGHT - 4 - share * (SPARK_HEIGHT - 8)

    parts = [_run([at(place) for place in run], "stroke-primary/70", 1.5) for run in runs(values)]
    last = max(place for place, value in enumerate(values) if value is not None)
    x, y = at(last)
    # A point that stays round however the picture is stretched.
    parts.append(_dot(x, y, 5))
    return SafeString(
        f'<svg viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" preserveAspectRatio="none" class="h-7 w-full" '
        f'aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )


def _dot(x: float, y: float, width: float) -> str:
    return (
        f'<path d="M{x:.1f},{y:.1f}h0.01" class="stroke-primary" stroke-width="{width}" stroke-linecap="round" '
        'vector-effect="non-scaling-stroke"/>'
    )


def _run(points: Sequence[tuple[float, float]], css: str, width: float) -> str:
    if len(points) == 1:
        x, y = points[0]
        return _dot(x, y, width * 2)
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{told}" fill="none" class="{css}" stroke-width="{width}" stroke-linejoin="round" '
        'stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
    )


@dataclass(frozen=True, slots=True)
class Course:
    """What a large chart shows: `labels` under the axis, `titles` for each point; `goals` in the values' unit."""

    values: Sequence[float | None]
    labels: Sequence[str]
    titles: Sequence[str]
    goals: Sequence[float | None]
    urls: Sequence[str]
    words: Callable[[float], str]
    is_time: bool = False
    low: float | None = None
    high: float | None = None


def line_chart(course: Course) -> SafeString:
    """Drawn twice, for a wide and a narrow page, so that letters keep their size. Hidden from screen readers: see the table."""
    return SafeString(_chart(course, WIDE) + _chart(course, NARROW))


def _chart(course: Course, size: Size) -> str:
    told = [value for value in (*course.values, *course.goals) if value is not None] or [0.0, 1.0]
    low = min(told) if course.low is None else course.low
    high = max(told) if course.high is None else course.high
    marks = ticks(low, max(high, low + (1 if course.is_time else 0.01)), is_time=course.is_time)
    bottom, top = marks[0], marks[-1]
    inner_width, inner_height = size.width - LEFT - RIGHT, size.height - TOP - BOTTOM
    count = len(course.values)

    def x(place: int) -> float:
        return LEFT + inner_width * (place + 0.5) / max(count, 1)

    def y(value: float) -> float:
        return TOP + inner_height * (1 - (value - bottom) / (top - bottom))

    parts = [_grid(marks, y, size, course.words)]
    for place in shown_places(count, size.labels):
        parts.append(
            f'<text x="{x(place):.1f}" y="{size.height - 8}" text-anchor="middle" font-size="11" '
            f'class="fill-base-content/70">{escape(course.labels[place])}</text>'
        )
    parts += _goals(course.goals, x, y, inner_width / max(count, 1) / 2)
    for run in runs(course.values):
        points = [(x(place), y(course.values[place] or 0.0)) for place in run]
        parts.append(_run(points, "stroke-primary", 2))
    parts += [_point(course, place, x, y) for place, value in enumerate(course.values) if value is not None]
    return (
        f'<svg viewBox="0 0 {size.width} {size.height}" width="{size.width}" height="{size.height}" '
        f'class="{size.css} h-auto" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )


def _grid(marks: Sequence[float], y: Callable[[float], float], size: Size, words: Callable[[float], str]) -> str:
    return "".join(
        f'<line x1="{LEFT}" x2="{size.width - RIGHT}" y1="{y(mark):.1f}" y2="{y(mark):.1f}" class="stroke-base-300"/>'
        f'<text x="{LEFT - 6}" y="{y(mark) + 4:.1f}" text-anchor="end" font-size="11" class="fill-base-content/70">'
        f"{escape(words(mark))}</text>"
        for mark in marks
    )


def _goals(
    goals: Sequence[float | None], x: Callable[[int], float], y: Callable[[float], float], half: float
) -> list[str]:
    """A goal is a step of its own over each stretch of time that it held for."""
    return [
        f'<line x1="{x(place) - half:.1f}" x2="{x(place) + half:.1f}" y1="{y(goal):.1f}" y2="{y(goal):.1f}" '
        'class="stroke-success" stroke-width="1.5" stroke-dasharray="5 3"/>'
        for place, goal in enumerate(goals)
        if goal is not None
    ]


def _point(course: Course, place: int, x: Callable[[int], float], y: Callable[[float], float]) -> str:
    dot = (
        f'<circle cx="{x(place):.1f}" cy="{y(course.values[place] or 0.0):.1f}" r="3.5" '
        f'class="fill-primary stroke-base-100"><title>{escape(course.titles[place])}</title></circle>'
    )
    url = course.urls[place]
    # The table says the same to the keyboard; a picture full of stops would be in its way.
    return f'<a href="{escape(url)}" tabindex="-1">{dot}</a>' if url else dot
