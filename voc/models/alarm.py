"""What people are told of by themselves: a topic that rises, a severe word, several customers with one trouble in a store.

An alarm is what was told, and so is never changed; each is raised once, by its key.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.person_mail import PersonMail
from cxhub.identifiers import uuid7
from voc.models.voice import Severity, Voice


class VoiceAlarm(models.Model):
    class Kind(models.TextChoices):
        RISE = "rise", _("A topic rises")
        SEVERE = "severe", _("A severe word")
        STORE = "store", _("Several customers in one store")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    # What it is about, so that nobody is told of one thing twice.
    key = models.CharField(max_length=200)
    topic = models.ForeignKey("tickets.Topic", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    severity = models.CharField(max_length=10, choices=Severity, blank=True)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    center = models.ForeignKey(
        "accounts.Center", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    store = models.ForeignKey(
        "accounts.Store", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    # Counted over all centers: not for the eyes of those who reach some of them.
    is_of_all = models.BooleanField(default=False)
    # Conversations of a rise, customers in a store; and how many are usual in as long a time.
    count = models.PositiveIntegerField(default=1)
    usual = models.FloatField(default=0)
    # The word that rises with it, "" where none does.
    word = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="voice_alarm_raised_once"),
            models.CheckConstraint(
                name="voice_alarm_says_of_what",
                condition=Q(kind="rise", topic__isnull=False)
                | Q(kind="severe", voice__isnull=False)
                | Q(kind="store", topic__isnull=False, store__isnull=False),
            ),
            models.CheckConstraint(name="voice_alarm_of_a_time", condition=Q(until__gte=models.F("since"))),
        ]
        indexes = [
            models.Index(fields=["organization", "-raised_at", "-id"], name="voice_alarm_newest"),
            models.Index(fields=["organization", "topic", "-raised_at"], name="voice_alarm_of_topic"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class VoiceMail(PersonMail):
    """The intention to send one person one mail: about some alarms, or the digest of a week."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The digest of a week has the date of its Monday; alarms have none.
    week: models.DateField[date | str | None, date | None] = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "week"],
                name="voice_digest_once_a_week",
                condition=Q(week__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["organization", "due_at"], name="voice_mail_to_send", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class VoiceNotice(models.Model):
    """An alarm as one person has it in her list."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    alarm = models.ForeignKey(VoiceAlarm, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    mail = models.ForeignKey(VoiceMail, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices")
    raised_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "alarm", "person"], name="voice_alarm_told_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "person", "-raised_at", "-id"], name="voice_notice_list"),
            models.Index(fields=["organization", "person"], name="voice_notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class VoiceWatch(models.Model):
    """One row for an organization: the day whose morning has been looked at for topics that rise."""

    organization = models.OneToOneField("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    looked_on: models.DateField[date | str | None, date | None] = models.DateField(null=True, blank=True)


class DigestSettings(models.Model):
    """Whether a person wants the weekly mail, where she has said so. Without a row: yes."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_mailed = models.BooleanField(default=True)
