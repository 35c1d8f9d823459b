"""What came in and did not become history: refused events, and repeats that said something else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import Organization
from channels_app.plain_json import as_text
from channels_app.problems import Problem
from cxhub.identifiers import uuid7


class RefusedEvent(models.Model):
    """An event that could not be taken, kept as it came, so that an administrator can mend and send it again."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
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
    mended_event = models.UUIDField(null=True, blank=True)  # public id of the event it became
    discarded_at = models.DateTimeField(null=True, blank=True)
    discarded_by = models.CharField(max_length=254, blank=True)
    discard_reason = models.CharField(max_length=500, blank=True)

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

    @classmethod
    def of(
        cls, organization: Organization, envelope: object, problem: Problem, *, sender_label: str, at: datetime
    ) -> RefusedEvent:
        """A row, not saved yet, that keeps what came and why it was refused."""
        told = envelope if isinstance(envelope, dict) else {}
        return cls(
            organization=organization,
            body=as_text(envelope),
            source=shown(told.get("source"), 200),
            type=shown(told.get("type"), 100),
            event_id=shown(told.get("id"), 250),
            problem=problem.as_json(),
            sender_label=sender_label[:200],
            received_at=at,
        )

    @property
    def is_open(self) -> bool:
        """Neither mended nor discarded: it waits for somebody."""
        return self.mended_at is None and self.discarded_at is None

    @property
    def reason(self) -> Problem:
        return Problem.from_json(self.problem)


def shown(value: object, length: int) -> str:
    """A told attribute as a text column takes it: printable, shortened, empty where it was no text."""
    return "".join(c for c in value[:length] if c.isprintable()) if isinstance(value, str) else ""


def told_id(envelope: object) -> str | None:
    """The id that a refused envelope gave itself, as far as it can be shown."""
    told = envelope.get("id") if isinstance(envelope, dict) else None
    return shown(told, 250) if isinstance(told, str) else None


class RepeatedEvent(models.Model):
    """A repeat whose content differs from the first delivery's: kept beside it, without effect (EVENTS.md)."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
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
