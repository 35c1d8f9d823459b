"""Words for saved replies and macros: whom one is for, what a macro does in one line."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

from tickets.macros import Assign, steps_of
from tickets.models import CannedReply, Macro, Ticket
from tickets.models.audience import audience_words

register = template.Library()


@register.filter
def audience(tool: CannedReply | Macro) -> str:
    return audience_words(tool.center.name if tool.center else "", is_own=bool(tool.person_id))


@register.filter
def macro_words(told: dict[str, Any]) -> str:
    """“Answer · Tags: VIP · High · Resolve”: the acts in their order."""
    steps = steps_of(told)
    goes_on: dict[str, str] = {
        Assign.ME: _("To me"),
        Assign.PERSON: _("To a colleague"),
        Assign.CENTER: _("To another center"),
        Assign.QUEUE: _("Back to the queue"),
    }
    parts = [
        _("Send the answer") if steps.sends else "",
        _("Put the answer into the composer") if steps.inserts else "",
        _("Internal note") if steps.note else "",
        _("Tags: %(names)s") % {"names": ", ".join(steps.tags)} if steps.tags else "",
        dict(Ticket.Priority.choices).get(steps.priority, "") if steps.priority else "",
        goes_on.get(steps.assign, ""),
        _("Snooze") if steps.snooze else "",
        _("Resolve") if steps.resolves else "",
    ]
    return " · ".join(str(part) for part in parts if part)
