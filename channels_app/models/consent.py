"""What customers are told about their consents: the intention, and what became of it; and what an organization decided."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cxhub.identifiers import uuid7
from cxhub.short_links import new_key


class ConsentSettings(models.Model):
    """One row an organization; none: the defaults. The law asks for both; the second may be many messages at once."""

    organization = models.OneToOneField("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    tells_results = models.BooleanField(_("tell the result of a consent"), default=True)
    reminds = models.BooleanField(_("remind of consents every two years"), default=False)
    # Where whoever gets a notice or an advertisement can reach the sender.
    contact = models.CharField(_("contact of the sender"), max_length=60, blank=True)

    def __str__(self) -> str:
        return f"consents of {self.organization_id}"


class ConsentNotice(models.Model):
    """Moves by conditional updates only. Unique for what it tells of, so that nobody is told twice."""

    class Kind(models.TextChoices):
        RESULT = "result", _("Result")
        RECONFIRMATION = "reconfirmation", _("Reminder after two years")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HANDED = "handed", _("Being sent")  # its delivery has it
        SENT = "sent", _("Sent")  # the history says so
        FAILED = "failed", _("Could not be sent")
        DROPPED = "dropped", _("Not told")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.CharField(max_length=16, default=new_key, unique=True, editable=False)
    kind = models.CharField(max_length=14, choices=Kind)
    # The public id of the event that it tells of, or since which she was not reminded.
    cause = models.CharField(max_length=32)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=20, blank=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.SET_NULL, null=True, related_name="+")
    media: Any = models.JSONField(default=list)
    language = models.CharField(max_length=2, default="ko")
    planned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    delivery = models.OneToOneField(
        "channels_app.Delivery", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    # What was written to her, the same for each attempt.
    subject = models.CharField(max_length=100, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "cause"], name="consent_notice_once"),
            models.CheckConstraint(
                name="consent_notice_handed_to_a_delivery", condition=~Q(state="handed") | Q(delivery__isnull=False)
            ),
            models.CheckConstraint(
                name="consent_notice_sent_when", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "due_at"],
                name="consent_notice_open",
                condition=Q(state__in=["handed", "planned"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
