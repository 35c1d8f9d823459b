"""What customers are told about their consents: the intention, and what became of it; and what an organization decided."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_app.models.announced import Announced, announced_constraints


class ConsentSettings(models.Model):
    """One row an organization; none: the defaults. The law asks for both; the second may be many messages at once."""

    organization = models.OneToOneField("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    tells_results = models.BooleanField(_("tell the result of a consent"), default=True)
    reminds = models.BooleanField(_("remind of consents every two years"), default=False)
    # Where whoever gets a notice or an advertisement can reach the sender.
    contact = models.CharField(_("contact of the sender"), max_length=60, blank=True)

    def __str__(self) -> str:
        return f"consents of {self.organization_id}"


class ConsentNotice(Announced):
    """Unique for what it tells of, so that nobody is told twice."""

    class Kind(models.TextChoices):
        RESULT = "result", _("Result")
        RECONFIRMATION = "reconfirmation", _("Reminder after two years")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HANDED = "handed", _("Being sent")  # its delivery has it
        SENT = "sent", _("Sent")  # the history says so
        FAILED = "failed", _("Could not be sent")
        DROPPED = "dropped", _("Not told")

    kind = models.CharField(max_length=14, choices=Kind)
    # The public id of the event that it tells of, or since which she was not reminded.
    cause = models.CharField(max_length=32)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=20, blank=True)
    media: Any = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "cause"], name="consent_notice_once"),
            *announced_constraints("consent_notice"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "due_at"],
                name="consent_notice_open",
                condition=Q(state__in=["handed", "planned"]),
            ),
        ]
