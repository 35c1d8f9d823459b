"""What somebody said about herself in this conversation that nobody has proven yet (rule 6)."""

from __future__ import annotations

from dataclasses import dataclass

from customers.incoming import IdentityKey
from customers.models import Claim
from customers.queries import Profile, identity_label
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """`key` as it was claimed, `shown` as the reader may see it."""

    key: IdentityKey
    shown: str

    @property
    def label(self) -> str:
        return identity_label(self.key.kind)


def open_claims(ticket: Ticket, profile: Profile) -> list[OpenClaim]:
    """The claims of the ticket's thread that the profile does not own. One statement."""
    proven = {(identity.kind, identity.value) for identity in profile.identity_rows}
    told = Claim.objects.filter(organization_id=ticket.organization_id, thread=ticket.thread)
    pairs = dict.fromkeys(told.order_by("pk").values_list("kind", "value"))
    return [
        OpenClaim(IdentityKey(kind, "", value), profile.sight.identity(kind, value))
        for kind, value in pairs
        if (kind, value) not in proven
    ]


def claim_told(ticket: Ticket, kind: str, value: str) -> IdentityKey | None:
    """The claim, if it was made in this very conversation."""
    told = Claim.objects.filter(organization_id=ticket.organization_id, thread=ticket.thread, kind=kind, value=value)
    return IdentityKey(kind, "", value) if told.exists() else None
