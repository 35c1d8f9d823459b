"""Small pieces of the board: bars and columns drawn by the server, changes and differences in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.formats import date_format, localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voc.alarm_words import alarm_place, alarm_words
from voc.chance import FEWEST_COMPARED
from voc.forms import Asked
from voc.queries.board import Column, Concentration, PlaceLine
from voc.queries.effect import Share
from voc.queries.numbers import Count3
from voc.templatetags.voices import voice_channel

register = template.Library()

register.filter("voice_alarm_words", alarm_words)
register.filter("voice_alarm_place", alarm_place)

# The charts' own measure; they are drawn to any width.
BAR_WIDTH, BAR_HEIGHT = 200, 10
CHART_WIDTH, CHART_HEIGHT = 640, 120


@register.simple_tag
def mood_bar(count: Count3, most: int) -> SafeString:
    """One bar: badly, plainly, well said, as long as its part of `most`. The numbers stand in words beside it."""
    pieces, x = [], 0.0
    for css, number in (
        ("fill-error", count.bad),
        ("fill-base-content/25", count.plain),
        ("fill-success", count.good),
    ):
        width = BAR_WIDTH * number / most if most else 0
        if width:
            pieces.append((_shown(x), _shown(width), BAR_HEIGHT, css))
        x += width
    return format_html(
        '<svg viewBox="0 0 {} {}" preserveAspectRatio="none" class="h-2.5 w-full" aria-hidden="true" focusable="false">{}</svg>',
        BAR_WIDTH,
        BAR_HEIGHT,
        format_html_join("", '<rect x="{}" y="0" width="{}" height="{}" class="{}"></rect>', pieces),
    )


@register.simple_tag
def share_bar(share: float | None, most: float, css: str = "fill-primary") -> SafeString:
    """One plain bar for a share (0–1), as long as its part of `most`."""
    width = BAR_WIDTH * (share or 0) / most if most else 0
    return format_html(
        '<svg viewBox="0 0 {} {}" preserveAspectRatio="none" class="h-2.5 w-full" aria-hidden="true" focusable="false">'
        '<rect x="0" y="0" width="{}" height="{}" class="fill-base-300"></rect>'
        '<rect x="0" y="0" width="{}" height="{}" class="{}"></rect></svg>',
        *(BAR_WIDTH, BAR_HEIGHT, BAR_WIDTH, BAR_HEIGHT),
        *(_shown(width), BAR_HEIGHT, css),
    )


@register.simple_tag
def column_chart(columns: Sequence[Column]) -> SafeString:
    """A column for each day or week, what was said badly below; a table with the same numbers stands behind it."""
    most = max((column.total for column in columns), default=0)
    step = CHART_WIDTH / max(1, len(columns))
    width = max(1.0, step * 0.78)
    pieces = []
    for number, column in enumerate(columns):
        x, bottom = number * step + (step - width) / 2, float(CHART_HEIGHT)
        for css, value in (("fill-error", column.bad), ("fill-base-content/25", column.rest)):
            height = (CHART_HEIGHT - 4) * value / most if most else 0
            bottom -= height
            if height:
                pieces.append((_shown(x), _shown(bottom), _shown(width), _shown(height), css))
    return format_html(
        '<svg viewBox="0 0 {} {}" preserveAspectRatio="none" class="h-28 w-full border-b border-base-300" aria-hidden="true" focusable="false">{}</svg>',
        CHART_WIDTH,
        CHART_HEIGHT,
        format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}" class="{}"></rect>', pieces),
    )


@register.simple_tag
def week_chart(by_week: Sequence[tuple[Any, int]]) -> SafeString:
    """A column for each week, the half before paler; a table stands behind it."""
    most = max((count for _day, count in by_week), default=0)
    step = CHART_WIDTH / max(1, len(by_week))
    pieces = []
    for number, (_day, count) in enumerate(by_week):
        height = (CHART_HEIGHT - 4) * count / most if most else 0
        css = "fill-base-content/30" if number < len(by_week) // 2 else "fill-primary"
        pieces.append(
            (
                _shown(number * step + step * 0.15),
                _shown(CHART_HEIGHT - height),
                _shown(step * 0.7),
                _shown(height),
                css,
            )
        )
    return format_html(
        '<svg viewBox="0 0 {} {}" preserveAspectRatio="none" class="h-24 w-full border-b border-base-300" aria-hidden="true" focusable="false">{}'
        '<line x1="{}" y1="0" x2="{}" y2="{}" class="stroke-base-content/60" stroke-dasharray="4 4"></line></svg>',
        CHART_WIDTH,
        CHART_HEIGHT,
        format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}" class="{}"></rect>', pieces),
        *(CHART_WIDTH / 2, CHART_WIDTH / 2, CHART_HEIGHT),
    )


@register.simple_tag
def asked_query(asked: Asked, **changes: Any) -> str:
    """The address's query with these parts changed."""
    return asked.query(**{name: str(value) for name, value in changes.items()})


