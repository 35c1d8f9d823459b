"""The intention to ask one customer one question, and what became of it; and who wants to be asked no more."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_app.models.announced import Announced, announced_constraints
from kpi.surveys.occasions import RULES, Occasion


class Survey(Announced):
    """Unique for what it is asked about, so that nobody is asked twice. Caps count by `due_at`."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HANDED = "handed", _("Being sent")  # its delivery has it
        SENT = "sent", _("Sent")  # the history says so
        FAILED = "failed", _("Could not be sent")
        DROPPED = "dropped", _("Not asked")

    occasion = models.CharField(max_length=10, choices=Occasion)
    # What it is asked about: a ticket's or an event's public id; at the counter what the page was given.
    cause = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    # Why it was dropped, or failed: a code of kpi.surveys.reasons.
    reason = models.CharField(max_length=30, blank=True)

    thread = models.CharField(max_length=300, blank=True)
    agent_email = models.CharField(max_length=254, blank=True)
    point = models.ForeignKey("kpi.SurveyPoint", on_delete=models.SET_NULL, null=True, related_name="+")
    account = models.ForeignKey("channels_app.ChannelAccount", on_delete=models.PROTECT, null=True, related_name="+")
    recipient = models.CharField(max_length=254, blank=True)
    is_advertising = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "occasion", "cause"], name="survey_of_a_cause_once"),
            *announced_constraints("survey"),
        ]
        indexes = [
            models.Index(fields=["organization", "due_at"], name="survey_due", condition=Q(state="planned")),
            models.Index(fields=["organization", "id"], name="survey_handed", condition=Q(state="handed")),
            models.Index(
                fields=["organization", "customer", "due_at"],
                name="survey_of_customer",
                condition=Q(customer__isnull=False),
            ),
        ]

    @property
    def kind(self) -> str:
        return RULES[Occasion(self.occasion)].kind

    @property
    def sent_id(self) -> str:
        """The id of the event that says it was sent; the answer's and its changes' are `answer_id`, `change_id`."""
        return f"survey-{self.public_id.hex}-sent"

    @property
    def answer_id(self) -> str:
        return f"survey-{self.public_id.hex}"

    def change_id(self, number: int) -> str:
        return f"survey-{self.public_id.hex}-{number}"


class SurveyOptOut(models.Model):
    """She wants to be asked no more. A copy of what her history says, so that each sender can look."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    opted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "customer"], name="survey_opt_out_once")]

    def __str__(self) -> str:
        return f"{self.customer_id}"
