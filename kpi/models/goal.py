"""What an organization wants a figure to be, from a day on: a day of the past keeps the goal of its time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Goal(models.Model):
    class Figure(models.TextChoices):
        WITHIN_TARGET = "first_response_within_target", _("Answered within target")
        FCR = "fcr", _("First contact resolution")
        CSAT = "csat", _("Satisfaction")
        NPS = "nps", _("Recommendation (NPS)")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    figure = models.CharField(max_length=40, choices=Figure)
    # A share in per cent, or the points of NPS; None: from that day on there is no goal.
    value = models.SmallIntegerField(null=True, blank=True)
    # The first day that it holds for, in the organization's zone.
    effective_from = models.DateField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "figure", "effective_from"], name="goal_once_a_day"),
            models.CheckConstraint(
                name="goal_is_within_scale",
                condition=models.Q(value=None)
                | models.Q(value__gte=0, value__lte=100)
                | models.Q(figure="nps", value__gte=-100, value__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.value} {self.effective_from}"


class Openness(models.Model):
    """Whether colleagues see each other's figures by name. Without a row they do not."""

    organization = models.OneToOneField("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    shows_people = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.shows_people)