@register.simple_tag
def place_query(asked: Asked, dimension: str, key: str) -> str:
    """The address's query narrowed to a place."""
    return asked.query(**{dimension: key})


@register.filter
def percent(share: float | None) -> str:
    """12 %, below ten with a digit more; "—" where there is nothing to divide."""
    if share is None:
        return "—"
    value = share * 100
    return f"{localize(round(value, 1))}%" if 0 < value < 10 else f"{round(value)}%"


@register.filter
def change_words(count: Count3) -> str:
    """“+24%”, “new”, “—”: against the period before."""
    if count.change is None:
        return _("new") if count.total else "—"
    return f"{round(count.change * 100):+d}%".replace("-", "−")


@register.filter
def place_name(name: str, dimension: str) -> str:
    """What a place is called on the screen."""
    if not name:
        return _("Not known")
    return voice_channel(name) if dimension == "channel" else name


@register.filter
def most_said(lines: Sequence[PlaceLine]) -> int:
    """The largest count of these: what their bars are measured by."""
    return max((line.count.total for line in lines), default=0)


@register.filter
def dimension_label(dimension: str) -> str:
    return {
        "channel": _("By channel"),
        "store": _("By store"),
        "center": _("By center"),
        "product": _("By product"),
    }[dimension]


@register.filter
def where_words(where: Concentration) -> str:
    """Where most of it was said."""
    told = {"part": percent(where.part), "place": place_name(where.name, where.dimension)}
    if where.dimension == "product":
        return _("%(part)s of it is about “%(place)s”.") % told
    if where.dimension == "channel":
        return _("%(part)s of it comes by this way: %(place)s.") % told
    return _("%(part)s of it comes from %(place)s.") % told


@register.filter
def complaints_words(share: Share) -> str:
    """Whether complaints became fewer, and whether that may be chance."""
    fell = _(
        "It fell from %(before)s to %(after)s, and that is hardly chance: the true change lies between %(low)s and %(high)s points."
    )
    rose = _("It rose from %(before)s to %(after)s, and that is hardly chance. Look again at what was done.")
    return _compared(share, fell=fell, rose=rose)


@register.filter
def csat_words(share: Share) -> str:
    """Whether those who spoke of it are more satisfied, and whether that may be chance."""
    fell = _("Satisfaction fell from %(before)s to %(after)s, and that is hardly chance. Look again at what was done.")
    rose = _("Satisfaction rose from %(before)s to %(after)s, and that is hardly chance.")
    return _compared(share, fell=fell, rose=rose)


def _compared(share: Share, *, fell: str, rose: str) -> str:
    """`fell` or `rose` where that is clear; else that it may be chance, or that there are too few to tell."""
    found = share.difference
    if found is None:
        return _too_few(share)
    told = {
        "before": percent(share.before),
        "after": percent(share.after),
        "low": _points(found.low),
        "high": _points(found.high),
    }
    may_be_chance = _(
        "From %(before)s to %(after)s: that may be chance. The true change lies between %(low)s and %(high)s points."
    )
    if not found.is_clear:
        return may_be_chance % told
    return (fell if found.points < 0 else rose) % told


@register.filter
def day_words(day: Any) -> str:
    """11/26 as the language writes it."""
    return date_format(day, "n/j")


def _too_few(share: Share) -> str:
    least = min(share.of, share.of_after)
    if least < FEWEST_COMPARED:
        return ngettext(
            "Too few to tell: %(least)d on one side, and it takes %(needed)d.",
            "Too few to tell: %(least)d on one side, and it takes %(needed)d.",
            least,
        ) % {"least": least, "needed": FEWEST_COMPARED}
    return _("Too few to tell: it was said too seldom, before and after.")


def _points(difference: float) -> str:
    value = round(difference * 100, 1)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{localize(abs(value))}"


def _shown(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
