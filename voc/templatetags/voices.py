"""Small pieces of the screens of what customers say."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from tickets.templatetags.inbox import channel_label

register = template.Library()


@register.filter
def voice_channel(channel: str) -> str:
    """By which way a sentence came."""
    return {"survey": _("Survey"), "review": _("Review")}.get(channel) or channel_label(channel)


@register.filter
def svg(number: float) -> str:
    """A number as SVG has it: in no language a comma."""
    return f"{number:g}"
