"""What is set for telephones, the calls somebody has asked for, and the numbers that may be called from a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Person
from accounts.queries import NotFound, organization_for
from channels_app.models import CallRequest, TelephonySettings
from customers.policies import sight_of
from customers.queries.profiles import profiles_of
from cxhub.prepared import Prepared, Told
from tickets.models import Ticket
from tickets.policies import may_answer

_SETTINGS = Prepared(lambda: TelephonySettings.objects.filter(organization_id=Told("organization_id")))


@dataclass(frozen=True, slots=True)
class Telephony:
    """What pages ask: whether one can call from here, and whether recordings are to be expected."""

    can_dial: bool = False
    sends_recordings: bool = False


def settings_of(organization_id: int) -> TelephonySettings | None:
    return _SETTINGS.first(organization_id=organization_id)


def telephony_of(organization_id: int) -> Telephony:
    """One short statement."""
    settings = settings_of(organization_id)
    return Telephony(settings.can_dial, settings.sends_recordings) if settings else Telephony()


def may_dial(person: Person) -> bool:
    """Whether she sees a way to call: she answers customers, sees numbers in full, and there is a telephone system."""
    if person.organization_id is None or not may_answer(person) or sight_of(person).is_masked:
        return False
    return telephony_of(person.organization_id).can_dial


def request_for(person: Person, public_id: UUID) -> CallRequest:
    """One that she has asked for herself. Raises NotFound."""
    organization = organization_for(person)
    rows = CallRequest.objects.filter(organization=organization, person=person, public_id=public_id)
    found = rows.select_related("from_ticket", "from_ticket__customer", "organization").first()
    if found is None:
        raise NotFound
    return found


def name_called(person: Person, request: CallRequest) -> str:
    """Who is called, as she may see it; "" where nobody is known."""
    ticket = request.from_ticket
    if ticket is None or ticket.customer is None:
        return ""
    root_id = ticket.customer.root_id
    return profiles_of(request.organization, [root_id], sight=sight_of(person))[root_id].name


def numbers_of(person: Person, ticket: Ticket) -> tuple[str, ...]:
    """The proven numbers of the ticket's customer; none where she sees them masked."""
    if ticket.customer is None:
        return ()
    root_id = ticket.customer.root_id
    return profiles_of(ticket.organization, [root_id], sight=sight_of(person))[root_id].phones_to_dial


def ticket_of(request: CallRequest) -> Ticket | None:
    """The ticket that the exchange's events of the call have opened."""
    rows = Ticket.objects.standing().filter(organization_id=request.organization_id, thread=request.thread)
    return rows.order_by("-opened_at", "-pk").first()
