"""Signs off a month of the audit trail (law R4: looked through once a month, by name)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.actions.refusals import Refused
from accounts.actors import Actor
from accounts.models import AuditReview, Organization, Person


class MonthIsNotOver(Refused):
    def __init__(self) -> None:
        super().__init__(_("A month can be signed off once it is over."), field="month")


def sign_off_audit_month(
    organization: Organization, *, month_date: date, by: Actor, at: datetime, note: str = ""
) -> AuditReview:
    """Records that `by` has reviewed the month that begins on `month_date`, a first day.

    A month already signed off is returned as it is. Raises NotAllowed, or MonthIsNotOver in the
    organization's zone.
    """
    if not isinstance(by, Person):
        raise policies.NotAllowed("Only a person can review.")
    policies.require(by, policies.Permission.READ_AUDIT, organization_id=organization.pk)
    today = at.astimezone(organization.zone).date()
    if month_date.day != 1 or (month_date.year, month_date.month) >= (today.year, today.month):
        raise MonthIsNotOver
    with transaction.atomic():
        review, is_new = AuditReview.objects.get_or_create(
            organization=organization,
            month_date=month_date,
            defaults={"reviewed_by": by, "reviewed_at": at, "note": note.strip()[:500]},
        )
        if is_new:
            audit.record(
                organization,
                by=by,
                at=at,
                action="accounts.audit.sign_off",
                obj=f"month:{month_date:%Y-%m}",
                reason=note,
            )
    return review
