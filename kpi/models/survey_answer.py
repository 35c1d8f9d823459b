"""An answer as it stands now: a copy of what its events say, with what came of looking after a low one.

Nothing edits these rows but kpi.actions.surveys_following; who wants to change something writes an event.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cxhub.identifiers import uuid7


class SurveyAnswer(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    # The first answer's: by it an answer is one, however often she changes it.
    event = models.OneToOneField("customers.Event", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4)
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    # Of the survey it answers: who was asked about, where.
    agent_email = models.CharField(max_length=254, blank=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.SET_NULL, null=True, related_name="+")
    center = models.ForeignKey("accounts.Center", on_delete=models.SET_NULL, null=True, related_name="+")
    store = models.ForeignKey("accounts.Store", on_delete=models.SET_NULL, null=True, related_name="+")
    thread = models.CharField(max_length=300, blank=True)
    # The conversation in which a low answer is looked after; "" where nobody does.
    follow_thread = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    outcome_by = models.CharField(max_length=254, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_text = models.TextField(blank=True)
    is_low = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-answered_at", "-id"], name="survey_answer_newest"),
            models.Index(
                fields=["organization", "-answered_at", "-id"], name="survey_answer_low", condition=Q(is_low=True)
            ),
            models.Index(
                fields=["organization", "agent_email", "-answered_at"],
                name="survey_answer_of_agent",
                condition=~Q(agent_email=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
