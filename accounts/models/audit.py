"""The audit trail: who did or saw what, when, from where; append-only and chained per organization.

Rows are written by `accounts.audit.record` alone. Updating or deleting one is refused here and by a
database trigger; what is done behind both shows as a broken chain.
"""

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization
from accounts.models.person import Person


class AuditEntryIsFinal(Exception):
    """Somebody tried to change or remove a row of the audit trail."""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AuditEntryIsFinal("Audit entries are never changed.")

    def delete(self) -> NoReturn:
        raise AuditEntryIsFinal("Audit entries are never removed.")


class AuditEntry(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    sequence = models.PositiveBigIntegerField(_("sequence"))
    at = models.DateTimeField(_("time"))
    # Null for the system, an API key or a command; `actor` names those. People are deactivated, never removed.
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    actor = models.CharField(_("actor"), max_length=254, blank=True, default="")
    action = models.CharField(_("action"), max_length=100)
    obj = models.CharField(_("object"), max_length=254, blank=True, default="")
    # No foreign key: the entry outlives the customer (law R3, R13).
    customer_id = models.UUIDField(_("customer"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    ip = models.GenericIPAddressField(_("address"), null=True, blank=True)
    request_id = models.CharField(max_length=100, blank=True, default="")
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        constraints = [
            models.UniqueConstraint(fields=["organization", "sequence"], name="audit_entry_sequence_is_unique"),
        ]
        indexes = [
            models.Index(fields=["organization", "customer_id", "sequence"], name="audit_by_customer"),
            models.Index(fields=["organization", "by", "sequence"], name="audit_by_person"),
            models.Index(fields=["organization", "action", "sequence"], name="audit_by_action"),
            models.Index(fields=["organization", "at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Inserts; refuses a second time with AuditEntryIsFinal."""
        if not self._state.adding:
            raise AuditEntryIsFinal("Audit entries are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditEntryIsFinal("Audit entries are never removed.")


class AuditHead(models.Model):
    """The last link of an organization's chain; moved by a conditional update only."""

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="audit_head")
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("audit head")
        verbose_name_plural = _("audit heads")

    def __str__(self) -> str:
        return f"{self.organization_id} {self.sequence}"


class AuditReview(models.Model):
    """A month's trail was looked through and signed off (law R4)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The first day of the month, in the organization's zone.
    month_date = models.DateField(_("month"))
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(_("reviewed at"))
    note = models.CharField(_("note"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("audit review")
        verbose_name_plural = _("audit reviews")
        constraints = [
            models.UniqueConstraint(fields=["organization", "month_date"], name="audit_review_is_once_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month_date:%Y-%m}"
