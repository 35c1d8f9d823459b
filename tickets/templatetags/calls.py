"""Calls in words: why one was missed, what came of calling back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.phone_numbers import format_phone
from cxhub.identifiers import uuid7
from tickets.callbacks import Reason

register = template.Library()

# Exchanges write calls down by night; what has not come a day later does not come.
RECORDED_WITHIN = timedelta(hours=24)


@register.filter
def reason_words(reason: Reason) -> str:
    return {
        Reason.LEFT: _("Hung up while waiting"),
        Reason.NO_ANSWER: _("Rang, nobody answered"),
        Reason.BUSY: _("All lines busy"),
        Reason.CLOSED: _("Out of hours"),
    }[reason]


@register.filter
def outcome_words(outcome: str) -> str:
    return {"no_answer": _("No answer"), "busy": pgettext("telephone line", "Busy"), "reached": _("Reached")}.get(
        outcome, outcome
    )


@register.filter
def is_recent(at: datetime) -> bool:
    """Whether what an exchange sends after a call may still come."""
    return now() - at < RECORDED_WITHIN


@register.filter
def phone_words(number: str) -> str:
    """A number for whoever sees it in full."""
    return format_phone(number)


@register.simple_tag
def fresh_key() -> str:
    """A form's own id: what is sent twice with it is one act."""
    return str(uuid7())
