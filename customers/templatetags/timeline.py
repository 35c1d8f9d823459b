"""The lines and filters of a timeline: fifty lines on a page, for each of which a template takes ten times as long."""

from collections.abc import Iterable
from datetime import date
from html import escape
from itertools import groupby

from django import template
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.templatetags.shell import icon
from customers.queries import Entry
from customers.queries.wording import Sentence

register = template.Library()

_DAY = (
    '<li class="mt-2 border-b border-base-200 pb-1 pt-2 text-xs font-semibold text-base-content/60 first:mt-0"'
    ' data-day="{}">{}</li>'
)
_LINE = (
    '<li class="flex gap-3 py-1.5 text-sm" id="e-{}">'
    '<time class="w-10 shrink-0 pt-px text-xs tabular-nums text-base-content/60" datetime="{}">{}</time>'
    '{}<div class="min-w-0"><p class="{}">{}</p>{}</div></li>'
)
_QUOTE = '<p class="line-clamp-4 whitespace-pre-line break-words {}">{}</p>'
_CHIP = (
    '<a href="{0}" class="btn btn-sm h-9 shrink-0 rounded-full {1}"{2} hx-get="{0}" hx-target="#timeline"'
    ' hx-swap="outerHTML show:none" hx-sync="#timeline:replace">{3}</a>'
)


@register.simple_tag
def timeline_lines(entries: Iterable[Entry]) -> SafeString:
    """The events under their days: when, what, and what was said."""
    lines = []
    for day, of_day in groupby(entries, key=lambda entry: entry.local_time.date()):
        lines += [_day(day), *map(_line, of_day)]
    return SafeString("\n".join(lines))


def _day(day: date) -> str:
    told = f"{day.year}. {day.month}. {day.day}. ({WEEKDAYS_ABBR[day.weekday()]})"
    return _DAY.format(f"{day:%Y%m%d}", escape(told))


def _line(entry: Entry) -> str:
    sentence = entry.sentence
    return _LINE.format(
        entry.event.public_id.hex,
        entry.local_time.isoformat(),
        entry.clock,
        icon(sentence.icon, "mt-0.5 size-4 opacity-60"),
        _weight(sentence),
        escape(sentence.text),
        _quoted(sentence) if sentence.quote else "",
    )


def _weight(sentence: Sentence) -> str:
    if sentence.tone == "warning":
        return "font-semibold"
    return "text-xs text-base-content/60" if sentence.quote else "text-base-content/80"


def _quoted(sentence: Sentence) -> str:
    weight = "font-medium" if sentence.is_of_customer else "text-base-content/80"
    return _QUOTE.format(weight, escape(sentence.quote))


@register.simple_tag
def timeline_chip(timeline_url: str, chosen: str, channel: str, label: str) -> SafeString:
    """One filter: of a channel, or of all where `channel` is empty. `chosen` is the one in force."""
    is_chosen = channel == (chosen or "")
    return format_html(
        _CHIP,
        f"{timeline_url}?channel={channel}" if channel else timeline_url,
        "btn-neutral" if is_chosen else "btn-ghost border-base-300",
        SafeString(' aria-current="true"') if is_chosen else "",
        label,
    )
