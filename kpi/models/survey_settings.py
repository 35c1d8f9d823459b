"""What an organization has decided about surveys: caps, quiet hours, what is low; and for each occasion whether and how."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kpi.surveys.occasions import LOW, RULES, Occasion


class SurveySettings(models.Model):
    """One row an organization, made when first needed. Its row is what planners and senders wait for each other at."""

    organization = models.OneToOneField("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    quiet_from = models.TimeField(_("quiet from"), default=time(21))
    quiet_until = models.TimeField(_("quiet until"), default=time(8))
    # At most one survey of any kind in so many days for a customer, and one of recommendation in so many.
    days_between = models.PositiveSmallIntegerField(_("days between two surveys"), default=7)
    nps_days_between = models.PositiveSmallIntegerField(_("days between two of recommendation"), default=90)
    low_csat = models.PositiveSmallIntegerField(default=LOW["csat"])
    low_nps = models.PositiveSmallIntegerField(default=LOW["nps"])
    low_ces = models.PositiveSmallIntegerField(default=LOW["ces"])
    opens_tickets = models.BooleanField(_("a low score opens a ticket"), default=True)
    # Who looks after low scores; null: a lead of the center.
    looked_after_by = models.ForeignKey(
        "accounts.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # What was answered before is history: it opens no ticket.
    follows_since = models.DateTimeField(default=now)
    # Where whoever gets an advertisement can reach the sender.
    contact = models.CharField(_("contact in advertisements"), max_length=60, blank=True)
    # Events up to here have been looked at (kpi.actions.surveys_following).
    upto = models.BigIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="survey_caps_are_1_to_365",
                condition=Q(days_between__range=(1, 365), nps_days_between__range=(1, 365)),
            ),
            models.CheckConstraint(
                name="survey_low_scores_are_on_their_scales",
                condition=Q(low_csat__range=(1, 4), low_nps__range=(0, 9), low_ces__range=(1, 6)),
            ),
            # By law nothing that advertises may go at night, and nobody wants a question then.
            models.CheckConstraint(
                name="survey_quiet_hours_cover_the_night",
                condition=Q(quiet_from__gte=time(12), quiet_from__lte=time(21))
                & Q(quiet_until__gte=time(8), quiet_until__lte=time(12))
                & Q(quiet_from__gt=F("quiet_until")),
            ),
        ]

    def __str__(self) -> str:
        return f"surveys of {self.organization_id}"

    @property
    def low(self) -> dict[str, int]:
        return {"csat": self.low_csat, "nps": self.low_nps, "ces": self.low_ces}


class SurveyPlan(models.Model):
    """One occasion as this organization wants it. No row: off, with the defaults."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    occasion = models.CharField(max_length=10, choices=Occasion)
    is_on = models.BooleanField(_("on"), default=False)
    # What happened before it was switched on is not asked about.
    on_since = models.DateTimeField(null=True, blank=True)
    wait_minutes = models.PositiveIntegerField(_("wait, in minutes"))
    sample_percent = models.PositiveSmallIntegerField(_("ask how many of a hundred"))
    is_advertising = models.BooleanField(_("the text advertises"), default=False)
    # {"ko": {"subject", "message", "question", "thanks"}, "en": {…}}; what is missing says the default.
    texts: Any = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "occasion"], name="survey_plan_once"),
            models.CheckConstraint(name="survey_plan_samples_1_to_100", condition=Q(sample_percent__range=(1, 100))),
            models.CheckConstraint(
                name="survey_plan_on_since_when", condition=Q(is_on=False) | Q(on_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} of {self.organization_id}"

    @property
    def kind(self) -> str:
        return RULES[Occasion(self.occasion)].kind
