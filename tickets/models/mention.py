"""That a note named a colleague, and whether she has read it. The note itself is an event; this is her copy of the call."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.timezone import now


class Mention(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="+")
    # The note, or the edit of one in which she was named first.
    event = models.ForeignKey("customers.Event", on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveIntegerField()  # the event's number in its thread: read with everything up to there
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "person", "event"], name="mentioned_once_by_an_event"),
        ]
        indexes = [
            models.Index(fields=["organization", "person", "ticket"], name="mention_of_person"),
            models.Index(fields=["organization", "person", "ticket"], name="mention_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.ticket_id}"
