"""What an organization's corrections have taught: a small model over the tagger's own, with the score that let it in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cxhub.identifiers import uuid7


class Layer(models.Model):
    class Status(models.TextChoices):
        ACTIVE = "active", _("In use")
        REPLACED = "replaced", _("Replaced by a later one")
        TURNED_BACK = "turned_back", _("Turned back")
        REFUSED = "refused", _("Not used: no better than before")
        TOO_WIDE = "too_wide", _("Not used: it would change too much that nobody corrected")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status)
    # Its own, and that of the tagger that it was made over.
    version = models.CharField(max_length=60)
    tagger_version = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    # Corrections it learned from; answers it was scored on, each by a layer that had not seen its sentence.
    learned_from = models.PositiveIntegerField()
    held_out = models.PositiveIntegerField()
    # The share of those answers that come out as the person said, without and with it.
    score_before = models.FloatField()
    score_after = models.FloatField()
    # Sentences that nobody corrected, looked at likewise; the share of them that it would change.
    uncorrected = models.PositiveIntegerField(default=0)
    share_moved = models.FloatField(default=0)
    # What `voc.tagging.Layer` reads: hashes and weights, no text.
    data = models.TextField(editable=False)
    turned_back_at = models.DateTimeField(null=True, blank=True)
    turned_back_by = models.ForeignKey(
        "accounts.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="layer_numbered_once"),
            models.UniqueConstraint(fields=["organization"], condition=Q(status="active"), name="layer_one_is_active"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}.{self.number}"

    @property
    def is_in_use_or_was(self) -> bool:
        return self.status not in (self.Status.REFUSED, self.Status.TOO_WIDE)
