"""What becomes of an answer written in a ticket: told to the agent before she types, not after.

A door's room of its own, because only the channels know whether they lead anywhere.
"""

from __future__ import annotations

from enum import StrEnum

from channels_app.deliveries.queries import is_carried_out, mail_account_for
from channels_app.hub.actions import can_reply
from channels_app.models.widget import WidgetConversation
from tickets.models import Ticket


class Way(StrEnum):
    REACHES = "reaches"  # the customer sees it
    RECORDED = "recorded"  # it becomes history; whoever runs the channel must carry it on
    UNADDRESSED = "unaddressed"  # as before; the channel could carry it, but nobody knows where to
    NONE = "none"  # spoken, not written: a note only


def way_and_seen(ticket: Ticket) -> tuple[Way, int]:
    """Says where a reply in this ticket goes, and up to which number of the thread the customer has seen it; 0 where nobody knows.

    One statement; two where a mail would go nowhere.
    """
    if not can_reply(ticket):
        return Way.NONE, 0
    if ticket.channel == "chat":
        rows = WidgetConversation.objects.filter(organization_id=ticket.organization_id, thread_key=ticket.thread)
        seen = rows.values_list("visitor_seen_seq", flat=True).first()
        if seen is not None:
            return Way.REACHES, seen
    if is_carried_out(ticket):
        return Way.REACHES, 0
    if ticket.channel == "mail" and mail_account_for(ticket.organization_id, ticket.center_id) is not None:
        return Way.UNADDRESSED, 0
    return Way.RECORDED, 0
