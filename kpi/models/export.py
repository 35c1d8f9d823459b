"""A table that somebody takes out of the hub: what is in it, why, how far its making is, and until when it lies ready."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from cxhub.identifiers import uuid7


class Export(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"
        EXPIRED = "expired"

    class Format(models.TextChoices):
        CSV = "csv"
        XLSX = "xlsx"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    # The address of the page without its host: what was asked there is what is exported.
    query: Any = models.JSONField(default=dict)
    format = models.CharField(max_length=4, choices=Format)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    stored_as = models.CharField(max_length=100, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # Which worker makes it, when it was last heard of, and how often it has been begun.
    claim = models.UUIDField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="figure_export_status_is_known", condition=Q(status__in=["waiting", "ready", "failed", "expired"])
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "person", "-created_at"], name="figure_exports_of_person"),
            models.Index(fields=["status", "created_at"], name="figure_exports_to_make", condition=Q(status="waiting")),
            models.Index(fields=["status", "expires_at"], name="figure_exports_to_drop", condition=Q(status="ready")),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def percent(self) -> int:
        return min(99, self.rows_done * 100 // self.rows_total) if self.rows_total else 0
