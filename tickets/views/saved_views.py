"""A list under a name of its own: saved, renamed, shared with a center, put in order, dropped; and the names of tags."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from accounts.access import open_to, organization_of, person_of
from accounts.models import Center
from accounts.policies import Permission
from accounts.queries import NotFound
from tickets.actions import CannotSaveView, TagNameTaken, change_view, delete_view, move_view_up, rename_tag, save_view
from tickets.forms import SavedViewForm, TagNameForm
from tickets.models import SavedView, Tag
from tickets.queries.saved_views import may_change, saved_view_for, saved_views_for
from tickets.queries.tags import tag_names
from tickets.views.acts import first_error
from tickets.views.asking import ListRequest, list_request
from tickets.views.dialogs import dialog

Change = Callable[[HttpRequest, SavedView, ListRequest], str]


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_INBOX)
def saved_views(request: HttpRequest) -> HttpResponse:
    """Her views; and a name for the list that the address asks for."""
    wanted = list_request(request)
    if request.method == "POST":
        form = SavedViewForm(request.POST)
        if not form.is_valid():
            return _told(request, first_error(form))
        center = _center(wanted, form.cleaned_data["center"])
        try:
            save_view(wanted.person, name=form.cleaned_data["name"], query=wanted.query(q=""), center=center)
        except CannotSaveView as refusal:
            return _told(request, str(refusal))
        return _changed(request, _("Saved."))
    views = saved_views_for(wanted.person, [center.pk for center in wanted.centers])
    context: dict[str, Any] = {
        "views": [view for view in views if may_change(wanted.person, view)],
        "centers": wanted.centers,
        "list_query": wanted.query(q=""),
    }
    return dialog(request, "saved_views", context)


def _on_one(change: Change) -> Callable[..., HttpResponseBase]:
    @require_POST
    @open_to(Permission.USE_INBOX)
    @wraps(change)
    def guarded(request: HttpRequest, view_id: UUID) -> HttpResponse:
        wanted = list_request(request)
        view = saved_view_for(wanted.person, view_id, [center.pk for center in wanted.centers])
        try:
            return _changed(request, change(request, view, wanted))
        except CannotSaveView as refusal:
            return _told(request, str(refusal))

    return guarded


@_on_one
def change(request: HttpRequest, view: SavedView, wanted: ListRequest) -> str:
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        raise CannotSaveView(first_error(form))
    change_view(view, name=form.cleaned_data["name"], center=_center(wanted, form.cleaned_data["center"]))
    return _("Saved.")


@_on_one
def up(request: HttpRequest, view: SavedView, wanted: ListRequest) -> str:
    move_view_up(view)
    return _("Saved.")


@_on_one
def delete(request: HttpRequest, view: SavedView, wanted: ListRequest) -> str:
    delete_view(view)
    return _("The view was deleted.")


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_INBOX)
def tag_list(request: HttpRequest) -> HttpResponse:
    """What tags are called; another name is another name on every ticket at once."""
    organization = organization_of(request)
    if request.method != "POST":
        return dialog(request, "tag_names", {"tags": list(tag_names(organization.pk).items())})
    form = TagNameForm(request.POST)
    if not form.is_valid():
        return _told(request, first_error(form))
    try:
        name = form.cleaned_data["name"]
        rename_tag(organization, form.cleaned_data["key"], name=name, by=person_of(request), at=timezone.now())
    except TagNameTaken as refusal:
        return _told(request, str(refusal))
    except Tag.DoesNotExist as error:
        raise NotFound from error
    return _changed(request, _("Saved."))


def _center(wanted: ListRequest, slug: str) -> Center | None:
    if not slug:
        return None
    found = next((center for center in wanted.centers if center.slug == slug), None)
    if found is None:
        raise NotFound
    return Center.objects.get(pk=found.pk)


def _changed(request: HttpRequest, line: str) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, line)
        return redirect("tickets:inbox")
    response = trigger_client_event(HttpResponse(status=204), "toast", {"text": line, "level": "success"})
    return trigger_client_event(response, "tickets-changed", {})


def _told(request: HttpRequest, problem: str) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        messages.error(request, problem)
        return redirect("tickets:inbox")
    response = HttpResponse(problem, status=422, content_type="text/plain; charset=utf-8")
    response["HX-Reswap"] = "none"
    return trigger_client_event(response, "toast", {"text": problem, "level": "error"})
