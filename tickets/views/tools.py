"""What `/` offers in the composer: saved replies, filled in for this ticket, and macros, told before they are done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from accounts.models import Person
from channels_app.hub.macros import Plan, plan_macro, run_macro, step_words
from channels_app.hub.meanwhile import AnsweredMeanwhile
from customers.policies import sight_of
from customers.queries.profiles import profiles_of
from cxhub.identifiers import uuid7
from tickets import policies
from tickets.actions.tools import note_use
from tickets.forms import MacroRunForm
from tickets.macros import Assign, Steps, steps_of
from tickets.models import Macro, Ticket
from tickets.queries import agent_names, topic_names
from tickets.queries.people import assignees_for
from tickets.queries.tools import macro_in, macros_in, replies_in, reply_in
from tickets.queries.variables import values_for
from tickets.variables import fill, used_in
from tickets.views.acts import act, changed, changed_or_gone, first_error, told
from tickets.views.dialogs import dialog

# What can be searched of a text; a list of hundreds is loaded at once.
SEARCHED_LENGTH = 400


@act(policies.may_reply, methods=("GET",))
def tools(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """All that is offered here, once for each page, which searches in it by itself; or the macros alone, for a menu."""
    context: dict[str, Any] = {"ticket": ticket, "macros": macros_in(person, ticket), "searched": SEARCHED_LENGTH}
    if request.GET.get("only") == "macros":
        return render(request, "tickets/partials/macro_menu.html", context)
    return render(request, "tickets/partials/tools.html", context | {"replies": replies_in(person, ticket)})


@act(policies.may_reply)
def use_reply(request: HttpRequest, person: Person, ticket: Ticket, reply_id: UUID) -> HttpResponse:
    """The text for this ticket, and which of its variables had nothing to fill in."""
    reply = reply_in(person, ticket, reply_id)
    filled = fill(reply.text, _values(person, ticket, reply.text))
    note_use(reply, at=timezone.now())
    return JsonResponse({"text": filled.text, "told": missing_words(filled.missing)})


@act(policies.may_reply, methods=("GET", "POST"))
def macro(request: HttpRequest, person: Person, ticket: Ticket, macro_id: UUID) -> HttpResponse:
    """What it would do here, in words; and the doing."""
    found = macro_in(person, ticket, macro_id)
    steps, now = steps_of(found.steps), timezone.now()
    values = _values(person, ticket, steps.text, steps.note)
    if request.method != "POST":
        plan = plan_macro(ticket, steps, values, by=person, at=now)
        context = {
            "ticket": ticket,
            "macro": found,
            "plan": plan,
            "rows": _rows(ticket, person, steps, plan),
            "told": missing_words(plan.missing),
            "new_key": uuid7(),
            "seen": request.GET.get("seen", ""),
        }
        return dialog(request, "macro", context)
    form = MacroRunForm(request.POST)
    if not form.is_valid():
        return told(request, ticket, first_error(form))
    said = form.cleaned_data
    try:
        plan = run_macro(ticket, steps, values, by=person, at=now, key=form.act_key(), seen=said["seen"])
    except AnsweredMeanwhile as meanwhile:
        return told(request, ticket, _answered(ticket, meanwhile))
    note_use(found, at=now)
    return _done(request, person, ticket, found, plan)


def missing_words(missing: Sequence[tuple[str, str]]) -> str:
    """“Nothing known for: last purchase (“your purchase” stands instead).” "" where all is known."""
    if not missing:
        return ""
    parts = ", ".join(_("%(name)s → “%(instead)s”") % {"name": name, "instead": instead} for name, instead in missing)
    return _("Not known, so filled in otherwise: %(parts)s. Look over it before you send.") % {"parts": parts}


def _done(request: HttpRequest, person: Person, ticket: Ticket, found: Macro, plan: Plan) -> HttpResponse:
    response = (
        changed_or_gone(request, person, ticket, plan.moves_to) if plan.moves_to else changed(request, person, ticket)
    )
    line = _("“%(title)s” is done.") % {"title": found.title}
    if plan.inserts.text:
        response = trigger_client_event(response, "composer-insert", {"text": plan.inserts.text}, after="settle")
        line = _("The answer stands in the composer. Look over it and send it.")
    return trigger_client_event(response, "toast", {"text": line, "level": "success"})


def _answered(ticket: Ticket, meanwhile: AnsweredMeanwhile) -> str:
    names = agent_names(ticket.organization_id, [meanwhile.agent_email])
    name = names.get(meanwhile.agent_email, meanwhile.agent_email)
    return _("Nothing was done: %(name)s has answered meanwhile. Read the new message, then decide.") % {"name": name}


def _values(person: Person, ticket: Ticket, *texts: str) -> dict[str, str]:
    wanted = used_in(*texts)
    profile = None
    if ticket.customer is not None and wanted:
        root_id = ticket.customer.root_id
        profile = profiles_of(ticket.organization, [root_id], sight=sight_of(person))[root_id]
    return values_for(person, ticket, profile, wanted, at=timezone.now())


def _rows(ticket: Ticket, person: Person, steps: Steps, plan: Plan) -> list[dict[str, Any]]:
    """Each step as the dialog shows it: what, with what, and why not."""
    words, wanted = step_words(), {*plan.parts, *plan.problems}
    said: Mapping[str, Any] = {
        "reply": plan.answer.text,
        "insert": plan.inserts.text,
        "note": plan.note.text,
        "tags": ", ".join(steps.tags),
        "priority": dict(Ticket.Priority.choices).get(steps.priority, ""),
        "assign": _whom(ticket, person, steps, plan),
        "snooze": _snoozed(plan),
        "resolve": topic_names(ticket.organization_id).get(steps.topic, steps.topic),
    }
    return [
        {
            "name": words[name],
            "said": str(said[name]),
            "problem": plan.problems.get(name, ""),
            "is_text": name in _TEXTS,
        }
        for name in words
        if name in wanted
    ]


_TEXTS = ("reply", "insert", "note")


def _whom(ticket: Ticket, person: Person, steps: Steps, plan: Plan) -> str:
    match steps.assign:
        case Assign.ME:
            return person.name
        case Assign.QUEUE:
            return _("Nobody: back to the queue")
        case Assign.PERSON:
            return next((one.name for one in assignees_for(person, ticket) if str(one.public_id) == steps.person), "")
        case Assign.CENTER:
            return plan.moves_to.name if plan.moves_to else ticket.center.name if ticket.center else ""
    return ""


def _snoozed(plan: Plan) -> str:
    told = next((data["until"] for kind, data in plan.parts.get("snooze", ()) if kind == "ticket.snoozed"), "")
    return formats.date_format(timezone.localtime(datetime.fromisoformat(told)), "n/j H:i") if told else ""
