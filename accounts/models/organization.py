"""The organization: the tenant. Nothing is ever shared between two.

Refuses to know anything about its centers, people or customers; they point here.
"""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.validators import validate_currency, validate_slug, validate_timezone
from cxhub.identifiers import uuid7


class Organization(models.Model):
    class Language(models.TextChoices):
        KOREAN = "ko", _("Korean")
        ENGLISH = "en", _("English")

    slug = models.CharField(_("short name"), max_length=50, unique=True, validators=[validate_slug])
    name = models.CharField(_("name"), max_length=100)
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    timezone = models.CharField(_("time zone"), max_length=64, default="Asia/Seoul", validators=[validate_timezone])
    currency = models.CharField(_("currency"), max_length=3, default="KRW", validators=[validate_currency])
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.KOREAN)
    # EVENTS.md: how long after a resolve a customer's message reopens the ticket instead of opening another.
    reopen_days = models.PositiveSmallIntegerField(_("days in which a ticket reopens"), default=7)
    # Seconds by channel; copied into a center's schedule when that is written, so that a change
    # here never moves a figure of the past.
    default_targets = models.JSONField(_("default targets"), default=dict, blank=True)
    # Set when what all running clocks hang on has changed: each open ticket is to be counted anew. None: it has been.
    clocks_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Grows with each schedule that one of its centers gets: by it a screen knows that what it has kept still holds.
    schedules_version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.CheckConstraint(
                name="organization_reopen_days_is_1_to_365",
                condition=models.Q(reopen_days__gte=1, reopen_days__lte=365),
            ),
            models.CheckConstraint(
                name="organization_language_is_known",
                condition=models.Q(language__in=["ko", "en"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the organization's days begin and end."""
        return ZoneInfo(self.timezone)
