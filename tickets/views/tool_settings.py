"""The settings screens of saved replies and macros: everyone keeps her own, who leads those of others too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import open_to, organization_of, person_of
from accounts.models import Center, Person, Role
from accounts.policies import Permission
from tickets.actions.tools import CannotSaveTool, delete_tool, save_canned_reply, save_macro
from tickets.macros import steps_of
from tickets.models import CannedReply, Macro
from tickets.queries import topic_names
from tickets.queries.tools import macro_for, macros_for, may_change_tool, replies_for, reply_for
from tickets.tool_forms import CannedReplyForm, MacroForm, ToolForm, typed_steps, typed_tool
from tickets.variables import VARIABLES


@require_GET
@open_to(Permission.USE_INBOX)
def reply_list(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    rows = [(row, may_change_tool(person, row)) for row in replies_for(person)]
    return render(request, "tickets/tools/reply_list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_INBOX)
def reply_new(request: HttpRequest) -> HttpResponse:
    return _reply(request, None)


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_INBOX)
def reply_detail(request: HttpRequest, reply_id: UUID) -> HttpResponse:
    return _reply(request, reply_for(person_of(request), reply_id))


@require_POST
@open_to(Permission.USE_INBOX)
def reply_delete(request: HttpRequest, reply_id: UUID) -> HttpResponse:
    person = person_of(request)
    delete_tool(reply_for(person, reply_id), by=person, at=timezone.now())
    messages.success(request, _("The saved reply was deleted."))
    return redirect("tickets:reply_list")


@require_GET
@open_to(Permission.USE_INBOX)
def macro_list(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    rows = [(row, may_change_tool(person, row)) for row in macros_for(person)]
    return render(request, "tickets/tools/macro_list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_INBOX)
def macro_new(request: HttpRequest) -> HttpResponse:
    return _macro(request, None)


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_INBOX)
def macro_detail(request: HttpRequest, macro_id: UUID) -> HttpResponse:
    return _macro(request, macro_for(person_of(request), macro_id))


@require_POST
@open_to(Permission.USE_INBOX)
def macro_delete(request: HttpRequest, macro_id: UUID) -> HttpResponse:
    person = person_of(request)
    delete_tool(macro_for(person, macro_id), by=person, at=timezone.now())
    messages.success(request, _("The macro was deleted."))
    return redirect("tickets:macro_list")


def _reply(request: HttpRequest, reply: CannedReply | None) -> HttpResponse:
    person = person_of(request)
    initial = {**typed_tool(reply), "text": reply.text} if reply else {}
    form = CannedReplyForm(request.POST or None, initial=initial, person=person)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        told = {name: said[name] for name in ("title", "shortcut", "text")}
        try:
            save_canned_reply(
                organization_of(request),
                **told,
                audience=form.chosen_audience(),
                by=person,
                at=timezone.now(),
                reply=reply,
            )
        except CannotSaveTool as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("tickets:reply_list")
    return _page(request, "tickets/tools/reply_form.html", form, reply)


def _macro(request: HttpRequest, macro: Macro | None) -> HttpResponse:
    person = person_of(request)
    initial = {**typed_tool(macro), **typed_steps(steps_of(macro.steps))} if macro else {"reply": "insert"}
    form = MacroForm(request.POST or None, initial=initial, person=person, **_offered(person))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            save_macro(
                organization_of(request),
                title=said["title"],
                shortcut=said["shortcut"],
                steps=form.steps(),
                audience=form.chosen_audience(),
                by=person,
                at=timezone.now(),
                macro=macro,
            )
        except CannotSaveTool as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("tickets:macro_list")
    return _page(request, "tickets/tools/macro_form.html", form, macro)


def _offered(person: Person) -> dict[str, list[tuple[str, Any]]]:
    """To whom a macro may hand a ticket: whoever answers in the organization, and any center."""
    assert person.organization_id is not None
    people = Person.objects.filter(organization_id=person.organization_id, is_active=True).exclude(
        role=Role.STORE_STAFF
    )
    centers = Center.objects.filter(organization_id=person.organization_id).order_by("name", "pk")
    return {
        "people": [(str(one.public_id), one.name) for one in people.order_by("name", "pk")],
        "all_centers": list(centers.values_list("slug", "name")),
        "topics": list(topic_names(person.organization_id).items()),
    }


def _show(form: ToolForm, refusal: CannotSaveTool) -> None:
    form.add_error(refusal.field or None, str(refusal))


def _page(request: HttpRequest, template: str, form: ToolForm, tool: CannedReply | Macro | None) -> HttpResponse:
    context = {"form": form, "tool": tool, "variables": VARIABLES}
    return render(request, template, context, status=422 if form.errors else 200)
