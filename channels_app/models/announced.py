"""What the hub means to say to one customer on its own account, a question or a notice: what all such intentions have."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cxhub.identifiers import uuid7
from cxhub.short_links import new_key


class Announced(models.Model):
    """Planned, handed to a delivery, and gone or not: moved by conditional updates only.

    What it is about, so that nobody is told twice, and the words for how it stands (`state`, `reason`) are each kind's own.
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    # In its link: says nothing of her.
    key = models.CharField(max_length=16, default=new_key, unique=True, editable=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=2, default="ko")
    planned_at = models.DateTimeField()
    # When it may go; from its hand-over on, when that was.
    due_at = models.DateTimeField()
    delivery = models.OneToOneField(
        "channels_app.Delivery", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    # What was written to her, the same for each attempt.
    subject = models.CharField(max_length=100, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.public_id)


def announced_constraints(kind: str) -> list[models.CheckConstraint]:
    """What must be true of each, under names that say of which kind it is."""
    return [
        models.CheckConstraint(name=f"{kind}_sent_when", condition=~Q(state="sent") | Q(sent_at__isnull=False)),
        models.CheckConstraint(
            name=f"{kind}_handed_to_a_delivery", condition=~Q(state="handed") | Q(delivery__isnull=False)
        ),
    ]
