"""One fact, as `kpi.facts` makes it: a copy of what the events say, replaced whenever they come to say something else.

Nothing writes these rows but `kpi.actions`; they may be dropped and built again at any time.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class FactRow(models.Model):
    # Read from rows that are there, in the same transaction; what is gone is found out by following (see tickets.Ticket).
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    # The day in the organization's zone that the fact belongs to.
    day = models.DateField()
    name = models.CharField(max_length=20)
    ticket = models.ForeignKey(
        "tickets.Ticket",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    ordinal = models.PositiveIntegerField()
    # The event that a survey's fact is of; 0 for all others.
    event_id = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    channel = models.CharField(max_length=12, blank=True)
    # Keys of rows; 0 for none.
    center_id = models.BigIntegerField(default=0)
    store_id = models.BigIntegerField(default=0)
    customer_id = models.BigIntegerField(default=0)
    topic = models.CharField(max_length=100, blank=True)
    agent_email = models.CharField(max_length=254, blank=True)

    # A count, a score or flags, by the name (`kpi.facts.fact`).
    outcome = models.IntegerField(default=0)
    calendar_us = models.BigIntegerField(null=True, blank=True)
    business_us = models.BigIntegerField(null=True, blank=True)
    # When what the fact waits for came.
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "ticket", "name", "ordinal"], name="fact_once_for_each_ticket",
                condition=Q(event_id=0),
            ),
            models.UniqueConstraint(
                fields=["organization", "event_id", "name"], name="fact_once_for_each_answer",
                condition=~Q(event_id=0),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["organization", "day", "name"], name="fact_of_day"),
            models.Index(fields=["organization", "ticket"], name="fact_of_survey_on_ticket", condition=~Q(event_id=0)),
            # First contacts that were not enough are asked for by themselves: one in dozens.
            models.Index(
                fields=["organization", "day"],
                name="fact_of_failed_contact",
                condition=Q(name="fcr", until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.ordinal} {self.day}"
