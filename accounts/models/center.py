"""The center, a team of people who answer, and its schedules.

A schedule is never edited: a change is a new row with a later `effective_from`, so that a figure of
the past keeps the hours and targets that were in force when the wait began.
"""

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization
from accounts.schedules import DEFAULT_UNASSIGNED_SECONDS
from accounts.validators import validate_slug
from cxhub.identifiers import uuid7


class Center(models.Model):
    class Kind(models.TextChoices):
        CONTACT_CENTER = "contact_center", _("Contact center")
        AFFILIATE = "affiliate", _("Affiliate")
        STORE_DESK = "store_desk", _("Store desk")
        HEAD_OFFICE = "head_office", _("Head office")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="centers", db_index=False)
    slug = models.CharField(_("short name"), max_length=50, validators=[validate_slug])
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.CONTACT_CENTER)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("center")
        verbose_name_plural = _("centers")
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="center_slug_is_unique_in_organization"),
            models.CheckConstraint(
                name="center_kind_is_known",
                condition=models.Q(kind__in=["contact_center", "affiliate", "store_desk", "head_office"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_head_office(self) -> bool:
        return self.kind == self.Kind.HEAD_OFFICE


class CenterSchedule(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="schedules")
    effective_from = models.DateTimeField(_("effective from"))
    # {"mon": [["09:00", "12:00"], ["13:00", "18:00"]], …} in the organization's zone. A span whose
    # end is not after its start runs over midnight. {} means always open.
    hours = models.JSONField(_("hours"), default=dict, blank=True)
    # ["2026-08-15", …]: days on which no span begins.
    holidays = models.JSONField(_("holidays"), default=list, blank=True)
    # {"chat": 60, …}: business seconds to the first response. A channel not named has the default.
    targets = models.JSONField(_("targets"), default=dict, blank=True)
    # The same for each further answer; a channel not named has its target to the first.
    next_response_targets = models.JSONField(_("targets to the next response"), default=dict, blank=True)
    # Business seconds in which the customer was not the one to answer; "any" is for the channels not named.
    resolution_targets = models.JSONField(_("targets to the resolution"), default=dict, blank=True)
    unassigned_seconds = models.PositiveIntegerField(
        _("seconds until a ticket without an owner alarms"), default=DEFAULT_UNASSIGNED_SECONDS
    )
    # When tickets that were counted by the schedule before have been counted anew; None: not yet.
    applied_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("center schedule")
        verbose_name_plural = _("center schedules")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "center", "effective_from"],
                name="center_schedule_has_one_row_per_instant",
            ),
            models.CheckConstraint(
                name="center_schedule_unassigned_is_positive", condition=models.Q(unassigned_seconds__gte=1)
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "created_at"],
                name="center_schedule_not_applied",
                condition=models.Q(applied_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.center_id} {self.effective_from:%Y-%m-%d %H:%M}"

    @property
    def is_always_open(self) -> bool:
        return not self.hours
