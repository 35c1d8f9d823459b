"""The rollup of one day: all its facts, packed column by column, so that a month is thirty rows (`kpi.figures.packing`).

Counts alone would not do: a month's percentiles are of its tickets, and a customer of two days is one.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Day(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    day = models.DateField()
    # How many facts it has; for people and checks.
    facts = models.PositiveIntegerField(default=0)
    content = models.BinaryField(default=b"")
    # A fact of the day has changed since: the facts themselves are read until it is packed again.
    is_stale = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "day"], name="day_once")]
        indexes = [models.Index(fields=["organization", "day"], name="day_stale", condition=Q(is_stale=True))]

    def __str__(self) -> str:
        return self.day.isoformat()
