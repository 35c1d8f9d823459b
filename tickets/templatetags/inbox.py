"""Small pieces of the inbox's screens: channels, waiting times, texts with their links."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone, localtime, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.policies import Permission, may
from accounts.schedules import DEFAULT_TARGETS
from accounts.templatetags.shell import relative_time
from tickets.lines import clock
from tickets.queries.counting import COUNTED_UP_TO
from tickets.queries.inbox import Row
from tickets.queries.lists import Listed
from tickets.templatetags.clocks import due_is_resting, due_level, due_words

register = template.Library()

_ICONS = {"chat": "chat", "call": "phone", "message": "send", "mail": "mail", "store": "store", "ticket": "note"}
# A whole address only: it ends before what closes a sentence, and Hangul written straight after it is no part of it.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?)]'"
# A counter's inquiry waits like a message: nobody stands there any more.
_TARGETS = {**DEFAULT_TARGETS, "store": DEFAULT_TARGETS["message"]}


@register.filter
def may_see_rules(person: Person) -> bool:
    return may(person, Permission.EDIT_RULES)


@register.filter
def channel_icon(channel: str) -> str:
    return _ICONS.get(channel, "chat")


@register.filter
def counted(count: int) -> str:
    """A count as a list shows it: what reaches the limit is only known to be as many."""
    return str(count) if count < COUNTED_UP_TO else f"{COUNTED_UP_TO - 1}+"


@register.filter
def channel_label(channel: str) -> str:
    return {
        "chat": _("Chat"),
        "call": _("Call"),
        "message": _("Messenger"),
        "mail": _("Mail"),
        "store": _("Store"),
        "ticket": _("Opened by us"),
    }.get(channel, channel)


@register.filter
def target_seconds(channel: str) -> int:
    """Within how many seconds a customer of this channel expects an answer; what colours are measured by."""
    return _TARGETS.get(channel, _TARGETS["message"])


@register.filter
def waiting_level(since: datetime, channel: str) -> int:
    """0 calm … 3 far too long; static/js/waiting-clock.js goes on from here by the same steps."""
    waited = (now() - since).total_seconds()
    target = target_seconds(channel)
    return sum(waited >= target * part for part in (0.5, 1, 4))


@register.filter
def waiting_words(since: datetime) -> str:
    """“12 min”: how long somebody has been waiting, in the largest unit that tells enough."""
    seconds = max(0, int((now() - since).total_seconds()))
    if seconds < 60:
        return _("%(count)d s") % {"count": seconds}
    if seconds < 3600:
        return _("%(count)d min") % {"count": seconds // 60}
    if seconds < 48 * 3600:
        return _("%(count)d h") % {"count": seconds // 3600}
    return _("%(count)d d") % {"count": seconds // 86400}


@register.filter
def call_clock(seconds: int) -> str:
    """“3:07”: how long it was spoken, as static/js/waiting-clock.js counts."""
    return clock(seconds)


@register.simple_tag
def ticket_row(row: Row, list_query: str) -> SafeString:
    """A row of the list, drawn once for all who look at it in the same words."""
    ticket = row.ticket
    since = ticket.waiting_since if ticket.is_open else None
    waits = "" if since is None else f"{waiting_words(since)} {waiting_level(since, ticket.channel)}"
    if row.countdown is not None:
        waits += f" {due_words(row.countdown)} {due_level(row.countdown)} {due_is_resting(row.countdown)}"
    moment = relative_time(ticket.last_event_at) if since is None else SafeString("")
    drawn = _drawn(row, moment, waits, _snooze(ticket), get_language(), get_current_timezone())
    return mark_safe(drawn.replace(_LIST_QUERY, escape(list_query)))  # noqa: S308 - a template has escaped the rest


def _snooze(ticket: Listed) -> str:
    """Until when it is snoozed; "back" where that has passed and nothing has been done since; else ""."""
    if not ticket.is_open or ticket.snoozed_until is None:
        return ""
    if ticket.snoozed_until <= now():
        return "back"
    return date_format(localtime(ticket.snoozed_until), "n/j H:i")


# Where a row's address goes on with the list that it is opened from. What a ticket says never has such quotes: they
# are escaped.
_LIST_QUERY = '"list query"'


# Ten desks look at the same fifty rows, in this list and in that, of which a few change from one look to the next. 3 KB
# each.
@lru_cache(maxsize=4_000)
def _drawn(row: Row, moment: SafeString, _waits: str, snooze: str, _language: str | None, _zone: tzinfo) -> SafeString:
    """The row's HTML in any list. All that it hangs on stands among the arguments: what is kept is never out of date."""
    url = mark_safe(reverse("tickets:detail", args=[row.ticket.public_id]) + _LIST_QUERY)  # noqa: S308 - a UUID
    context = {"row": row, "ticket": row.ticket, "url": url, "moment": moment, "snooze": snooze}
    return mark_safe(get_template("tickets/partials/row.html").render(context))  # noqa: S308 - a template has escaped it


@register.filter
def with_links(text: str) -> SafeString:
    """The text as text, with addresses of the web as links that tell the other side nothing."""
    parts: list[tuple[SafeString]] = []
    place = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_AFTER_ADDRESS)
        parts.append((conditional_escape(text[place : found.start()]),))
        link = '<a href="{}" class="link break-all" target="_blank" rel="noopener noreferrer nofollow">{}</a>'
        parts.append((format_html(link, address, address),))
        place = found.start() + len(address)
    parts.append((conditional_escape(text[place:]),))
    return format_html_join("", "{}", parts)
