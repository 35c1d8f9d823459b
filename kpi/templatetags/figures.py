"""Figures and their pictures in templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from customers.money import shown_amount
from kpi import shown
from kpi.charts.bars import bar
from kpi.charts.lines import sparkline
from kpi.figures.arithmetic import Figure
from kpi.figures.comparing import Change
from kpi.figures.table import NONE
from kpi.queries.cuts import part_of
from kpi.queries.spread import Bucket
from kpi.queries.wanted import Wanted, channel_names
from kpi.words import FIGURES
from tickets.templatetags.board import span_words

register = template.Library()


@register.filter
def figure_label(name: str) -> str:
    return str(FIGURES[name].label)


@register.filter
def figure_short(name: str) -> str:
    return str(FIGURES[name].short)


@register.filter
def figure_meaning(name: str) -> str:
    return str(FIGURES[name].meaning)


@register.filter
def as_value_of(value: float | None, name: str) -> str:
    return shown.words_of(name, value)


@register.filter
def as_change_of(change: Change | None, name: str) -> str:
    return shown.change_words(name, change)


@register.filter
def per_cent(ratio: float | None) -> str:
    return shown.per_cent(ratio)


@register.filter
def shown_of(figure: Figure | None, name: str) -> str:
    return shown.shown(name, figure)


@register.filter
def weekday_name(number: int) -> str:
    return shown.weekday(number)


@register.filter
def day_words(day: date) -> str:
    return shown.day_words(day)


@register.simple_tag
def spark(values: Sequence[float | None]) -> SafeString:
    return sparkline(values)


@register.simple_tag
def bar_of(value: float, most: float, tone: str = "primary") -> SafeString:
    return bar(value, most, tone)


@register.simple_tag
def in_wanted(wanted: Any, **changes: str) -> str:
    """The address's query of what is wanted, with other words in it."""
    query: str = wanted.with_(**{name: str(value) if value is not None else "null" for name, value in changes.items()})
    return query


@register.simple_tag
def narrowed(wanted: Any, key: str) -> str:
    """The query of the dashboard with one group of the cut alone."""
    query: str = wanted.with_(**{wanted.by: key})
    return query


@register.simple_tag
def bucket_query(wanted: Any, bucket: Bucket) -> str:
    """Of the tickets whose customers waited so long."""
    upto = str(bucket.upto) if bucket.upto is not None else ""
    query: str = wanted.with_(figure="first_response", part="n", over=str(bucket.over or ""), upto=upto)
    return query


@register.filter
def bucket_words(bucket: Bucket) -> str:
    """“up to 30 s”; the last is open."""
    if bucket.upto is None:
        return _("longer than %(time)s") % {"time": shown.round_words(bucket.over)}
    return _("up to %(time)s") % {"time": shown.round_words(bucket.upto)}


@register.filter
def part_name(name: str) -> str:
    """Of which part of a figure the tickets are shown."""
    return part_of(name)


@register.filter
def thousands(count: int) -> str:
    return f"{count:,}"


@register.filter
def channel_name(channel: str) -> str:
    return channel_names().get(channel, channel)


@register.filter
def amount(hundredths: int, currency: str) -> str:
    return shown_amount(hundredths, currency)


@register.filter
def growth_words(share: float) -> str:
    """“12.5% more”."""
    size = f"{abs(share) * 100:.1f}"
    if float(size) == 0:
        return _("as before")
    return (_("%(size)s%% more") if share > 0 else _("%(size)s%% less")) % {"size": size}


@register.filter
def since_words(at: datetime, now: datetime) -> str:
    return str(span_words((now - at).total_seconds()))


@register.filter
def period_words(wanted: Wanted) -> str:
    return shown.span_of_days(wanted.period.first, wanted.last)


@register.filter
def before_words(wanted: Wanted) -> str:
    before = wanted.period.before
    return shown.span_of_days(before.first, before.end - timedelta(days=1))


@register.filter
def item(told: Mapping[str, Any], name: str) -> Any:
    return told.get(name)


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def heat_tone(level: int) -> str:
    """The colour of a cell, from nothing to most."""
    tones = ("bg-base-200/60", "bg-primary/12", "bg-primary/25", "bg-primary/45", "bg-primary/70", "bg-primary/90")
    return tones[level]


@register.filter
def filter_words(wanted: Wanted) -> list[str]:
    """What the figures are narrowed to, in words; nothing where they are not."""
    return [wanted.choices.label(name, None if key == NONE else key) for name, key in wanted.chosen.items()]
