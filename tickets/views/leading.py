"""What a lead does from the live board or in a colleague's conversation: whisper, set somebody's state."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from accounts.access import open_to, person_of
from accounts.actions import Refused
from accounts.models import Person
from accounts.policies import NotAllowed, Permission
from accounts.queries import NotFound
from channels_app.hub import leading
from cxhub.identifiers import uuid7
from tickets import policies
from tickets.actions.availability import set_state_of
from tickets.forms import WhisperForm
from tickets.models import Ticket
from tickets.models.availability import State
from tickets.queries.team import colleague_for
from tickets.views.acts import act, changed, first_error, told
from tickets.views.dialogs import dialog


@act(policies.may_whisper, methods=("GET", "POST"))
def whisper(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """A word to whoever has the ticket, that the customer never sees."""
    if request.method != "POST":
        agent = leading.whispered_to(ticket, by=person)
        return dialog(request, "whisper", {"ticket": ticket, "agent": agent, "new_key": uuid7()})
    form = WhisperForm(request.POST)
    if not form.is_valid():
        return told(request, ticket, first_error(form))
    said = form.cleaned_data
    leading.whisper(ticket, said["text"], to=said["to"], by=person, at=timezone.now(), key=form.act_key())
    return changed(request, person, ticket)


@require_POST
@open_to(Permission.SEE_PEOPLE)
def colleague_state(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Sets a colleague's state: she has left and forgotten to. Written into the audit trail."""
    person = person_of(request)
    colleague = colleague_for(person, person_id)
    try:
        row = set_state_of(colleague, request.POST.get("state", ""), by=person, at=timezone.now())
    except NotAllowed:
        raise NotFound from None
    except Refused as refusal:
        return answered(request, refusal.message, level="error", status=422)
    line = _("%(name)s is now: %(state)s.") % {"name": colleague.name, "state": State(row.state).label}
    return answered(request, line)


def answered(request: HttpRequest, text: str, *, level: str = "success", status: int = 204) -> HttpResponse:
    """Says it on the board, which fetches itself anew; without scripts, on the page that she is led back to."""
    if not request.htmx:  # type: ignore[attr-defined]
        messages.add_message(request, messages.ERROR if level == "error" else messages.SUCCESS, text)
        return redirect("tickets:team")
    response = HttpResponse("" if status == 204 else text, status=status, content_type="text/plain; charset=utf-8")
    response["HX-Reswap"] = "none"
    trigger_client_event(response, "toast", {"text": text, "level": level})
    return trigger_client_event(response, "board-changed", {})
