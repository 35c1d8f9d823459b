"""Who was found to be the same person, by whom, and what a person has still to decide."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cxhub.identifiers import uuid7


class Merge(models.Model):
    """One decision that two customers are one. While active it is an edge; groups are what the edges connect."""

    class Decider(models.TextChoices):
        PERSON = "person"
        RULE = "rule"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    into_customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    from_customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    decided_by = models.CharField(max_length=8, choices=Decider)
    agent_email = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=254, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(into_customer=F("from_customer")), name="merge_of_two"),
        ]
        indexes = [
            models.Index(fields=["organization", "into_customer"], name="merge_into"),
            models.Index(fields=["organization", "from_customer"], name="merge_from"),
        ]

    def __str__(self) -> str:
        return f"{self.from_customer_id} → {self.into_customer_id}"


class MergeSuggestion(models.Model):
    """Two customers that an event or a conversation names together; a person decides."""

    class Reason(models.TextChoices):
        IDENTITIES = "identities"
        THREAD = "thread"

    class Status(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        DISMISSED = "dismissed"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    first = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason)
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=254, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "first", "second"], name="suggestion_once_for_each_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="suggestion_in_order_of_creation"),
        ]
        indexes = [models.Index(fields=["organization", "status", "second"], name="suggestion_open")]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"
