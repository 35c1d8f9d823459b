"""The mail with the figures: who wants it, each that is to be sent, and each try of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.person_mail import PersonMail


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", _("Every Monday")
    DAILY = "daily", _("Every day")


class DigestSettings(models.Model):
    """What a person has said. Without a row an owner gets Monday's, and nobody else any."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    is_weekly = models.BooleanField(default=False)
    is_daily = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "person"], name="digest_settings_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"


class DigestMail(PersonMail):
    """The intention to send one mail; `day` is the one in whose morning it is due, in the organization's zone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    rhythm = models.CharField(max_length=10, choices=Rhythm)
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "person", "rhythm", "day"], name="digest_mail_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "due_at"], name="digest_mail_to_send", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.rhythm} {self.day}"


class DigestAttempt(models.Model):
    """One try to hand a mail to the mail server; `failure` is empty where it was taken."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    mail = models.ForeignKey(DigestMail, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    failure = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.mail_id} {self.at:%Y-%m-%d %H:%M}"
