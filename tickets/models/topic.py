"""What a ticket was about, in the organization's own short list."""

from __future__ import annotations

from django.db import models


class Topic(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    slug = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    is_offered = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "slug"], name="topic_slug_once")]

    def __str__(self) -> str:
        return self.name
