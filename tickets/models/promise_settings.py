"""How long before a promise falls due its owner is told, where an organization has said so."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

DEFAULT_LEAD_MINUTES = 120
# A working week: whoever is told earlier has forgotten by then.
MOST_LEAD_MINUTES = 5 * 24 * 60


class PromiseSettings(models.Model):
    organization = models.OneToOneField("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    # Of business time; 0: not before it is due.
    lead_minutes = models.PositiveIntegerField(default=DEFAULT_LEAD_MINUTES)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="promise_lead_is_bounded", condition=Q(lead_minutes__gte=0, lead_minutes__lte=MOST_LEAD_MINUTES)
            ),
        ]
