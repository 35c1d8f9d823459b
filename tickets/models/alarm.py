"""What a lead is told of so that nothing stays unseen: the alarm, who gets it, and the mail that carries it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.person_mail import PersonMail
from customers.models import Promise
from cxhub.identifiers import uuid7
from tickets.models.rule import Rule
from tickets.models.ticket import Ticket


class Alarm(models.Model):
    """A clock of a ticket has run out, or the time of a promise made in it. Raised once for each, and for each time that a
    promise was given; never taken back: it is what people were told."""

    class Kind(models.TextChoices):
        FIRST_RESPONSE = "first_response"
        NEXT_RESPONSE = "next_response"
        RESOLUTION = "resolution"
        UNASSIGNED = "unassigned"
        # A rule tells it; `ordinal` is the key of its run.
        RULE = "rule"
        PROMISE_DUE = "promise_due"
        PROMISE_BROKEN = "promise_broken"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="alarms")
    kind = models.CharField(max_length=20, choices=Kind)
    # Of promises only; their ordinal is 0.
    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, null=True, blank=True, related_name="alarms")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    ordinal = models.PositiveBigIntegerField()
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "ticket", "kind", "ordinal"],
                name="alarm_is_raised_once",
                condition=Q(promise=None),
            ),
            models.UniqueConstraint(
                fields=["organization", "promise", "kind", "due_at"],
                name="alarm_of_promise_is_raised_once",
                condition=Q(promise__isnull=False),
            ),
            models.CheckConstraint(
                name="alarm_kind_is_known",
                condition=Q(
                    kind__in=["first_response", "next_response", "resolution", "unassigned", "rule"],
                    promise__isnull=True,
                )
                | Q(kind__in=["promise_due", "promise_broken"], promise__isnull=False),
            ),
        ]


class AlarmMail(PersonMail):
    """The intention to send one person one mail about some alarms; recorded with them."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "due_at"], name="alarm_mail_to_send", condition=Q(done_at=None)),
        ]


class AlarmNotice(models.Model):
    """An alarm as one person has it in her list."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    mail = models.ForeignKey(AlarmMail, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices")
    raised_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "alarm", "person"], name="alarm_is_told_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "person", "-raised_at", "-id"], name="alarm_list"),
            models.Index(fields=["organization", "person"], name="alarm_unread", condition=Q(read_at=None)),
        ]


class AlarmSettings(models.Model):
    """How a person wants to be told, where she has said so. Without a row: with mails."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    is_mailed = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "person"], name="alarm_settings_of_a_person"),
        ]
