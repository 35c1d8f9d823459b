"""Running clocks and alarms in words."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tickets.countdown import Countdown
from tickets.models import Alarm

register = template.Library()


@register.filter
def due_words(clock: Countdown) -> str:
    """“First response in 12 min”, “First response 3 min late”; static/js/due-clock.js goes on from here."""
    at = now()
    time = {"time": amount_words(abs(clock.left_seconds(at)))}
    if clock.level(at) == "past":
        return {
            "first_response": _("First response %(time)s late"),
            "next_response": _("Next response %(time)s late"),
            "call_back": _("Call back %(time)s late"),
        }.get(clock.kind, _("Resolution %(time)s late")) % time
    return {
        "first_response": _("First response in %(time)s"),
        "next_response": _("Next response in %(time)s"),
        "call_back": _("Call back within %(time)s"),
    }.get(clock.kind, _("Resolution in %(time)s")) % time


@register.filter
def due_level(clock: Countdown) -> str:
    return clock.level(now())


@register.filter
def due_is_resting(clock: Countdown) -> bool:
    return clock.is_resting(now())


@register.filter
def paused_words(left: timedelta) -> str:
    """What is left to the resolution of a ticket whose customer is the one to answer."""
    seconds = int(left.total_seconds())
    time = {"time": amount_words(abs(seconds))}
    return (_("Resolution in %(time)s") if seconds >= 0 else _("Resolution %(time)s late")) % time


@register.filter
def alarm_words(alarm: Alarm) -> str:
    """What has run out, or which rule tells it."""
    if alarm.rule is not None:
        return _("Rule “%(name)s”") % {"name": alarm.rule.name}
    return {
        Alarm.Kind.FIRST_RESPONSE: _("No first response in time"),
        Alarm.Kind.NEXT_RESPONSE: _("No next response in time"),
        Alarm.Kind.RESOLUTION: _("Not resolved in time"),
        Alarm.Kind.UNASSIGNED: _("Nobody has taken it"),
        Alarm.Kind.PROMISE_DUE: _("A promise falls due soon"),
        Alarm.Kind.PROMISE_BROKEN: _("A promise was not kept in time"),
    }[Alarm.Kind(alarm.kind)]


def amount_words(seconds: int) -> str:
    """Business time in its largest unit; never in days, for a day of it is no day."""
    if seconds < 60:
        return _("%(count)d s") % {"count": seconds}
    if seconds < 3600:
        return _("%(count)d min") % {"count": seconds // 60}
    return _("%(count)d h") % {"count": seconds // 3600}
