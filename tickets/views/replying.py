"""What becomes of an answer written in a ticket: told to the agent before she types, not after.

A door's room of its own, because only the channels know whether they lead anywhere.
"""

from __future__ import annotations

from enum import StrEnum

from channels_app.hub.actions import can_reply
from channels_app.models.widget import WidgetConversation
from tickets.models import Ticket


class Way(StrEnum):
    REACHES = "reaches"  # the customer sees it
    RECORDED = "recorded"  # it becomes history; whoever runs the channel must carry it on
    NONE = "none"  # spoken, not written: a note only


def way_out(ticket: Ticket) -> Way:
    """Says where a reply in this ticket goes. One statement for a chat."""
    if not can_reply(ticket):
        return Way.NONE
    if ticket.channel == "chat" and _is_of_widget(ticket):
        return Way.REACHES
    return Way.RECORDED


def _is_of_widget(ticket: Ticket) -> bool:
    return WidgetConversation.objects.filter(organization_id=ticket.organization_id, thread_key=ticket.thread).exists()
