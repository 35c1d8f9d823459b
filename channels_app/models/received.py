"""What came in and did not become history: refused events, and repeats that said something else."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from cxhub.identifiers import uuid7


class RefusedEvent(models.Model):
    """An event that could not be taken, kept as it came, so that an administrator can mend and send it again."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False)
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    # As JSON text, since what was wrong may be something no JSON column takes (NUL, half a surrogate).
    body = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    type = models.CharField(max_length=100, blank=True)
    event_id = models.CharField(max_length=250, blank=True)
    # Code and parameters of the problem; rendered in the reader's language.
    problem = models.JSONField()
    sender_label = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True, blank=True)
    mended_by = models.CharField(max_length=254, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "-received_at", "-id"],
                name="refused_open",
                condition=Q(mended_at=None, discarded_at=None),
            ),
            models.Index(fields=["organization", "-received_at", "-id"], name="refused_all"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.public_id}"


class RepeatedEvent(models.Model):
    """A repeat whose content differs from the first delivery's: kept beside it, without effect (EVENTS.md)."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False)
    event = models.ForeignKey("customers.Event", on_delete=models.CASCADE, related_name="repeats")
    content_hash = models.CharField(max_length=64)
    type = models.CharField(max_length=40)
    time = models.DateTimeField()
    data: Any = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "event", "content_hash"], name="repeat_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"
