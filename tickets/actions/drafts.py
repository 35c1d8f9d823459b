"""Keeps what a person has begun to write. A page that changes a draft says which one it had before its eyes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from accounts.models import Person
from cxhub.live import publish_on_commit
from tickets.models import Draft, Ticket
from tickets.queries.drafts import draft_of


class DraftChanged(Exception):
    """Another page of hers has changed the draft meanwhile. Nothing was kept; `current` is None where it is gone."""

    def __init__(self, current: Draft | None) -> None:
        super().__init__()
        self.current = current


def keep_draft(
    ticket: Ticket,
    text: str,
    *,
    mode: str,
    by: Person,
    at: datetime,
    base: UUID | None,
    key: UUID | None = None,
    quoted: UUID | None = None,
) -> Draft | None:
    """Keeps the text in place of the version `base` (None: of nothing). An empty text drops the draft: then None.

    Raises `DraftChanged` where another version stands there now.
    """
    with transaction.atomic():
        rows = Draft.objects.filter(organization_id=ticket.organization_id, person=by, ticket=ticket, mode=mode)
        kept = {"text": text, "version": uuid4(), "key": key, "quoted": quoted, "updated_at": at}
        if base is None:
            is_done = not text or _begin(ticket, by, mode, kept)
        elif text:
            is_done = bool(rows.filter(version=base).update(**kept))
        else:
            # Gone already is gone as well.
            is_done = bool(rows.filter(version=base).delete()[0]) or not rows.exists()
        current = draft_of(by, ticket, mode)
        if not is_done:
            raise DraftChanged(current)
        _announce(ticket, by, mode, current)
    return current


def _begin(ticket: Ticket, person: Person, mode: str, kept: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            Draft.objects.create(
                organization_id=ticket.organization_id, person=person, ticket=ticket, mode=mode, **kept
            )
    except IntegrityError:
        return False
    return True


def drop_draft(ticket: Ticket, *, mode: str, by: Person, version: UUID | None) -> None:
    """It was sent: drops the draft if it is still the version that was sent; what another page has written stays."""
    if version is None:
        return
    with transaction.atomic():
        rows = Draft.objects.filter(organization_id=ticket.organization_id, person=by, ticket=ticket, mode=mode)
        gone, _by_model = rows.filter(version=version).delete()
        if gone:
            _announce(ticket, by, mode, None)


def _announce(ticket: Ticket, person: Person, mode: str, current: Draft | None) -> None:
    """To her own pages only: the other one shows what stands there now, the list shows its mark."""
    version = str(current.version) if current else ""
    told = {
        "type": "hub.event",
        "kind": "draft",
        "ticket": str(ticket.public_id),
        "mode": mode,
        "version": version,
    }
    publish_on_commit([(f"person.{person.pk}", told)])
