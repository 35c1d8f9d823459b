"""An answer that is written once and sent many times, with places for what differs (see `tickets.variables`)."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from cxhub.identifiers import uuid7
from tickets.models.audience import SHORTCUT_LENGTH, TITLE_LENGTH, audience_constraints

CANNED_LENGTH = 4_000


class CannedReply(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    # At most one of the two; neither: everyone's.
    center = models.ForeignKey("accounts.Center", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH)
    shortcut = models.CharField(max_length=SHORTCUT_LENGTH, blank=True)
    text = models.TextField(max_length=CANNED_LENGTH)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            *audience_constraints("canned_reply"),
            models.CheckConstraint(condition=~Q(text=""), name="canned_reply_says_something"),
        ]

    def __str__(self) -> str:
        return self.title
