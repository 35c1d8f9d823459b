"""Every change of a call that was asked for: asking, handing over, trying again, and what the exchange says of it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Person
from channels_app.hub.writing import HubRefusal, require
from channels_app.models import CallRequest, TelephonySettings
from channels_app.telephony import simulator, webhook
from channels_app.telephony.events import announce_request
from channels_app.telephony.handing import NotPlaced, Place
from channels_app.telephony.queries import settings_of
from channels_app.telephony.waking import hand_over_soon
from customers.phone_numbers import parse_phone
from tickets import policies
from tickets.models import Ticket

ADAPTERS: dict[str, Place] = {
    TelephonySettings.Adapter.WEBHOOK: webhook.place,
    TelephonySettings.Adapter.SIMULATOR: simulator.place,
}
# A call that begins minutes after it was asked for surprises both sides: then it is given up, and she is told.
GIVEN_UP_AFTER = timedelta(seconds=45)
CLAIMED_FOR = timedelta(seconds=30)
PAUSES_SECONDS = (2, 6)
# An exchange that never tells of a call's end must not keep somebody from the next one.
FORGOTTEN_AFTER = timedelta(minutes=3)


class CannotCall(HubRefusal):
    """The call cannot be asked for; nothing was written."""


def request_call(
    ticket: Ticket, number: str, *, is_call_back: bool = False, by: Person, at: datetime, key: UUID
) -> CallRequest:
    """Writes down that she wants to call this number, and has it handed over. The same key twice is one call.

    The caller has seen to it that the number is one of the ticket's. Raises `CannotCall`, `NotAllowed`.
    """
    require(policies.may_reply(by, ticket))
    settings = settings_of(ticket.organization_id)
    if settings is None or not settings.can_dial:
        raise CannotCall(_("No telephone system is connected for outgoing calls. Ask whoever runs the hub."))
    phone = parse_phone(number)
    if not phone.digits:
        raise CannotCall(_("This number cannot be called: it was withheld or is masked."))
    with transaction.atomic():
        # Her row is what two clicks at once wait for.
        Person.objects.select_for_update(of=("self",)).get(pk=by.pk)
        standing = CallRequest.objects.filter(organization_id=ticket.organization_id, key=key).first()
        if standing is not None:
            return standing
        if _is_calling(by, ticket.organization_id, at):
            raise CannotCall(_("You are making a call already. End it first."))
        request = CallRequest.objects.create(
            organization_id=ticket.organization_id,
            key=key,
            person=by,
            center=ticket.center,
            number=phone.e164 or phone.digits,
            from_ticket=ticket,
            is_call_back=is_call_back,
            created_at=at,
        )
        customer = ticket.customer.public_id if ticket.customer is not None else None
        audit.record(
            ticket.organization,
            by=by,
            action="calls.request",
            obj=f"call {request.public_id}",
            customer_id=customer,
            at=at,
        )
        transaction.on_commit(partial(hand_over_soon, request.pk))
        announce_request(request)
    return request


def try_again(request: CallRequest, *, by: Person, at: datetime) -> None:
    """A call that could not be handed over: once more, as the same call. Nothing for one that has not failed."""
    require(request.person_id == by.pk)
    with transaction.atomic():
        again = CallRequest.objects.filter(pk=request.pk, status=CallRequest.Status.FAILED).update(
            status=CallRequest.Status.WAITING, problem="", finished_at=None, claimed_until=None, created_at=at
        )
        if again:
            transaction.on_commit(partial(hand_over_soon, request.pk))
            announce_request(request)


def hand_over(request_id: int, *, at: datetime) -> int | None:
    """Hands a waiting call to the exchange; returns after how many seconds to try again, or None where it is done.

    Call it outside of any transaction: the network is asked in between.
    """
    claimed = CallRequest.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=at), pk=request_id, status=CallRequest.Status.WAITING
    ).update(claimed_until=at + CLAIMED_FOR)
    if not claimed:
        return None
    request = CallRequest.objects.select_related("organization", "person", "center").get(pk=request_id)
    settings = settings_of(request.organization_id)
    began, problem, status = time.monotonic(), "", 0
    is_temporary = False
    try:
        if at - request.created_at > GIVEN_UP_AFTER:
            raise NotPlaced("late", is_temporary=False)
        if settings is None or settings.adapter not in ADAPTERS:
            raise NotPlaced("not_connected", is_temporary=False)
        status = ADAPTERS[settings.adapter](request, settings).status
    except NotPlaced as error:
        problem, is_temporary, status = error.cause, error.is_temporary, error.status
    told = {"at": at.isoformat(), "ms": round((time.monotonic() - began) * 1000), "status": status, "problem": problem}
    tries = [*request.tries, told]
    this_round = sum(datetime.fromisoformat(one["at"]) >= request.created_at for one in tries)
    if problem and is_temporary and this_round <= len(PAUSES_SECONDS):
        _keep(request, status=CallRequest.Status.WAITING, tries=tries, claimed_until=None)
        return PAUSES_SECONDS[this_round - 1]
    if problem:
        _keep(request, status=CallRequest.Status.FAILED, problem=problem, tries=tries, finished_at=at)
    else:
        _keep(request, status=CallRequest.Status.HANDED, tries=tries)
    return None


def take_state(request: CallRequest, status: str, *, at: datetime, problem: str = "") -> None:
    """What the exchange has told of the call; conditional on how it stood, so that two who look at once tell it once."""
    known = CallRequest.Status
    is_over = status in (known.DONE, known.NO_ANSWER, known.BUSY, known.FAILED)
    with transaction.atomic():
        taken = CallRequest.objects.filter(pk=request.pk, status=request.status).update(
            status=status, problem=problem, finished_at=at if is_over else None
        )
        if taken:
            announce_request(request)


def _keep(request: CallRequest, **fields: object) -> None:
    with transaction.atomic():
        # An exchange may have told of the call before its answer came back.
        CallRequest.objects.filter(pk=request.pk, status=CallRequest.Status.WAITING).update(**fields)
        announce_request(request)


def _is_calling(person: Person, organization_id: int, at: datetime) -> bool:
    mine = CallRequest.objects.filter(organization_id=organization_id, finished_at=None, person=person)
    return mine.filter(created_at__gt=at - FORGOTTEN_AFTER).exists()
