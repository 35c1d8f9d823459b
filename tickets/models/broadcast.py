"""A lead's short word to the people of her centers: shown on each open page until it is dismissed, and gone when it is over."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cxhub.identifiers import uuid7

# A banner is read in passing; what is longer belongs into a mail.
TEXT_LENGTH = 300


class Broadcast(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    centers = models.ManyToManyField("accounts.Center", related_name="+")
    by = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    text = models.CharField(max_length=TEXT_LENGTH)
    at = models.DateTimeField()
    # Whoever takes it back moves this to that instant.
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="broadcast_says_something", condition=~Q(text="")),
            models.CheckConstraint(name="broadcast_ends_after_it_began", condition=Q(ends_at__gte=F("at"))),
        ]
        indexes = [
            # Every page asks which still hold; of those that have ended there are years.
            models.Index(fields=["organization", "ends_at"], name="broadcast_by_end"),
            models.Index(fields=["organization", "-at", "-id"], name="broadcast_recent"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class BroadcastReading(models.Model):
    """Somebody has dismissed it: she has read it. Written once."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="readings", db_index=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "broadcast", "person"], name="broadcast_read_once_by_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.broadcast_id}"
