"""What people do with a sales file: upload it, say which column is what, start it, stop it.

Each change names the state it expects; a state that has moved on meanwhile declines with `HasMovedOn`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.timezone import now

from accounts import audit
from accounts.actors import Actor
from accounts.models import Organization, Person
from channels_app.models import ColumnMapping, SalesImport
from channels_app.sales_file import policies, working
from channels_app.sales_file.choices import Choices, rules_of, suggested
from channels_app.sales_file.columns import header_signature, recognise
from channels_app.sales_file.content import MAX_FILE_MB, MEGABYTE
from channels_app.sales_file.events import announce_work
from channels_app.sales_file.queries import remembered_columns
from channels_app.sales_file.reasons import FileProblem
from channels_app.sales_file.table import Table, open_table
from channels_app.sales_file.values import text

DEFAULT_SOURCE = "/import/sales"
Status = SalesImport.Status
# With these the file could be read if only a person said how.
MAY_BE_HELPED = {"unclear_encoding"}


class HasMovedOn(Exception):
    """The import is no longer in the state in which this can be done; nothing was changed."""


def upload_sales_file(
    organization: Organization,
    pieces: Iterable[bytes],
    *,
    file_name: str,
    by: Actor,
    at: datetime,
    source: str = DEFAULT_SOURCE,
    encoding: str = "",
) -> SalesImport:
    """Stores the file, looks at its header and returns the new import with what is recognised or remembered.

    Raises FileProblem, and keeps nothing, where the file is no table. An unclear encoding is kept, to be asked for.
    """
    policies.require_import(by, organization)
    sales_import = SalesImport(
        organization=organization,
        person=by if isinstance(by, Person) else None,
        actor=by.email if isinstance(by, Person) else by.name,
        file_name=text(file_name.replace("\\", "/").rpartition("/")[2], limit=200) or "-",
        source=source,
        created_at=at,
    )
    sales_import.stored_as = sales_import.public_id.hex
    path = working.folder() / sales_import.stored_as
    try:
        sales_import.sha256, sales_import.size = _store(path, pieces)
        _recognise(sales_import, path, Choices(encoding=encoding))
        with transaction.atomic():
            sales_import.save(force_insert=True)
            audit.record(
                organization,
                by=by,
                action="channels.import.upload",
                obj=str(sales_import.public_id),
                after={"file": sales_import.file_name, "sha256": sales_import.sha256},
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return sales_import


def _store(path: Path, pieces: Iterable[bytes]) -> tuple[str, int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    # Customers' data: for the hub's own account only.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in pieces:
            size += len(piece)
            if size > MAX_FILE_MB * MEGABYTE:
                raise FileProblem("too_large", limit=MAX_FILE_MB)
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest(), size


def _recognise(sales_import: SalesImport, path: Path, choices: Choices) -> None:
    try:
        table = open_table(path, encoding=choices.encoding)
    except FileProblem as problem:
        if problem.code not in MAY_BE_HELPED:
            raise
        sales_import.error = {"code": problem.code, "params": problem.params}
        return
    remembered = remembered_columns(sales_import.organization, table.header)
    if remembered:
        sales_import.mapping = remembered.mapping
        choices = msgspec.structs.replace(msgspec.convert(remembered.options, Choices), encoding=table.encoding)
    else:
        sales_import.mapping = recognise(table.header).columns
        choices = msgspec.structs.replace(suggested(table.header, sales_import.mapping), encoding=table.encoding)
    sales_import.options = msgspec.to_builtins(choices)
    sales_import.error = {}


def choose_encoding(sales_import: SalesImport, *, encoding: str, by: Actor, at: datetime) -> None:
    """Reads the header again in this encoding. Raises FileProblem, HasMovedOn."""
    policies.require_import(by, sales_import.organization)
    _recognise(sales_import, working.file_of(sales_import), Choices(encoding=encoding))
    _move(
        sales_import,
        {Status.UPLOADED},
        mapping=sales_import.mapping,
        options=sales_import.options,
        error=sales_import.error,
        beat_at=at,
    )


def choose_columns(
    sales_import: SalesImport,
    table: Table,
    *,
    columns: Mapping[str, int],
    choices: Choices,
    by: Actor,
    at: datetime,
    claim: UUID | None = None,
) -> None:
    """Fixes what each column is, remembers it for the next file with this header, and asks for a preview.

    With `claim` the caller makes the preview itself (working.work_on), and no worker is told.

    Raises FileProblem where no row could be read like this, HasMovedOn when the import has been started.
    """
    organization = sales_import.organization
    policies.require_import(by, organization)
    choices = msgspec.structs.replace(
        choices, encoding=table.encoding, stores=policies.writable_stores(by, organization)
    )
    rules_of(columns, choices, zone=organization.zone, currency=organization.currency)
    options = msgspec.to_builtins(choices)
    with transaction.atomic():
        _move(
            sales_import,
            {Status.UPLOADED, Status.PREVIEWED},
            status=Status.MAPPED,
            mapping=dict(columns),
            options=options,
            preview={},
            rows_done=0,
            attempts=0,
            error={},
            claim=claim,
            beat_at=at if claim else None,
        )
        ColumnMapping.objects.update_or_create(
            organization=organization,
            header_signature=header_signature(table.header),
            defaults={
                "mapping": dict(columns),
                "options": msgspec.to_builtins(choices.to_remember()),
                "used_at": at,
            },
        )
        if claim is None:
            announce_work(sales_import)


def reopen_columns(sales_import: SalesImport, *, by: Actor) -> None:
    """Goes back from the preview, ready or not, to the choice of columns. Raises HasMovedOn."""
    policies.require_import(by, sales_import.organization)
    # The names of stores that nobody knows are what the choice is opened again for.
    kept = {"unknown_stores": sales_import.preview.get("unknown_stores", [])}
    _move(
        sales_import, {Status.MAPPED, Status.PREVIEWED}, status=Status.UPLOADED, claim=None, preview=kept, rows_done=0
    )


def start_import(sales_import: SalesImport, *, by: Actor, at: datetime, claim: UUID | None = None) -> None:
    """Sets the import running; `claim` as for choose_columns. Raises HasMovedOn unless its preview is ready."""
    policies.require_import(by, sales_import.organization)
    with transaction.atomic():
        _move(
            sales_import,
            {Status.PREVIEWED},
            status=Status.RUNNING,
            started_at=at,
            attempts=0,
            claim=claim,
            beat_at=at if claim else None,
        )
        audit.record(
            sales_import.organization,
            by=by,
            action="channels.import.start",
            obj=str(sales_import.public_id),
            after={"file": sales_import.file_name, "source": sales_import.source, "rows": sales_import.rows_total},
        )
        if claim is None:
            announce_work(sales_import)


def cancel_import(sales_import: SalesImport, *, by: Actor, at: datetime) -> None:
    """Stops before the next batch; what was imported stays. Raises HasMovedOn when it is over."""
    policies.require_import(by, sales_import.organization)
    with transaction.atomic():
        _move(
            sales_import,
            {Status.UPLOADED, Status.MAPPED, Status.PREVIEWED, Status.RUNNING},
            status=Status.CANCELLED,
            finished_at=at,
            claim=None,
        )
        audit.record(sales_import.organization, by=by, action="channels.import.cancel", obj=str(sales_import.public_id))
    _remove_file(sales_import)


def clear_abandoned_files(*, before: datetime) -> None:
    """Cancels what was uploaded and never started, and removes the files of what failed, older than `before`."""
    waiting = {Status.UPLOADED, Status.PREVIEWED}
    stale = SalesImport.objects.filter(created_at__lt=before).exclude(stored_as="")
    for sales_import in stale.filter(status__in=[*waiting, Status.FAILED, Status.CANCELLED, Status.DONE]).order_by(
        "pk"
    ):
        with suppress(HasMovedOn):
            if sales_import.status in waiting:
                _move(sales_import, waiting, status=Status.CANCELLED, finished_at=now())
            _remove_file(sales_import)


def _remove_file(sales_import: SalesImport) -> None:
    (working.folder() / (sales_import.stored_as or "-")).unlink(missing_ok=True)
    SalesImport.objects.filter(pk=sales_import.pk).update(stored_as="")
    sales_import.stored_as = ""


def _move(sales_import: SalesImport, expected: set[Status], **fields: object) -> None:
    moved = SalesImport.objects.filter(pk=sales_import.pk, status__in=expected).update(**fields)
    if not moved:
        raise HasMovedOn
    for name, value in fields.items():
        setattr(sales_import, name, value)
