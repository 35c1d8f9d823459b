"""An act's small form: a dialog over the page, or a page of its own where scripts do not run."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def dialog(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Shows `templates/tickets/dialogs/<name>.html`; what is sent goes to the address it was asked at."""
    context |= {"menu": f"tickets/dialogs/{name}.html", "act_url": request.path, "title": _titles()[name]}
    is_scripted = bool(request.htmx)  # type: ignore[attr-defined]
    return render(request, "tickets/partials/dialog.html" if is_scripted else "tickets/act.html", context)


def _titles() -> dict[str, str]:
    return {
        "snooze": _("Snooze"),
        "priority": _("Priority"),
        "tags": _("Tags"),
        "transfer": _("Hand over"),
        "escalate": _("Escalate to head office"),
        "whisper": _("Whisper to the agent"),
        "link": _("Link with another ticket"),
        "merge": _("Merge with another ticket"),
        "promise": _("Promise something"),
        "promise_change": _("Change the promise"),
        "transcript": _("Send the conversation by mail"),
        "many_assign": _("Assign"),
        "many_tags": _("Tags"),
        "many_move": _("Hand to another center"),
        "many_resolve": _("Resolve"),
        "macro": _("Macro"),
        "saved_views": _("Views"),
        "tag_names": _("Tag names"),
    }
