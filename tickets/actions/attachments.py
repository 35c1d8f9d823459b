"""Files of conversations: kept when they are uploaded, bound to their message, dropped where none ever came.

The file is written before its row and removed after it: a crash between leaves a file that nobody reads, and never a
row without its file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organization, Person
from cxhub.live import publish_on_commit, thread_mark
from tickets.file_types import NotTaken, clean_name, type_of
from tickets.models import Attachment

# A visitor's page left open over night still sends what was put to it the evening before; an agent's draft of Friday waits for
# her holidays' end.
UNBOUND_HOURS = 24
UNBOUND_DAYS_OF_AGENTS = 7
DROPPED_AT_ONCE = 200
# What one side may have lying ready in one conversation: a message's worth, twice.
MOST_UNBOUND = 20


class CannotAttach(Exception):
    """`code`: too_large | empty | unknown_type | too_many_pixels | too_many | gone. `str()` is fit for a screen."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(problem)
        self.code = code


def keep_upload(
    organization: Organization,
    thread: str,
    upload: UploadedFile[Any],
    *,
    by: Person | None,
    at: datetime,
    key: UUID | None = None,
) -> Attachment:
    """Keeps a file for a message that is being written; without `by` it is the customer's. Raises `CannotAttach`.

    `key` is the page's own id of this upload: tried again, also after the message was sent, it is the same file.
    """
    if kept := _kept_as(key, organization.pk, thread, by):
        return kept
    if _unbound(organization.pk, thread, by).count() >= MOST_UNBOUND:
        raise CannotAttach("too_many", _("Too many files at once. Send or remove some first."))
    return _keep(organization, thread, upload, by=by, at=at, key=key)


def keep_received(
    organization: Organization, thread: str, upload: UploadedFile[Any], *, key: UUID, at: datetime
) -> Attachment:
    """Keeps a file that came with a message of the customer's, to be bound to it. Raises `CannotAttach`.

    Under the same key it is the same file.
    """
    if kept := _kept_as(key, organization.pk, thread, None):
        return kept
    return _keep(organization, thread, upload, by=None, at=at, key=key)


def _keep(
    organization: Organization,
    thread: str,
    upload: UploadedFile[Any],
    *,
    by: Person | None,
    at: datetime,
    key: UUID | None,
) -> Attachment:
    name = upload.name or ""
    _check_size(upload)
    try:
        kind = type_of(upload, name)  # type: ignore[arg-type]
    except NotTaken as refusal:
        raise CannotAttach(refusal.code, _refused(refusal.code)) from refusal
    attachment = Attachment(
        organization=organization,
        **({"public_id": key} if key else {}),
        thread=thread,
        person=by,
        is_from_customer=by is None,
        name=clean_name(name, kind),
        media_type=kind.media_type,
        bytes=upload.size or 0,
        created_at=at,
    )
    upload.seek(0)
    attachment.file.save(attachment.path, upload, save=False)
    try:
        with transaction.atomic():
            attachment.save(force_insert=True)
            _announce([attachment])
    except BaseException as error:
        attachment.file.storage.delete(attachment.file.name or "")
        # The same upload twice in one moment: the other one stands.
        if isinstance(error, IntegrityError) and (kept := _kept_as(key, organization.pk, thread, by)):
            return kept
        raise
    return attachment


def _kept_as(key: UUID | None, organization_id: int, thread: str, by: Person | None) -> Attachment | None:
    """What was kept under this key, by whom asks for it and where. Raises `CannotAttach` where the key is another's."""
    found = Attachment.objects.filter(public_id=key).first() if key else None
    if found is None:
        return None
    is_hers = found.is_from_customer if by is None else found.person_id == by.pk
    if (found.organization_id, found.thread) != (organization_id, thread) or not is_hers:
        raise CannotAttach("gone", _("A file is no longer there. Remove it and attach it again."))
    return found


