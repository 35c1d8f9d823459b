"""What a person has begun to write in a ticket and not sent: hers alone, on whatever machine she goes on."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.timezone import now


class Draft(models.Model):
    class Mode(models.TextChoices):
        REPLY = "reply"
        NOTE = "note"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=8, choices=Mode)
    text = models.TextField(max_length=10_000)
    # Another with each change, and never one again: a page says which it has changed, and learns that it was another.
    version = models.UUIDField(default=uuid4)
    # The page's own id of the utterance. Sent from another machine it is still the same one.
    key = models.UUIDField(null=True, blank=True)
    # Public id of the event that it quotes, if any.
    quoted = models.UUIDField(null=True, blank=True)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "person", "ticket", "mode"], name="draft_once"),
            models.CheckConstraint(condition=~Q(text=""), name="draft_says_something"),
            models.CheckConstraint(condition=Q(mode__in=["reply", "note"]), name="draft_mode_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.version}"
