"""Figures as people read them. Pure but for the language."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpi.figures.arithmetic import Figure
from kpi.figures.comparing import Change
from kpi.words import DURATIONS, LESS_IS_BETTER
from tickets.templatetags.board import NO_DATA, span_words

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAYS_KO = "월화수목금토일"


def per_cent(ratio: float | None) -> str:
    return NO_DATA if ratio is None else f"{ratio * 100:.1f}%"


def points(score: float | None) -> str:
    if score is None:
        return NO_DATA
    return f"{'+' if score > 0 else ''}{_rounded(score)}".replace("-", "−")


def _rounded(score: float) -> int:
    return round(score)


def value_of(name: str, figure: Figure | None) -> float | None:
    """The one number that stands for a figure: median seconds, a ratio, a score, a count."""
    if figure is None:
        return None
    if name in DURATIONS:
        seconds: float | None = figure["median_seconds"]
        return seconds
    if name == "volume":
        return float(figure["tickets"]["n"])
    if name == "waiting":
        return float(figure["n"])
    told: float | None = figure["score"] if name == "nps" else figure["ratio"]
    return told


def n_of(name: str, figure: Figure | None) -> int:
    """How much was counted."""
    if figure is None:
        return 0
    if name == "volume":
        return int(figure["tickets"]["n"])
    if name in (*DURATIONS, "waiting"):
        return int(figure["n"])
    return int(figure["denominator"] if "denominator" in figure else figure["answered"])


def words_of(name: str, value: float | None) -> str:
    """A value in the figure's own unit."""
    if value is None:
        return NO_DATA
    if name in DURATIONS:
        return str(span_words(value))
    if name in ("volume", "waiting"):
        return f"{round(value):,}"
    return points(value) if name == "nps" else per_cent(value)


def shown(name: str, figure: Figure | None) -> str:
    return words_of(name, value_of(name, figure))


def is_better(name: str, change: Change) -> bool:
    return (change.by < 0) == (name in LESS_IS_BETTER)


def change_words(name: str, change: Change | None) -> str:
    """“2 min 5 s quicker”, “3.1 points less”; "" where there is nothing to compare with."""
    if change is None:
        return ""
    amount = abs(change.by)
    if name in DURATIONS:
        if round(amount) == 0:
            return _("as before")
        said = {"amount": span_words(amount)}
        return (_("%(amount)s slower") if change.by > 0 else _("%(amount)s quicker")) % said
    size = f"{_rounded(amount)}" if name == "nps" else f"{amount * 100:.1f}"
    if float(size) == 0:
        return _("as before")
    if name == "nps":
        return (_("%(amount)s points more") if change.by > 0 else _("%(amount)s points less")) % {"amount": size}
    return (_("%(amount)s%%p more") if change.by > 0 else _("%(amount)s%%p less")) % {"amount": size}


def weekday(number: int) -> str:
    """0 is Monday."""
    return WEEKDAYS_KO[number] if get_language() == "ko" else WEEKDAYS[number]


def hour(number: int) -> str:
    return _("%(hour)d h") % {"hour": number}


def day_words(day: date) -> str:
    """“11/2 (Mon)”."""
    return f"{day.month}/{day.day} ({weekday(day.weekday())})"


def axis_words(by: str, key: str) -> tuple[str, str]:
    """What stands under an axis for a day, week or month, and the whole of it for a table."""
    if by == "month":
        year, month = key.split("-")
        said = {"month": int(month), "year": year}
        return _("M%(month)d") % said, _("%(year)s-%(month)s") % said
    day = date.fromisoformat(key)
    if by == "week":
        last = day + timedelta(days=6)
        return f"{day.month}/{day.day}", f"{day.month}/{day.day}–{last.month}/{last.day}"
    return f"{day.month}/{day.day}", day_words(day)


def span_of_days(first: date, last: date) -> str:
    """“2026-11-16 (Mon) – 11-22 (Sun)”."""
    start = f"{first.isoformat()} ({weekday(first.weekday())})"
    if first == last:
        return start
    end = last.isoformat() if last.year != first.year else f"{last:%m-%d}"
    return f"{start} – {end} ({weekday(last.weekday())})"


def round_words(seconds: float) -> str:
    """A round length of time in the largest unit that it is whole in: “30 s”, “5 min”, “4 h”."""
    whole = round(seconds)
    if whole < 60 or whole % 60:
        return str(span_words(whole))
    if whole < 3600 or whole % 3600:
        return _("%(count)d min") % {"count": whole // 60}
    return _("%(count)d h") % {"count": whole // 3600}
