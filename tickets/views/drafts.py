"""A draft, for the page that keeps it: what stands there, and what shall stand there. JSON: the text goes into a field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import open_to, person_of
from accounts.models import Person
from accounts.policies import Permission
from accounts.queries import NotFound
from tickets import policies
from tickets.actions.drafts import DraftChanged, keep_draft
from tickets.forms import DraftForm
from tickets.models import Draft, Ticket
from tickets.queries import ticket_for
from tickets.queries.drafts import drafts_for


@require_http_methods(["GET", "POST"])
@open_to(Permission.USE_COUNTER)
def draft(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """GET: her drafts by mode. POST: keeps one, or answers 409 with what stands there instead of what she changed."""
    person = person_of(request)
    ticket = ticket_for(person, ticket_id)
    if not policies.may_note(person, ticket):
        raise NotFound
    if request.method == "GET":
        return JsonResponse(drafts_shown(person, ticket))
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(str(next(iter(form.errors.values()))[0]), status=422, content_type="text/plain")
    said = form.cleaned_data
    try:
        kept = keep_draft(
            ticket,
            said["text"],
            mode=said["mode"],
            by=person,
            at=timezone.now(),
            base=said["base"],
            key=said["key"],
            quoted=said["quote"],
        )
    except DraftChanged as changed:
        return JsonResponse(_shown(changed.current), status=409)
    return JsonResponse(_shown(kept))


def drafts_shown(person: Person, ticket: Ticket) -> dict[str, Any]:
    """Her drafts by mode, as the page's script takes them. One statement."""
    return {mode: _shown(one) for mode, one in drafts_for(person, ticket).items()}


def _shown(draft: Draft | None) -> dict[str, str]:
    if draft is None:
        return {"text": "", "version": ""}
    return {
        "text": draft.text,
        "version": str(draft.version),
        "key": str(draft.key or ""),
        "quote": draft.quoted.hex if draft.quoted else "",
    }
