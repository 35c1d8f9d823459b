"""Exports: asked for with a reason, made at once where small, else by the worker; ready for a day, then gone.

Any number of workers may be told to make one; one claims it, and a silent one loses its claim.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.http import QueryDict
from django.utils import timezone, translation

from accounts.audit import record
from accounts.models import Person
from accounts.policies import NotAllowed, Permission, may
from kpi.exporting.tables import NoSuchTable, Table, table_for
from kpi.exporting.writing import write
from kpi.models import Export
from kpi.queries.question import BadQuestion
from kpi.queries.wanted import wanted_of

logger = logging.getLogger(__name__)

FOLDER = "figure_exports"
KEPT = timedelta(hours=24)
# A worker that says nothing for so long has died.
CLAIM_SECONDS = 60
MOST_ATTEMPTS = 3
Status = Export.Status


class LostClaim(Exception):
    """Another worker has taken the export over."""


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER


def file_of(export: Export) -> Path | None:
    """The file, where it is ready and still there."""
    path = folder() / export.stored_as
    return path if export.status == Status.READY and export.stored_as and path.is_file() else None


def note_export(person: Person, table: Table, *, kind: str, reason: str, at: datetime) -> None:
    """Writes down who takes what out, and why."""
    assert person.organization is not None
    record(
        person.organization,
        by=person,
        at=at,
        action="kpi.export",
        obj=f"{table.name}.{kind}",
        reason=reason,
        after={"rows": table.count, "personal": table.is_personal},
    )


def ask_for_export(
    person: Person, table: Table, params: Mapping[str, str], *, kind: str, reason: str, at: datetime
) -> Export:
    """An export for the worker to make, written down. Raises NotAllowed."""
    if person.organization is None or not may(person, Permission.SEE_FIGURES):
        raise NotAllowed(Permission.SEE_FIGURES)
    with transaction.atomic():
        export = Export.objects.create(
            organization=person.organization,
            person=person,
            query=dict(params),
            format=kind,
            reason=reason,
            created_at=at,
            rows_total=table.count,
            file_name=file_name(table, kind, at),
        )
        note_export(person, table, kind=kind, reason=reason, at=at)
    return export


def file_name(table: Table, kind: str, at: datetime) -> str:
    return f"cxhub-{table.name}-{timezone.localtime(at):%Y%m%d-%H%M}.{kind}"


def make_export(export_id: int) -> bool:
    """Makes a waiting export, unless another worker does; says whether it is ready now."""
    claim, at = uuid4(), timezone.now()
    free = Q(claim=None) | Q(beat_at__lt=at - timedelta(seconds=CLAIM_SECONDS))
    waiting = Export.objects.filter(free, pk=export_id, status=Status.WAITING)
    if not waiting.update(claim=claim, beat_at=at, attempts=F("attempts") + 1):
        return False
    export = Export.objects.select_related("organization", "person").get(pk=export_id)
    if export.attempts > MOST_ATTEMPTS:
        _update(export, claim, status=Status.FAILED, claim_to=None)
        return False
    path = folder() / f"{export.public_id.hex}-{claim.hex}.{export.format}"
    try:
        _write(export, claim, path)
    except (LostClaim, NoSuchTable, BadQuestion) as error:
        path.unlink(missing_ok=True)
        if not isinstance(error, LostClaim):
            # What the address named is no more: a center, a number.
            with suppress(LostClaim):
                _update(export, claim, status=Status.FAILED, claim_to=None)
        return False
    return True


def _write(export: Export, claim: UUID, path: Path) -> None:
    person, organization = export.person, export.organization
    params = QueryDict(mutable=True)
    params.update(export.query)
    # She may have lost her reach since: what she may not see now is not written.
    if not may(person, Permission.SEE_FIGURES):
        raise NoSuchTable
    path.parent.mkdir(parents=True, exist_ok=True)
    with translation.override(person.language or organization.language), timezone.override(organization.zone):
        wanted = wanted_of(person, params, now=timezone.now())
        table = table_for(person, wanted, str(export.query.get("table") or ""), params)
        _update(export, claim, rows_total=table.count)
        with path.open("wb") as out:
            count = write(table, export.format, out, tick=lambda rows: _update(export, claim, rows_done=rows))
    _update(
        export,
        claim,
        status=Status.READY,
        rows_done=count,
        stored_as=path.name,
        expires_at=timezone.now() + KEPT,
        claim_to=None,
    )


def _update(export: Export, claim: UUID, **fields: Any) -> None:
    """Changes the export while it is ours. Raises LostClaim."""
    if "claim_to" in fields:
        fields["claim"] = fields.pop("claim_to")
    fields["beat_at"] = timezone.now()
    if not Export.objects.filter(pk=export.pk, claim=claim, status=Status.WAITING).update(**fields):
        raise LostClaim


def drop_expired(*, at: datetime) -> int:
    """Removes the files whose day is over; returns how many exports ended."""
    count = 0
    for export in Export.objects.filter(status=Status.READY, expires_at__lte=at).order_by("pk"):
        (folder() / export.stored_as).unlink(missing_ok=True)
        count += Export.objects.filter(pk=export.pk, status=Status.READY).update(status=Status.EXPIRED, stored_as="")
    return count


def note_download(person: Person, export: Export, *, at: datetime) -> None:
    record(
        export.organization,
        by=person,
        at=at,
        action="kpi.export.download",
        obj=str(export.public_id),
        reason=export.reason,
    )
