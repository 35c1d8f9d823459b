"""At which mail addresses a customer can be written to from her ticket: what her profile holds, and what she has said."""

from __future__ import annotations

from dataclasses import dataclass

from customers.email_addresses import is_masked_email
from customers.models import Claim, Customer, Identity
from customers.models.identity import IdentityKind
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Recipient:
    """`is_confirmed` is False for an address that she has only told in this conversation."""

    address: str
    is_confirmed: bool


def recipients_of(ticket: Ticket) -> list[Recipient]:
    """The proven ones first, each once. Three statements at most."""
    proven: list[str] = []
    if ticket.customer is not None:
        members = Customer.objects.filter(organization=ticket.organization_id).in_groups([ticket.customer.root_id])
        rows = Identity.objects.filter(
            organization=ticket.organization_id, customer__in=members, kind=IdentityKind.EMAIL
        )
        proven = list(rows.order_by("value").values_list("value", flat=True))
    claims = Claim.objects.filter(organization=ticket.organization_id, thread=ticket.thread, kind=IdentityKind.EMAIL)
    told = claims.order_by("value").values_list("value", flat=True).distinct()
    found = dict.fromkeys(proven, True) | {address: False for address in told if address not in proven}
    return [Recipient(address, is_proven) for address, is_proven in found.items() if not is_masked_email(address)]
