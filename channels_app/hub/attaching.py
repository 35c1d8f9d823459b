"""Files that go along with a message: where a channel carries them, and how they become the message's.

Beside the hub's acts because agents and visitors send files by the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Person
from channels_app.hub.writing import HubRefusal
from channels_app.intake import Check
from channels_app.models.widget import WidgetConversation
from customers.actions import Recording
from tickets.actions.attachments import CannotAttach, bind, uploads_for
from tickets.models import Attachment, Ticket


def carries_files(ticket: Ticket) -> bool:
    """Whether a file reaches the customer: in conversations of the hub's own widget. One statement for a chat."""
    if ticket.channel != "chat":
        return False
    rows = WidgetConversation.objects.filter(organization_id=ticket.organization_id, thread_key=ticket.thread)
    return rows.exists()


def uploads_of(ticket: Ticket, attachments: Sequence[UUID], *, by: Person) -> list[Attachment]:
    """Raises `HubRefusal`."""
    if not attachments:
        return []
    if not carries_files(ticket):
        raise HubRefusal(_("This channel carries no files."))
    try:
        return uploads_for(ticket.organization_id, ticket.thread, attachments, by=by)
    except CannotAttach as refusal:
        raise HubRefusal(str(refusal)) from refusal


def binding(files: Sequence[Attachment]) -> Check:
    """Returns the check that gives the files to the message, the first that is recorded. Raises `CannotAttach` then."""

    def check(recording: Recording) -> None:
        recorded = recording.recorded[0]
        if recorded.is_new:
            bind(files, event=recorded.event.public_id)

    return check
