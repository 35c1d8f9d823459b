"""Stores: list, add, rename, and which center answers for them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions, queries
from accounts.access import open_to, organization_of, person_of
from accounts.forms.refusal import show_refusal
from accounts.forms.structure import NewStoreForm, StoreForm
from accounts.policies import Permission


@require_GET
@open_to(Permission.MANAGE_STRUCTURE)
def store_list(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/store_list.html", {"stores": queries.stores_for(person_of(request))})


@require_http_methods(["GET", "POST"])
@open_to(Permission.MANAGE_STRUCTURE)
def store_create(request: HttpRequest) -> HttpResponse:
    manager = person_of(request)
    form = NewStoreForm(request.POST or None, manager=manager)
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_store(organization_of(request), **form.cleaned_data, by=manager, at=now())
        except actions.Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The store is there."))
            return redirect("accounts:store_list")
    status = 422 if form.errors else 200
    return render(request, "accounts/store_form.html", {"form": form, "store": None}, status=status)


@require_http_methods(["GET", "POST"])
@open_to(Permission.MANAGE_STRUCTURE)
def store_detail(request: HttpRequest, store_id: UUID) -> HttpResponse:
    manager = person_of(request)
    store = queries.store_for(manager, store_id)
    form = StoreForm(request.POST or None, initial={"name": store.name, "center": store.center}, manager=manager)
    if request.method == "POST" and form.is_valid():
        actions.update_store(store, **form.cleaned_data, by=manager, at=now())
        messages.success(request, _("Saved."))
        return redirect("accounts:store_list")
    status = 422 if form.errors else 200
    return render(request, "accounts/store_form.html", {"form": form, "store": store}, status=status)
