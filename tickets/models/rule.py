"""Rules, what they did and why not, and what they have still to be asked of."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from cxhub.identifiers import uuid7
from tickets.models.ticket import Ticket
from tickets.rules.content import Content, Part, parts_of
from tickets.rules.vocabulary import TIMED

RULE_NAME_LENGTH = 60


class Rule(models.Model):
    """When something happens, if some things hold, then do. Never deleted, so that what it did leads somewhere."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    # None: of all tickets of the organization.
    center = models.ForeignKey("accounts.Center", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=RULE_NAME_LENGTH)
    position = models.PositiveIntegerField(default=0)
    trigger = models.CharField(max_length=20)
    minutes = models.PositiveIntegerField(default=0)
    in_business_time = models.BooleanField(default=False)
    # As `tickets.rules.content.Part.plain` writes them.
    conditions: Any = models.JSONField(default=list)
    acts: Any = models.JSONField(default=list)
    is_on = models.BooleanField(default=False)
    # It is asked only of what has happened since.
    on_since = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    run_count = models.PositiveIntegerField(default=0)
    last_run_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="rule_name_once", condition=Q(removed_at=None)
            ),
            models.CheckConstraint(
                name="rule_that_is_on_says_since_when", condition=Q(is_on=False) | Q(on_since__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "position"], name="rule_in_order"),
            # Every batch that the intake takes asks whether there is one.
            models.Index(fields=["organization"], name="rule_that_is_on", condition=Q(is_on=True)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def content(self) -> Content:
        return Content(
            self.trigger, parts_of(self.conditions), parts_of(self.acts), self.minutes, self.in_business_time
        )

    @property
    def is_timed(self) -> bool:
        return self.trigger in TIMED

    @property
    def is_tried(self) -> bool:
        """Whether it has been tried on past tickets since it was last changed."""
        return self.tried_at is not None and self.tried_at >= self.changed_at

    @property
    def named(self) -> dict[str, str]:
        """How the events it writes name it."""
        return {"id": self.public_id.hex, "name": self.name}


class RuleRun(models.Model):
    """A rule whose conditions held was carried out: once for each cause, whoever finds it."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="runs", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    # See `tickets.rules.moments`: an event, a missed target, or a wait.
    cause = models.CharField(max_length=150)
    happened_at = models.DateTimeField()
    ran_at = models.DateTimeField()
    # Set where it wrote to the customer.
    replied_at = models.DateTimeField(null=True, blank=True)
    # One {"word", "values", "why"} for each act; `why` says why it was not done, "" where it was.
    acts: Any = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "rule", "cause"], name="rule_runs_once_for_a_cause"),
        ]
        indexes = [models.Index(fields=["organization", "rule", "-ran_at", "-id"], name="rule_run_history")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.cause}"

    @property
    def parts(self) -> tuple[Part, ...]:
        return parts_of(self.acts)


class RuleTimer(models.Model):
    """A wait of a ticket that a timed rule watches. Looked at once: then `due_at` is None as long as the wait lasts."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "rule", "ticket"], name="rule_timer_of_a_ticket"),
        ]
        indexes = [
            models.Index(fields=["organization", "due_at"], name="rule_timer_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.ticket_id}"


class RuleWork(models.Model):
    """What a batch of the intake brought and rules have not been asked of; written in the intake's own transaction.

    A row, and no number to remember: what is committed late, with earlier keys, is found all the same. It goes in the
    transaction that writes what the rules did.
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    # Keys of events, parted by commas.
    events = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["organization", "id"], name="rule_work_in_order")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def event_ids(self) -> list[int]:
        return [int(pk) for pk in self.events.split(",")]
