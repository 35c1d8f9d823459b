"""People of the organization: list, add, change, close and reopen accounts, reset what was lost."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, policies, queries, second_factor
from accounts.access import open_to, organization_of, person_of
from accounts.forms.person import AccessForm, DeactivateForm, NewPersonForm, PersonForm
from accounts.forms.refusal import show_refusal
from accounts.models import Person
from accounts.policies import Permission
from tickets.actions.availability import leave


@require_GET
@open_to(Permission.SEE_PEOPLE)
def person_list(request: HttpRequest) -> HttpResponse:
    reader = person_of(request)
    words = request.GET.get("q", "").strip()
    people = list(queries.people_matching(reader, words))
    context = {
        "people": people,
        "words": words,
        "with_second_factor": second_factor.people_with_second_factor(people),
        "may_manage": policies.may(reader, Permission.MANAGE_PEOPLE),
    }
    return render(request, "accounts/person_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@open_to(Permission.MANAGE_PEOPLE)
def person_create(request: HttpRequest) -> HttpResponse:
    """Adds an account; its first password is made here and shown once."""
    manager = person_of(request)
    form = NewPersonForm(request.POST or None, manager=manager)
    if request.method == "POST" and form.is_valid():
        password = actions.generate_password()
        try:
            person = actions.create_person(
                organization_of(request), **form.cleaned_data, password=password, by=manager, at=now()
            )
        except actions.Refused as refusal:
            show_refusal(form, refusal)
        else:
            return _show_password(request, person, password)
    status = 422 if form.errors else 200
    return render(request, "accounts/person_create.html", {"form": form}, status=status)


@require_GET
@open_to(Permission.MANAGE_PEOPLE)
def person_detail(request: HttpRequest, person_id: UUID) -> HttpResponse:
    return _detail(request, queries.person_for(person_of(request), person_id))


@require_POST
@open_to(Permission.MANAGE_PEOPLE)
def person_update(request: HttpRequest, person_id: UUID) -> HttpResponse:
    manager = person_of(request)
    person = queries.person_for(manager, person_id)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            actions.update_person(person, **form.cleaned_data, by=manager, at=now())
        except actions.Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:person_detail", person_id)
    return _detail(request, person, person_form=form)


@require_POST
@open_to(Permission.MANAGE_PEOPLE)
def person_change_role(request: HttpRequest, person_id: UUID) -> HttpResponse:
    manager = person_of(request)
    person = queries.person_for(manager, person_id)
    form = AccessForm(request.POST, manager=manager)
    if form.is_valid():
        try:
            actions.change_role(person, **form.cleaned_data, by=manager, at=now())
        except actions.Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Role and access saved."))
            return redirect("accounts:person_detail", person_id)
    return _detail(request, person, access_form=form)


@require_POST
@open_to(Permission.MANAGE_PEOPLE)
def person_deactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    manager = person_of(request)
    person = queries.person_for(manager, person_id)
    form = DeactivateForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions.deactivate_person(person, reason=reason, by=manager, at=now())
    except actions.Refused as refusal:
        messages.error(request, refusal.message)
    else:
        leave(person, at=now())
        messages.success(request, _("%(name)s can no longer log in.") % {"name": person.name})
    return redirect("accounts:person_detail", person_id)


@require_POST
@open_to(Permission.MANAGE_PEOPLE)
def person_reactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    manager = person_of(request)
    person = queries.person_for(manager, person_id)
    actions.reactivate_person(person, by=manager, at=now())
    messages.success(request, _("%(name)s can log in again.") % {"name": person.name})
    return redirect("accounts:person_detail", person_id)


@never_cache
@require_POST
@open_to(Permission.MANAGE_PEOPLE)
def person_reset_password(request: HttpRequest, person_id: UUID) -> HttpResponse:
    manager = person_of(request)
    person = queries.person_for(manager, person_id)
    password = actions.reset_person_password(person, by=manager, at=now())
    return _show_password(request, person, password)


@require_POST
@open_to(Permission.MANAGE_PEOPLE)
def person_remove_second_factor(request: HttpRequest, person_id: UUID) -> HttpResponse:
    manager = person_of(request)
    person = queries.person_for(manager, person_id)
    second_factor.remove_second_factor(person, by=manager, at=now())
    messages.success(request, _("Two-step log-in is switched off for %(name)s.") % {"name": person.name})
    return redirect("accounts:person_detail", person_id)


def _detail(
    request: HttpRequest,
    person: Person,
    *,
    person_form: PersonForm | None = None,
    access_form: AccessForm | None = None,
) -> HttpResponse:
    manager = person_of(request)
    initial = {"name": person.name, "email": person.email, "language": person.language}
    access = {"role": person.role, "centers": person.centers.all(), "stores": person.stores.all()}
    context = {
        "person": person,
        "person_form": person_form or PersonForm(initial=initial),
        "access_form": access_form or AccessForm(initial=access, manager=manager),
        "has_second_factor": second_factor.has_second_factor(person),
        "is_self": person.pk == manager.pk,
    }
    status = 422 if person_form or access_form else 200
    return render(request, "accounts/person_detail.html", context, status=status)


def _show_password(request: HttpRequest, person: Person, password: str) -> HttpResponse:
    return render(request, "accounts/person_password.html", {"person": person, "password": password})
