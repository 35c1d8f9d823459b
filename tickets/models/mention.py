"""That a colleague was called into a conversation, and whether she has read it. What called her is an event (a note that
names her, a whisper, somebody who took over from her); this is her copy of the call."""

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
    # Said to her alone (a whisper, a take-over): shown on whatever page she is until she has read it.
    is_notice = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "person", "event"], name="mentioned_once_by_an_event"),
        ]
        indexes = [
            models.Index(fields=["organization", "person", "ticket"], name="mention_of_person"),
            models.Index(fields=["organization", "person", "ticket"], name="mention_unread", condition=Q(read_at=None)),
            # Each page asks for these as it opens.
            models.Index(
                fields=["organization", "person", "-created_at"],
                name="mention_unread_notice",
                condition=Q(read_at=None, is_notice=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.ticket_id}"
