"""A sales file on its way into the history: the import, the rows it refused, the columns it remembered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from cxhub.identifiers import uuid7


class SalesImport(models.Model):
    """One file, from upload to report. Its state moves by conditional updates in sales_file.actions only."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to check")
        MAPPED = "mapped", _("Preview is made")
        PREVIEWED = "previewed", _("Ready to start")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    # Null for one that a command made; `actor` names who in any case.
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=254)
    # Below MEDIA_ROOT, by public id: what a person called the file is shown and never used as a path.
    stored_as = models.CharField(max_length=100, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status, default=Status.UPLOADED)
    source = models.CharField(_("source"), max_length=200)
    # field → column number from 0; the rest of what a person decided is in options (settings.Choices).
    mapping: Any = models.JSONField(default=dict, blank=True)
    options: Any = models.JSONField(default=dict, blank=True)
    preview: Any = models.JSONField(default=dict, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    events_done = models.PositiveIntegerField(default=0)
    events_created = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    # Code and particulars of a FileProblem; worded when shown.
    error: Any = models.JSONField(default=dict, blank=True)
    # Who works on it now: set by a conditional update, given up after a silence (see actions.CLAIM_SECONDS).
    claim: models.UUIDField[UUID | str | None, UUID | None] = models.UUIDField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("sales import")
        verbose_name_plural = _("sales imports")
        indexes = [
            models.Index(fields=["organization", "-created_at", "-id"], name="sales_import_newest"),
            models.Index(
                fields=["beat_at"], name="sales_import_at_work", condition=Q(status__in=["mapped", "running"])
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="sales_import_status_is_known",
                condition=Q(status__in=["uploaded", "mapped", "previewed", "running", "done", "failed", "cancelled"]),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        return self.status in {self.Status.MAPPED, self.Status.RUNNING}

    @property
    def is_over(self) -> bool:
        return self.status in {self.Status.DONE, self.Status.FAILED, self.Status.CANCELLED}

    @property
    def percent(self) -> int:
        """Rows dealt with, of all rows, from 0 to 100."""
        if self.status == self.Status.DONE:
            return 100
        return min(99, self.rows_done * 100 // self.rows_total) if self.rows_total else 0


class RefusedRow(models.Model):
    """A row of the file that did not become history, with what stood in it: nothing is lost silently."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    sales_import = models.ForeignKey(SalesImport, on_delete=models.CASCADE, related_name="refused_rows")
    row_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=40)  # code of sales_file.reasons
    params: Any = models.JSONField(default=dict, blank=True)
    cells: Any = models.JSONField(default=list)
    # True where the door refused it and not the reading of the file: a second run must not write it twice.
    at_door = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        indexes = [models.Index(fields=["organization", "sales_import", "row_number"], name="refused_row_in_file")]

    def __str__(self) -> str:
        return f"{self.row_number} {self.reason}"


class ColumnMapping(models.Model):
    """What a person decided about a header, for the next file that has the same."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    header_signature = models.CharField(max_length=64)
    mapping: Any = models.JSONField()
    options: Any = models.JSONField(default=dict, blank=True)
    used_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "header_signature"], name="columns_remembered_once_for_a_header"
            ),
        ]

    def __str__(self) -> str:
        return self.header_signature[:12]
