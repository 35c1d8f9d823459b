"""A target that a ticket has missed: recorded once, whoever finds it."""

from __future__ import annotations

from django.db import models

from tickets.models.ticket import Ticket


class Breach(models.Model):
    """Follows from the thread's events and the schedules, as the ticket does; a late event may take one back."""

    class Kind(models.TextChoices):
        FIRST_RESPONSE = "first_response"
        NEXT_RESPONSE = "next_response"
        RESOLUTION = "resolution"

    # Written with the ticket, in its transaction: not checked once more by the database. The unique constraint's
    # index serves whoever looks for a ticket's breaches.
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="breaches", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=20, choices=Kind)
    # Which of the ticket's waits or openings; `tickets.clocks` counts them.
    ordinal = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    target_seconds = models.PositiveIntegerField()
    # When rules were asked of it; None: not yet, or there was none to ask.
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "ticket", "kind", "ordinal"], name="breach_is_recorded_once"
            ),
            models.CheckConstraint(
                name="breach_kind_is_known",
                condition=models.Q(kind__in=["first_response", "next_response", "resolution"]),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "due_at"], name="breach_by_due"),
            models.Index(
                fields=["organization", "due_at"], name="breach_to_ask_of", condition=models.Q(asked_at__isnull=True)
            ),
        ]
