"""Follows the calls that were asked for: what the exchange tells of them, and what that makes of a call-back.

Called when a call's state has changed, and by a round: it finds its work by how requests stand, so it may run twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.models import Organization
from accounts.queries import NotFound
from channels_app.hub import callbacks
from channels_app.hub.writing import HubRefusal, envelope
from channels_app.intake import hub_sender, receive
from channels_app.models import CallRequest
from channels_app.telephony import actions
from customers.models import Event
from tickets.models import Ticket
from tickets.queries.callbacks import call_back_for

Status = CallRequest.Status
# An exchange that has never told of a call by then will not; one that has, and never of its end, has forgotten it.
SILENT_AFTER = timedelta(minutes=2)
FORGOTTEN_AFTER = timedelta(hours=4)
_STATES = {
    "queued": Status.RINGING,
    "ringing": Status.RINGING,
    "talking": Status.TALKING,
    "held": Status.TALKING,
    "ended": Status.DONE,
    "wrapped": Status.DONE,
}


def follow_requests(organization: Organization, *, at: datetime) -> None:
    """Brings unfinished requests in line with their calls. Call it outside of any transaction."""
    unfinished = CallRequest.objects.filter(organization=organization, finished_at=None).order_by("pk")
    requests = list(unfinished.select_related("person", "from_ticket", "organization"))
    if not requests:
        return
    threads = [request.thread for request in requests]
    rows = Ticket.objects.standing().filter(organization=organization, thread__in=threads)
    tickets = {ticket.thread: ticket for ticket in rows.order_by("opened_at", "pk")}
    for request in requests:
        ticket = tickets.get(request.thread)
        if ticket is not None and ticket.call_state:
            _follow(request, ticket, at=at)
        elif request.status == Status.WAITING and at - request.created_at > actions.GIVEN_UP_AFTER:
            actions.hand_over(request.pk, at=at)
        elif request.status == Status.HANDED and at - request.created_at > SILENT_AFTER:
            actions.take_state(request, Status.FAILED, at=at, problem="silent")


def _follow(request: CallRequest, ticket: Ticket, *, at: datetime) -> None:
    status = _STATES.get(ticket.call_state) or _unanswered(ticket)
    if status == request.status:
        if at - request.created_at > FORGOTTEN_AFTER:
            actions.take_state(request, Status.DONE, at=at)
        return
    if status == Status.DONE and ticket.call_seconds is None:
        status = Status.NO_ANSWER
    if request.is_call_back and status in (Status.TALKING, Status.DONE, Status.NO_ANSWER, Status.BUSY):
        _note_call_back(request, status, at=at)
    if status in (Status.NO_ANSWER, Status.BUSY):
        _resolve(ticket, at=at)
    actions.take_state(request, status, at=at)


def _unanswered(ticket: Ticket) -> Status:
    rows = Event.objects.filter(organization_id=ticket.organization_id, thread=ticket.thread, type="call.abandoned")
    data = rows.order_by("-time", "-pk").values_list("data", flat=True).first() or {}
    return Status.BUSY if str(data.get("reason", "")).lower().startswith("busy") else Status.NO_ANSWER


def _note_call_back(request: CallRequest, status: Status, *, at: datetime) -> None:
    """The attempt, and where she was reached, the end of her waiting. Its id follows from the request: it is one."""
    if request.from_ticket is None:
        return
    outcome = "reached" if status in (Status.TALKING, Status.DONE) else str(status)
    try:
        _entry, tickets = call_back_for(request.person, request.from_ticket.public_id)
    except NotFound:
        return  # settled already
    called_before = list(_before(tickets, request.created_at))
    try:
        callbacks.note_attempt(
            called_before or tickets, outcome, by=request.person, at=at, key=request.public_id.hex, call=request.thread
        )
    except HubRefusal:
        return  # a colleague has taken it, or may do so alone: hers stands


def _before(tickets: Iterable[Ticket], instant: datetime) -> Iterable[Ticket]:
    return (ticket for ticket in tickets if ticket.opened_at <= instant)


def _resolve(ticket: Ticket, *, at: datetime) -> None:
    """A call that reached nobody is no matter of its own."""
    if ticket.is_open:
        told = {"thread": ticket.thread, "by": "rule"}
        key = f"unreached-{ticket.public_id.hex}"
        resolved = envelope("ticket.resolved", told, at=max(at, ticket.last_event_at), key=key)
        receive(ticket.organization, [resolved], sender=hub_sender(), at=max(at, ticket.last_event_at))
