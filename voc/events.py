"""What is announced after voices were heard or corrected: that marks of a conversation are others, where its row stands, and that the board counts otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from accounts.models import Organization
from cxhub.live import publish_on_commit
from tickets.events import announce_hints
from tickets.models import Ticket

KIND = "voices"
COUNTED = "voices.counted"


def announce_voices(organization: Organization, tickets: Iterable[Ticket], *, moved: Collection[str] = ()) -> None:
    """Tells the open pages of these tickets; lists only of those in whose threads the mood is another (`moved`)."""
    told = list(tickets)
    publish_on_commit(
        (f"ticket.{ticket.public_id.hex}", {"type": "hub.event", "kind": KIND, "ticket": str(ticket.public_id)})
        for ticket in told
    )
    announce_hints([ticket for ticket in told if ticket.thread in moved])


def announce_counted(organization: Organization) -> None:
    """Tells open boards that there is something to count anew: a hint without content."""
    publish_on_commit([(f"voices.{organization.pk}", {"type": "hub.event", "kind": COUNTED})])
