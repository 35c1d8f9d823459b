"""What somebody promised a customer: a stored copy of what the promise's events say, so that it can be found by its time.

Nothing edits these rows but `customers.actions.promises`; a screen that changes a promise writes an event.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.event import Event


class PromiseQuerySet(models.QuerySet["Promise"]):
    def open(self) -> PromiseQuerySet:
        return self.filter(status=Promise.Status.OPEN)


class Promise(models.Model):
    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # The note that made it, whose public id is the promise's own.
    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="+")
    # What its sender calls that note.
    note_id = models.CharField(max_length=250)
    public_id = models.UUIDField(unique=True, editable=False)
    source = models.CharField(max_length=200)
    thread = models.CharField(max_length=300)
    text = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=254, blank=True)
    # The end of the day where only a day was told; NULL where nobody said when.
    due_at = models.DateTimeField(null=True, blank=True)
    has_hour = models.BooleanField(default=False)
    # A person, by e-mail, or a center: then `owner_email` is empty.
    owner_email = models.CharField(max_length=254, blank=True)
    center = models.ForeignKey(
        "accounts.Center", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=254, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "event"], name="promise_made_once"),
            models.CheckConstraint(
                name="promise_status_is_known", condition=Q(status__in=["open", "kept", "broken", "withdrawn"])
            ),
            models.CheckConstraint(
                name="promise_is_settled_at_an_instant", condition=Q(status="open") ^ Q(settled_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "thread"], name="promise_of_thread"),
            models.Index(fields=["organization", "note_id"], name="promise_of_note"),
            # Of these there are as many as are open, however many were ever made.
            models.Index(fields=["organization", "due_at", "id"], name="promise_open", condition=Q(status="open")),
            models.Index(
                fields=["organization", "owner_email", "due_at"], name="promise_of_owner", condition=Q(status="open")
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_kept(self) -> bool:
        return self.status == self.Status.KEPT

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < now


class PromiseStep(models.Model):
    """An event that changes or settles a promise, by what it calls the promise: it may come before the promise does."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=250)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "event"], name="promise_step_once")]
        indexes = [models.Index(fields=["organization", "reference"], name="promise_step_of_promise")]
