"""How it stands with what goes out of a conversation, sending it again, and its transcript by mail."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from accounts.access import open_to, person_of
from accounts.models import Person
from accounts.policies import Permission
from accounts.queries import NotFound
from channels_app.deliveries.actions import CannotSend, resend, send_transcript
from channels_app.deliveries.queries import delivery_of, mail_account_for, shown_in_ticket
from channels_app.deliveries.recipients import recipients_of
from tickets import policies
from tickets.models import Ticket
from tickets.queries import ticket_for
from tickets.views.acts import act, is_scripted, told
from tickets.views.dialogs import dialog


@require_GET
@open_to(Permission.USE_COUNTER)
def deliveries(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """What the page puts below its messages; fetched anew whenever one of them moved."""
    person = person_of(request)
    ticket = ticket_for(person, ticket_id)
    context = {"ticket": ticket, "deliveries": shown_in_ticket(ticket), "may_answer": policies.may_answer(person)}
    return render(request, "tickets/partials/deliveries.html", context)


@require_POST
@open_to(Permission.USE_INBOX)
def send_again(request: HttpRequest, ticket_id: UUID, delivery_id: UUID) -> HttpResponse:
    person = person_of(request)
    ticket = ticket_for(person, ticket_id)
    if not policies.may_reply(person, ticket):
        raise NotFound
    delivery = delivery_of(ticket, delivery_id)
    if not resend(ticket.organization, [delivery], by=person, at=timezone.now()):
        return told(request, ticket, _("It is on its way or was sent already."))
    return HttpResponse(status=204) if is_scripted(request) else redirect("tickets:detail", ticket_id=ticket.public_id)


@act(policies.may_reply, methods=("GET", "POST"))
def transcript(request: HttpRequest, person: Person, ticket: Ticket) -> HttpResponse:
    """The customer's addresses to choose from, and the choice."""
    recipients = recipients_of(ticket)
    account = mail_account_for(ticket.organization_id, ticket.center_id)
    if request.method != "POST":
        context = {"ticket": ticket, "recipients": recipients, "account": account}
        return dialog(request, "transcript", context)
    address = request.POST.get("address", "")
    if address not in {one.address for one in recipients}:
        return told(request, ticket, _("Choose one of the customer's addresses."))
    if account is None:
        return told(request, ticket, _("Mails cannot be sent from this center yet."))
    customer = ticket.customer
    try:
        send_transcript(
            ticket.organization,
            ticket.thread,
            address,
            last_seq=ticket.last_seq,
            account=account,
            by=person,
            at=timezone.now(),
            customer_id=customer.public_id if customer else None,
        )
    except CannotSend as refusal:
        return told(request, ticket, str(refusal))
    if not is_scripted(request):
        return redirect("tickets:detail", ticket_id=ticket.public_id)
    toast = {"text": _("The transcript is on its way."), "level": "success"}
    response = HttpResponse(status=200)
    response["HX-Reswap"] = "none"
    return trigger_client_event(response, "toast", toast)
