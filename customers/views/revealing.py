"""Seeing a customer in full, for those who see masked data: a reason first, and it is written down."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts.access import open_to
from accounts.audit import record_for
from accounts.policies import Permission
from customers.forms import ReasonForm
from customers.views.opening import peek_at_profile, reveal


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_COUNTER)
def reveal_customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Asks why, writes the answer down, and leads back."""
    profile = peek_at_profile(request, customer_id)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = ""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        record_for(request, action="customers.reveal", customer_id=profile.public_id, reason=form.words)
        reveal(request, profile)
        return redirect(back or "customers:detail", *([] if back else [profile.public_id]))
    context = {"form": form, "profile": profile, "next": back}
    return render(request, "customers/reveal.html", context, status=422 if form.errors else 200)
