"""Keeps the files of a mail that is taken in, before its event is written, and says of each what the event tells.

A mail that was cut off and comes again finds its files under the same keys; those of a mail that never became an event go
like any upload that was not sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile

from channels_app.mail.files import MailFile
from channels_app.mail.reading import ReadMail
from channels_app.models import ChannelAccount
from customers.models import Event
from tickets.actions.attachments import CannotAttach, keep_received
from tickets.models import Attachment


def keep_files(
    account: ChannelAccount, mail: ReadMail, envelope: Mapping[str, Any], *, at: datetime
) -> tuple[list[Attachment], list[dict[str, Any]]]:
    """Returns the files that were kept, and what the event says of all. Of a mail that is known nothing is kept again."""
    if not mail.files:
        return [], []
    known = Event.objects.filter(
        organization=account.organization_id, source=envelope["source"], event_id=envelope["id"]
    )
    event = known.only("data").first()
    if event is not None:
        return [], event.data.get("attachments") or []
    kept: list[Attachment] = []
    told: list[dict[str, Any]] = []
    for number, file in enumerate(mail.files):
        key = uuid5(account.organization.public_id, f"{envelope['id']}/{number}")
        attachment, problem = _keep(account, envelope["data"]["thread"], file, key=key, at=at)
        if attachment is not None:
            kept.append(attachment)
            told.append(attachment.as_told() | ({"inline": True} if file.is_inline else {}))
        else:
            told.append({"name": file.name, "bytes": len(file.content), "problem": problem})
    return kept, told


def _keep(
    account: ChannelAccount, thread: str, file: MailFile, *, key: UUID, at: datetime
) -> tuple[Attachment | None, str]:
    if file.problem:
        return None, file.problem
    upload = SimpleUploadedFile(file.name, file.content)
    try:
        return keep_received(account.organization, thread, upload, key=key, at=at), ""
    except CannotAttach as refusal:
        return None, refusal.code
