"""The telephone system as the hub knows it, and the calls that people have asked it to make.

How such a call goes is told by the exchange's own events in the request's thread; here stands only what became of
handing it over.
"""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from cxhub.identifiers import uuid7


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class TelephonySettings(models.Model):
    """How an organization's calls are handed over, and what its exchange tells. No row: it is not connected."""

    class Adapter(models.TextChoices):
        NONE = "none", _("Not connected")
        WEBHOOK = "webhook", _("Webhook: an address of your telephone system")
        SIMULATOR = "simulator", _("Simulator: plays calls, for trying out")

    organization = models.OneToOneField("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    adapter = models.CharField(max_length=12, choices=Adapter, default=Adapter.NONE)
    url = models.CharField(max_length=500, blank=True)
    # Kept readable: HMAC needs the key itself.
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    sends_recordings = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"telephony of {self.organization_id}"

    @property
    def can_dial(self) -> bool:
        return self.adapter != self.Adapter.NONE


class CallRequest(models.Model):
    """Somebody wants to call somebody. The same `key` twice is one call."""

    class Status(models.TextChoices):
        WAITING = "waiting"  # to be handed over
        HANDED = "handed"  # the exchange has it, and has told nothing yet
        RINGING = "ringing"
        TALKING = "talking"
        DONE = "done"
        NO_ANSWER = "no_answer"
        BUSY = "busy"
        FAILED = "failed"  # it could not be handed over

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.UUIDField()
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    center = models.ForeignKey("accounts.Center", on_delete=models.SET_NULL, null=True, related_name="+")
    number = models.CharField(max_length=40)
    # From where it was asked for: a ticket of any channel; in a call-back, that of the newest missed call.
    from_ticket = models.ForeignKey("tickets.Ticket", on_delete=models.SET_NULL, null=True, related_name="+")
    is_call_back = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    problem = models.CharField(max_length=40, blank=True)
    # One entry for each time it was handed over: when, how many ms it took, what was answered.
    tries = models.JSONField(default=list)
    # Somebody is handing it over until then.
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now, editable=False)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="call_request_once"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "id"], name="call_request_unfinished", condition=Q(finished_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.public_id}"

    @property
    def thread(self) -> str:
        """The thread in which the exchange tells how the call goes."""
        return f"callout:{self.public_id.hex}"

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None

    @property
    def has_failed(self) -> bool:
        return self.status == self.Status.FAILED
