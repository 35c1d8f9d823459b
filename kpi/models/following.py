"""How far the follower has come: which events it has seen, and what of them is still to be worked out."""

from __future__ import annotations

from typing import Any

from django.db import models


class Following(models.Model):
    """One row for all organizations: they share the events' keys.

    Events become visible in another order than that of their keys. So besides the last key seen, the keys below it that
    were not there are remembered: they may still come.
    """

    upto = models.BigIntegerField(default=0)
    # [first key, last key, when they were missed (seconds since 1970)]
    gaps: Any = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"up to {self.upto}"


class Change(models.Model):
    """Something whose facts must be worked out anew. Never unique: a row that is being worked on must not swallow the next."""

    class Kind(models.TextChoices):
        THREAD = "thread"
        CUSTOMER = "customer"
        SURVEYS = "surveys"  # of a customer, on no thread
        SURVEY = "survey"  # an event of nobody's, on no thread

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    thread = models.CharField(max_length=300, blank=True)
    # Of the customer, or of the event.
    key = models.BigIntegerField(default=0)
    noted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organization", "kind", "id"], name="change_in_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thread or self.key}"


class KnownMerge(models.Model):
    """A merged customer and her group's root, as the facts were last told of it."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    customer_id = models.BigIntegerField()
    root_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "customer_id"], name="merge_known_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} → {self.root_id}"


class Setting(models.Model):
    """What of an organization's settings its facts were made with: when they differ, all are made anew."""

    organization = models.OneToOneField("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    timezone = models.CharField(max_length=64)
    reopen_days = models.PositiveSmallIntegerField()
    schedules_version = models.PositiveIntegerField()
    # The keys of the schedules that were known.
    schedules: Any = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.organization_id)
