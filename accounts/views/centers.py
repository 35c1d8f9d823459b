"""Centers: list, add, rename, and the editor of hours, holidays and targets."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, policies, queries
from accounts.access import open_to, organization_of, person_of
from accounts.forms.refusal import show_refusal
from accounts.forms.schedule import ScheduleForm
from accounts.forms.structure import CenterForm, NewCenterForm
from accounts.models import Center
from accounts.policies import Permission
from tickets.queries.routing import routing_of


@require_GET
@open_to(Permission.EDIT_SCHEDULES)
def center_list(request: HttpRequest) -> HttpResponse:
    reader = person_of(request)
    context = {
        "centers": queries.centers_with_schedules(reader, at=now()),
        "may_manage": policies.may(reader, Permission.MANAGE_STRUCTURE),
    }
    return render(request, "accounts/center_list.html", context)


@require_http_methods(["GET", "POST"])
@open_to(Permission.MANAGE_STRUCTURE)
def center_create(request: HttpRequest) -> HttpResponse:
    form = NewCenterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            center = actions.create_center(
                organization_of(request), **form.cleaned_data, by=person_of(request), at=now()
            )
        except actions.Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The center is there. Now set its hours."))
            return redirect("accounts:center_detail", center.public_id)
    status = 422 if form.errors else 200
    return render(request, "accounts/center_create.html", {"form": form}, status=status)


@require_GET
@open_to(Permission.EDIT_SCHEDULES)
def center_detail(request: HttpRequest, center_id: UUID) -> HttpResponse:
    return _detail(request, queries.center_for(person_of(request), center_id))


@require_POST
@open_to(Permission.MANAGE_STRUCTURE)
def center_update(request: HttpRequest, center_id: UUID) -> HttpResponse:
    center = queries.center_for(person_of(request), center_id)
    form = CenterForm(request.POST)
    if not form.is_valid():
        return _detail(request, center, center_form=form)
    actions.update_center(center, **form.cleaned_data, by=person_of(request), at=now())
    messages.success(request, _("Saved."))
    return redirect("accounts:center_detail", center_id)


@require_POST
@open_to(Permission.EDIT_SCHEDULES)
def center_set_schedule(request: HttpRequest, center_id: UUID) -> HttpResponse:
    editor = person_of(request)
    center = queries.center_for(editor, center_id)
    at = now()
    form = _schedule_form(center, data=request.POST)
    if form.is_valid():
        try:
            actions.set_center_schedule(
                center,
                hours=form.hours(),
                holidays=form.cleaned_data["holidays"],
                targets=form.targets(),
                next_response_targets=form.next_response_targets(),
                resolution_targets=form.resolution_targets(),
                unassigned_seconds=form.unassigned_seconds(),
                effective_from=form.effective_from(),
                by=editor,
                at=at,
            )
        except actions.Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Hours, holidays and targets saved."))
            return redirect("accounts:center_detail", center_id)
    return _detail(request, center, schedule_form=form)


def _detail(
    request: HttpRequest,
    center: Center,
    *,
    center_form: CenterForm | None = None,
    schedule_form: ScheduleForm | None = None,
) -> HttpResponse:
    context = {
        "center": center,
        "center_form": center_form or CenterForm(initial={"name": center.name, "kind": center.kind}),
        "schedule_form": schedule_form or _schedule_form(center),
        "schedules": queries.schedule_history(center, at=now()),
        "may_manage": policies.may(person_of(request), Permission.MANAGE_STRUCTURE),
        "routing": routing_of(center),
    }
    status = 422 if center_form or schedule_form else 200
    return render(request, "accounts/center_detail.html", context, status=status)


def _schedule_form(center: Center, *, data: object = None) -> ScheduleForm:
    at = now()
    return ScheduleForm(
        data,
        organization=center.organization,
        schedule=queries.schedule_at(center, at),
        today=at.astimezone(center.organization.zone).date(),
    )
