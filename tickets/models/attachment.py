"""A file that came with a message, or is about to: uploaded first, and bound where the message is recorded.

The file lies in the media folder under a name of its own, without an extension, and is read by nobody but
`tickets.views.attachments.served`.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from tickets.file_types import NAME_LENGTH, PICTURES


class Attachment(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # uuid4: visitors' pages know it.
    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    # The conversation that it was uploaded in, and whose people alone may have it.
    thread = models.CharField(max_length=300)
    # Who uploaded it; nobody of the hub: the customer of that conversation.
    person = models.ForeignKey("accounts.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    is_from_customer = models.BooleanField()
    name = models.CharField(max_length=NAME_LENGTH)
    media_type = models.CharField(max_length=100)
    bytes = models.PositiveBigIntegerField()
    file = models.FileField(max_length=200)
    # Public id of the message's event; until then it can be dropped, and is after a day.
    event = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["organization", "event"], name="attachment_by_event"),
            models.Index(fields=["organization", "created_at"], condition=Q(event=None), name="attachment_unbound"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(bytes__gt=0) & ~Q(name=""), name="attachment_is_something"),
            models.CheckConstraint(condition=Q(person=None) | Q(is_from_customer=False), name="attachment_is_of_one"),
        ]

    def __str__(self) -> str:
        return self.public_id.hex

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES

    @property
    def path(self) -> str:
        """Where its file lies in the media folder: nothing of its sender's, and no extension."""
        key = self.public_id.hex
        return f"attachments/{self.organization_id}/{key[:2]}/{key}"

    def as_told(self) -> dict[str, Any]:
        """As an event holds it."""
        return {"id": str(self.public_id), "name": self.name, "media_type": self.media_type, "bytes": self.bytes}
