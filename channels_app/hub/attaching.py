"""Files that go along with a message: where a channel carries them, and how they become the message's.

Beside the hub's acts because agents and visitors send files by the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Person
from channels_app.deliveries.queries import is_carried_out
from channels_app.hub.writing import HubRefusal
from channels_app.intake import Check
from channels_app.models.widget import WidgetConversation
from customers.actions import Recording
from tickets.actions.attachments import CannotAttach, bind, uploads_for
from tickets.models import Attachment, Ticket


def carries_files(ticket: Ticket) -> bool:
    """Whether a file reaches the customer: by mail, and in conversations of the hub's own widget. Two statements at most."""
    if ticket.channel == "mail":
        return is_carried_out(ticket)
    if ticket.channel != "chat":
        return False
    rows = WidgetConversation.objects.filter(organization_id=ticket.organization_id, thread_key=ticket.thread)
    return rows.exists()


def most_bytes_of(channel: str) -> int:
    """What all files of one message may have together. A mail grows by a third on its way."""
    is_mail = channel == "mail"
    return (
        min(settings.ATTACHMENTS_MAX_BYTES, settings.MAIL_FILES_MAX_BYTES)
        if is_mail
        else settings.ATTACHMENTS_MAX_BYTES
    )


def uploads_of(ticket: Ticket, attachments: Sequence[UUID], *, uploaded_in: str, by: Person) -> list[Attachment]:
    """What she has uploaded in the conversation `uploaded_in`, for an answer in this ticket. Raises `HubRefusal`."""
    if not attachments:
        return []
    if not carries_files(ticket):
        raise HubRefusal(_("This channel carries no files."))
    try:
        most_bytes = most_bytes_of(ticket.channel)
        return uploads_for(ticket.organization_id, uploaded_in, attachments, by=by, most_bytes=most_bytes)
    except CannotAttach as refusal:
        raise HubRefusal(str(refusal)) from refusal


def binding(files: Sequence[Attachment]) -> Check:
    """Returns the check that gives the files to the message, the first that is recorded. Raises `CannotAttach` then."""

    def check(recording: Recording) -> None:
        recorded = recording.recorded[0]
        if recorded.is_new:
            bind(files, event=recorded.event.public_id, thread=recorded.event.thread)

    return check