def uploads_for(
    organization_id: int,
    thread: str,
    public_ids: Sequence[UUID],
    *,
    by: Person | None,
    most_bytes: int | None = None,
) -> list[Attachment]:
    """The uploads that a message names, in its order: the writer's own, of this conversation. Raises `CannotAttach`.

    `most_bytes`: what the channel carries in one message, where that is less than usual.

    One that has been sent is among them: the same message may come twice. `bind` decides.
    """
    wanted = list(dict.fromkeys(public_ids))
    if len(wanted) > settings.ATTACHMENTS_AT_ONCE:
        raise CannotAttach(
            "too_many", _("At most %(count)d files in one message.") % {"count": settings.ATTACHMENTS_AT_ONCE}
        )
    rows = Attachment.objects.filter(organization=organization_id, thread=thread, public_id__in=wanted, person=by)
    found = {row.public_id: row for row in rows.filter(is_from_customer=by is None)}
    if len(found) < len(wanted):
        raise CannotAttach("gone", _("A file is no longer there. Remove it and attach it again."))
    most_bytes = most_bytes or settings.ATTACHMENTS_MAX_BYTES
    if sum(row.bytes for row in found.values()) > most_bytes:
        raise CannotAttach(
            "too_large", _("All files of a message together: at most %(size)d MB.") % {"size": _mb(most_bytes)}
        )
    return [found[public_id] for public_id in wanted]


def bind(attachments: Sequence[Attachment], *, event: UUID, thread: str) -> None:
    """Gives the uploads to their message, in the transaction that records it. Raises `CannotAttach` where one is another's.

    `thread` is the message's: written on a ticket that others were merged into, it may go on in one of theirs.
    """
    if not attachments:
        return
    rows = Attachment.objects.filter(pk__in=[attachment.pk for attachment in attachments], event=None)
    if rows.update(event=event, thread=thread) < len(attachments):
        raise CannotAttach("gone", _("A file is no longer there. Remove it and attach it again."))
    _announce(attachments)


def drop_upload(organization_id: int, thread: str, public_id: UUID, *, by: Person | None) -> None:
    """Forgets a file that was not sent. One that was stays, and what is not there is gone already."""
    for attachment in _unbound(organization_id, thread, by).filter(public_id=public_id):
        _drop(attachment)


def drop_expired(organization: Organization, *, at: datetime) -> int:
    """Forgets some files whose message never came; returns how many."""
    old = Q(created_at__lt=at - timedelta(hours=UNBOUND_HOURS))
    old &= Q(person=None) | Q(created_at__lt=at - timedelta(days=UNBOUND_DAYS_OF_AGENTS))
    rows = Attachment.objects.filter(old, organization=organization, event=None).order_by("created_at")
    return sum(_drop(attachment) for attachment in rows[:DROPPED_AT_ONCE])


def _drop(attachment: Attachment) -> int:
    # Bound meanwhile: then it is nobody's to drop.
    with transaction.atomic():
        dropped, _each = Attachment.objects.filter(pk=attachment.pk, event=None).delete()
        if dropped:
            transaction.on_commit(lambda: attachment.file.storage.delete(attachment.file.name or ""))
            _announce([attachment])
    return dropped


def _announce(attachments: Sequence[Attachment]) -> None:
    """To the other pages of the agent who writes: what goes with her answer is another now."""
    publish_on_commit(
        (
            f"person.{person_id}",
            {"type": "hub.event", "kind": "files", "thread": thread_mark(organization_id, thread)},
        )
        for person_id, organization_id, thread in sorted(
            {(one.person_id, one.organization_id, one.thread) for one in attachments if one.person_id}
        )
    )


def _unbound(organization_id: int, thread: str, by: Person | None) -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(organization=organization_id, thread=thread, event=None)
    return rows.filter(person=by, is_from_customer=by is None)


def _check_size(upload: UploadedFile[Any]) -> None:
    if (upload.size or 0) > settings.ATTACHMENT_MAX_BYTES:
        size = _mb(settings.ATTACHMENT_MAX_BYTES)
        raise CannotAttach("too_large", _("A file may have at most %(size)d MB.") % {"size": size})


def _mb(size: int) -> int:
    return size // (1024 * 1024)


def _refused(code: str) -> str:
    return {
        "empty": _("This file is empty."),
        "too_many_pixels": _("This picture is too large. Make it smaller first."),
    }.get(code, _("Files of this kind are not taken. Pictures, PDF, Word, Excel, HWP, text, audio and video are."))
