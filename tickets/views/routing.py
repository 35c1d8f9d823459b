"""How a center's waiting tickets find somebody: the part of the center's screen that the inbox brings."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import open_to, person_of
from accounts.actions import Refused
from accounts.forms.refusal import show_refusal
from accounts.policies import Permission
from accounts.queries import center_for
from tickets.actions.routing import set_center_routing
from tickets.queries.routing import routing_of
from tickets.routing_forms import RoutingForm


@require_http_methods(["GET", "POST"])
@open_to(Permission.EDIT_SCHEDULES)
def center_routing(request: HttpRequest, center_id: UUID) -> HttpResponse:
    editor = person_of(request)
    center = center_for(editor, center_id)
    form = RoutingForm(request.POST or None, center=center, routing=routing_of(center))
    if request.method == "POST" and form.is_valid():
        try:
            set_center_routing(center, form.content(), form.specials(), by=editor, at=timezone.now())
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("tickets:center_routing", center_id)
    context = {"center": center, "form": form}
    return render(request, "tickets/center_routing.html", context, status=422 if form.errors else 200)
