"""The parts of the dashboard that come after its head: each its template and what that shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kpi import shown
from kpi.charts.flow import Band, flow_chart
from kpi.charts.lines import Course, line_chart
from kpi.queries.cuts import TREND_FIGURES, Point, cut_for, part_of, trend_for
from kpi.queries.journey import Flow, journey_for
from kpi.queries.morning import began_on, sold_for
from kpi.queries.spread import HeatCell, heat_for, misses_for, spread_for
from kpi.queries.wanted import CUTS, Wanted
from kpi.words import DURATIONS

Shown = tuple[str, dict[str, Any]]
HEAT_LEVELS = 5


def cut(_request: HttpRequest, wanted: Wanted) -> Shown:
    whole, lines = cut_for(wanted, wanted.by)
    parts = [(cell.name, part_of(cell.name)) for cell in whole.cells]
    return "kpi/partials/cut.html", {"whole": whole, "lines": lines, "parts": parts, "cuts": CUTS}


def trend(request: HttpRequest, wanted: Wanted) -> Shown:
    name = request.GET.get("figure", "")
    name = name if name in TREND_FIGURES else TREND_FIGURES[0]
    points = trend_for(wanted, name)
    urls = [behind_url(wanted, name, cut_by=wanted.trend, key=point.key) if point.n else "" for point in points]
    rows = [
        {
            "label": shown.axis_words(wanted.trend, point.key)[1],
            "value": shown.words_of(name, point.value),
            "n": point.n,
            "goal": shown.words_of(name, goal) if (goal := _goal(name, point)) is not None else "",
            "url": url,
        }
        for point, url in zip(points, urls, strict=True)
    ]
    context = {
        "figure": name,
        "figures": TREND_FIGURES,
        "chart": line_chart(_course(wanted, name, points, urls)) if any(point.n for point in points) else "",
        "rows": rows,
        "has_goal": any(row["goal"] for row in rows),
    }
    return "kpi/partials/trend.html", context


def _goal(name: str, point: Point) -> float | None:
    """Goals of shares are kept in per cent."""
    return None if point.goal is None else point.goal if name == "nps" else point.goal / 100


def _course(wanted: Wanted, name: str, points: list[Point], urls: list[str]) -> Course:
    labels = [shown.axis_words(wanted.trend, point.key) for point in points]
    words = [shown.words_of(name, point.value) for point in points]
    is_share = name not in (*DURATIONS, "nps", "volume")
    return Course(
        values=[point.value for point in points],
        labels=[short for short, _ in labels],
        titles=[
            f"{whole}: {value} (n={point.n:,})" for (_, whole), value, point in zip(labels, words, points, strict=True)
        ],
        goals=[_goal(name, point) for point in points],
        urls=urls,
        words=(lambda ratio: f"{ratio * 100:.0f}%")
        if is_share
        else (shown.round_words if name in DURATIONS else (lambda value: shown.words_of(name, value))),
        is_time=name in DURATIONS,
        low=0.0 if name in (*DURATIONS, "volume") else None,
        high=1.0 if is_share else None,
    )


def heat(_request: HttpRequest, wanted: Wanted) -> Shown:
    rows = heat_for(wanted)
    most = max((cell.n for row in rows for cell in row), default=0)
    hours = _open_hours(rows)
    return "kpi/partials/heat.html", {
        "rows": [
            (
                row[0].weekday,
                [(cell, _level(cell.n, most), _level(cell.missed, most)) for cell in row[hours.start : hours.stop]],
            )
            for row in rows
        ],
        "hours": hours,
        "most": most,
        "missed": sum(cell.missed for row in rows for cell in row),
    }


def _open_hours(rows: list[list[HeatCell]]) -> range:
    """From the first to the last hour in which there was anything."""
    used = [cell.hour for row in rows for cell in row if cell.n]
    return range(min(used), max(used) + 1) if used else range(9, 18)


def _level(n: int, most: int) -> int:
    return -(-n * HEAT_LEVELS // most) if most else 0


def spread(_request: HttpRequest, wanted: Wanted) -> Shown:
    told = spread_for(wanted)
    return "kpi/partials/spread.html", {
        "spread": told,
        "most": max((bucket.n for bucket in told.buckets), default=0),
        "csat_most": max(told.csat.values(), default=0),
        "nps_most": max(told.nps.values(), default=0),
        "csat_n": sum(told.csat.values()),
        "nps_n": sum(told.nps.values()),
    }


def misses(_request: HttpRequest, wanted: Wanted) -> Shown:
    missed, places = misses_for(wanted)
    shown_places = [
        (
            place,
            wanted.choices.label("center", place.center),
            wanted.with_(
                center=place.center or "null",
                channel=place.channel,
                figure="first_response_within_target",
                part="missed",
            ),
        )
        for place in places
    ]
    return "kpi/partials/misses.html", {
        "missed": missed,
        "places": shown_places,
        "most": max((place.missed for place in places), default=0),
    }


def journey(_request: HttpRequest, wanted: Wanted) -> Shown:
    told = journey_for(wanted)
    bands = [Band(flow.step, flow.start, flow.end, flow.n, flow_url(wanted, flow)) for flow in told.flows]
    return "kpi/partials/journey.html", {
        "journey": told,
        "bands": bands,
        "most": max((band.n for band in bands), default=0),
        "chart": flow_chart(bands, lambda name: wanted.choices.label("channel", name)),
    }


def sales(_request: HttpRequest, wanted: Wanted) -> Shown:
    return "kpi/partials/sales.html", {"sold": sold_for(wanted), "began_on": began_on(wanted)}


def flow_url(wanted: Wanted, flow: Flow) -> str:
    query = wanted.with_(figure="flow", part=f"{flow.step}.{flow.start}.{flow.end}")
    return f"{reverse('kpi:tickets')}?{query}"


def behind_url(wanted: Wanted, name: str, *, cut_by: str = "", key: str = "", part: str = "") -> str:
    """Where the tickets behind a number stand."""
    query = wanted.with_(figure=name, part=part or part_of(name), cut=cut_by, key=key)
    return f"{reverse('kpi:tickets')}?{query}"
