"""The lines of a look-up: twenty while somebody types, for each of which a template takes ten times as long."""

from collections.abc import Iterable
from html import escape
from typing import Protocol

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.templatetags.shell import Reading
from customers.queries import Profile

register = template.Library()

_LINE = (
    '<li><a href="{address}" class="flex min-h-[4.25rem] items-center gap-3 rounded-field px-3 py-2.5 hover:bg-base-200'
    ' focus-visible:bg-base-200 aria-[current=true]:bg-primary/10" data-result{pane}>\n'
    '<span class="min-w-0 grow">\n'
    '<span class="flex items-center gap-2"><b class="truncate text-base font-semibold">{name}</b>{badges}</span>\n'
    '<span class="block truncate text-sm tabular-nums text-base-content/60">{numbers}</span>\n'
    '</span>\n<span class="shrink-0 text-right text-xs text-base-content/60">{seen}</span>\n</a></li>'
)
# At the counter she opens beside the list.
_PANE = (
    ' hx-get="{}" hx-target="#counter-pane" hx-swap="innerHTML show:none" hx-push-url="true"'
    ' hx-sync="#counter-pane:replace"'
)
_BADGE = '<span class="badge {} badge-sm whitespace-nowrap">{}</span>'
_STORE = '<span class="block font-medium text-base-content/80">{}</span>'


class Hit(Protocol):
    """One line of the list; `needs_reading` where something was said lately or is still open."""

    @property
    def profile(self) -> Profile: ...
    @property
    def address(self) -> str: ...
    @property
    def needs_reading(self) -> bool: ...


@register.simple_tag
def hit_lines(hits: Iterable[Hit], place: str) -> SafeString:
    """One line for each customer that was found; `place` is counter or customers."""
    check_first, unconfirmed = (
        _BADGE.format(tone, escape(words))
        for tone, words in (("badge-warning", _("Check first")), ("badge-ghost", _("Unconfirmed")))
    )
    lines, reading = [], Reading()
    for hit in hits:
        profile = hit.profile
        badges = (check_first if hit.needs_reading else "") + (unconfirmed if profile.is_unconfirmed else "")
        numbers = " · ".join(number for number in (profile.phone, profile.member_no) if number)
        lines.append(
            _LINE.format(
                address=hit.address,
                pane=_PANE.format(hit.address) if place == "counter" else "",
                name=escape(profile.name),
                badges=badges,
                numbers=escape(numbers),
                seen=_seen(profile, reading),
            )
        )
    return SafeString("\n".join(lines))


def _seen(profile: Profile, reading: Reading) -> str:
    visited_at, store = profile.last_visit_at, profile.last_visit_store
    if visited_at is None:
        return reading.ago(profile.last_seen_at)
    return _STORE.format(escape(store.name if store else "")) + reading.ago(visited_at)
