"""A visitor's files: uploaded before the message that carries them, and read by her who is in the conversation.

The content is asked for with her secret in the body and never by an address: an address is copied, logged and shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.translation import gettext as _

from accounts.queries import NotFound
from channels_app import rate_limits
from channels_app.models.widget import WidgetConversation
from channels_app.rate_limits import Bucket
from channels_app.widget.payloads import WidgetRefusal
from tickets.actions.attachments import CannotAttach, drop_upload, keep_upload, uploads_for
from tickets.models import Attachment
from tickets.queries.attachments import attachment_of_customer
from tickets.views.attachments import served

# Somebody who shows what arrived broken sends some pictures, not a disk.
FILES_PER_VISITOR, FILES_SECONDS = 20, 300.0
FILES_PER_ADDRESS, ADDRESS_SECONDS = 120, 300.0


def keep_file(
    conversation: WidgetConversation, upload: object, *, key: UUID | None, address: str, at: datetime
) -> dict[str, Any]:
    """Keeps one file for her next message and returns it as messages tell of it. Raises WidgetRefusal."""
    if not isinstance(upload, UploadedFile):
        raise WidgetRefusal("no_file", _("Choose a file first."))
    wait = rate_limits.take_from_each(
        [
            Bucket(f"widget:files:{conversation.visitor_id}", FILES_PER_VISITOR, FILES_SECONDS),
            Bucket(f"widget:files:{address}", FILES_PER_ADDRESS, ADDRESS_SECONDS),
        ]
    )
    if wait:
        raise WidgetRefusal("slow_down", _("Too much at once. Please wait a moment."), status=429, retry_after=wait)
    try:
        kept = keep_upload(conversation.organization, conversation.thread_key, upload, by=None, at=at, key=key)
    except CannotAttach as refusal:
        raise refused(refusal) from refusal
    return kept.as_told()


def drop_file(conversation: WidgetConversation, public_id: UUID) -> None:
    drop_upload(conversation.organization_id, conversation.thread_key, public_id, by=None)


def read_file(conversation: WidgetConversation, public_id: UUID) -> FileResponse:
    """The content of a file of her conversation. Raises WidgetRefusal "gone"."""
    try:
        found = attachment_of_customer(conversation.organization_id, conversation.thread_key, public_id)
        return served(found, is_shown=found.is_picture)
    except NotFound as error:
        raise WidgetRefusal("gone", _("This file is no longer there."), status=404) from error


def uploads_of(conversation: WidgetConversation, public_ids: Sequence[UUID]) -> list[Attachment]:
    """Raises WidgetRefusal."""
    if not public_ids:
        return []
    try:
        return uploads_for(conversation.organization_id, conversation.thread_key, public_ids, by=None)
    except CannotAttach as refusal:
        raise refused(refusal) from refusal


def refused(refusal: CannotAttach) -> WidgetRefusal:
    """Codes: file_too_large | file_empty | file_unknown_type | file_too_many_pixels | file_too_many | file_gone."""
    return WidgetRefusal(f"file_{refusal.code}", str(refusal), status=413 if refusal.code == "too_large" else 422)
