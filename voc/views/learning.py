"""Settings: what the hub has learned from corrections, how well, what that changed, and turning it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from voc.actions import layers
from voc.queries.learning import changes_of, layer_for, learning_of


@require_GET
@open_to(Permission.EDIT_TOPICS)
def learning(request: HttpRequest) -> HttpResponse:
    return render(request, "voc/settings/learning.html", {"learning": learning_of(person_of(request))})


@require_GET
@open_to(Permission.EDIT_TOPICS)
def layer(request: HttpRequest, layer_id: UUID) -> HttpResponse:
    """Which sentences it tagged otherwise. A look at what customers said, and logged as such."""
    person = person_of(request)
    learned = layer_for(person, layer_id)
    changes = changes_of(person, learned)
    customers = dict.fromkeys(change.one.customer_id for change in changes if change.one.customer_id is not None)
    audit.record_for_customers(
        organization_of(request), list(customers), by=person, action="voc.view", obj=f"layer {learned.number}"
    )
    return render(request, "voc/settings/layer.html", {"layer": learned, "changes": changes})


@require_POST
@open_to(Permission.EDIT_TOPICS)
def back(request: HttpRequest, layer_id: UUID) -> HttpResponse:
    person = person_of(request)
    layers.turn_back(layer_for(person, layer_id), by=person, at=now())
    messages.success(request, _("It is used no longer. Tags go back within minutes; what people said stays."))
    return redirect("voc:learning")


@require_POST
@open_to(Permission.EDIT_TOPICS)
def again(request: HttpRequest, layer_id: UUID) -> HttpResponse:
    person = person_of(request)
    layers.use_again(layer_for(person, layer_id), by=person, at=now())
    messages.success(request, _("It is in use. Tags follow within minutes."))
    return redirect("voc:learning")
