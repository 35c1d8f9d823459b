"""What a ticket, or a sentence of a customer, was about: the organization's own list, in two levels.

A topic keeps its slug for ever: that is what events hold. Renamed, it is the same topic under another name; merged, it
leads to the one it was merged into, and what was said of it before counts there.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cxhub.identifiers import uuid7


class Topic(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    # Whether it is offered where somebody says what a ticket was about.
    is_offered = models.BooleanField(default=True)
    # Of the first level it has none; one of the second has one of the first.
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children")
    # Always a topic that stands itself: merging anew moves what led to it.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="topic_slug_once"),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="topic_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="topic_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """With what it is a part of: “지연” alone says little."""
        return f"{self.parent.name} › {self.name}" if self.parent is not None else self.name

    @property
    def standing_id(self) -> int:
        """The topic that it counts as."""
        return self.merged_into_id or self.pk
