"""Deciding who is who: suggestions side by side, accept or dismiss, and undoing a merge."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import open_to, person_of
from accounts.audit import record_for
from accounts.policies import Permission
from accounts.queries import NotFound
from channels_app.hub.actions import HubRefusal, merge_customers, unmerge_customers
from customers.actions.suggestions import dismiss_suggestion
from customers.queries import history_for, purchases_for
from customers.queries.suggestions import merges_of, suggestion_for, suggestions_for
from customers.views.opening import open_profile

COMPARED_EVENTS = 8


@require_safe
@open_to(Permission.USE_INBOX)
def suggestions(request: HttpRequest) -> HttpResponse:
    found = suggestions_for(person_of(request))
    shown = {profile.public_id.hex for one in found for profile in (one.older, one.newer)}
    record_for(
        request, action="customers.list", obj="suggestions", after={"hits": len(shown), "customers": sorted(shown)}
    )
    return render(request, "customers/suggestions.html", {"suggestions": found})


@require_safe
@open_to(Permission.USE_INBOX)
def compare(request: HttpRequest, suggestion_id: UUID) -> HttpResponse:
    """Both profiles side by side. Already one, or decided: says so."""
    suggestion = suggestion_for(person_of(request), suggestion_id)
    sides = []
    for profile in (suggestion.older, suggestion.newer):
        record_for(request, action="customers.view", customer_id=profile.public_id, obj="comparison")
        sides.append(
            {
                "profile": profile,
                "history": history_for(profile, limit=COMPARED_EVENTS),
                "purchases": purchases_for(profile, limit=3),
            }
        )
    return render(request, "customers/compare.html", {"suggestion": suggestion, "sides": sides})


@require_POST
@open_to(Permission.USE_INBOX)
def accept(request: HttpRequest, suggestion_id: UUID) -> HttpResponse:
    """Merges the newer profile into the older. Accepting twice merges once."""
    person = person_of(request)
    suggestion = suggestion_for(person, suggestion_id)
    older, newer = suggestion.older, suggestion.newer
    try:
        # The key is the suggestion's own: a second click, or a colleague's, is the same decision.
        merge_customers(older.root, newer.root, by=person, at=now(), key=f"suggestion-{suggestion.public_id}")
    except HubRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect("customers:compare", suggestion.public_id)
    record_for(request, action="customers.merge", customer_id=older.public_id, obj=newer.public_id.hex)
    messages.success(request, _("Both are one profile now. You can undo this on the profile."))
    return redirect("customers:detail", older.public_id)


@require_POST
@open_to(Permission.USE_INBOX)
def dismiss(request: HttpRequest, suggestion_id: UUID) -> HttpResponse:
    """Two people after all."""
    suggestion = suggestion_for(person_of(request), suggestion_id)
    dismiss_suggestion(suggestion.row, by=person_of(request), at=now())
    messages.success(request, _("They stay two. The hub will not suggest these two again."))
    return redirect("customers:suggestions")


@require_POST
@open_to(Permission.USE_INBOX)
def unmerge(request: HttpRequest, customer_id: UUID, merged_id: UUID) -> HttpResponse:
    """Parts a row from the profile it was merged into, exactly as it was."""
    person = person_of(request)
    profile = open_profile(request, customer_id, what="merges")
    steps = {step.public_id: step for step in merges_of(profile) if step.is_active}
    rows = {row.public_id: row for row in profile.rows}
    step = steps.get(merged_id)
    if step is None or profile.sight.is_masked:
        raise NotFound
    try:
        unmerge_customers(rows[step.into_public_id], rows[merged_id], by=person, at=now())
    except HubRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        record_for(request, action="customers.unmerge", customer_id=profile.public_id, obj=merged_id.hex)
        messages.success(request, _("Undone. They are two profiles again."))
    return redirect("customers:detail", step.into_public_id)
