"""Creates an organization and changes what is true of the whole of it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.actions.refusals import Refused, SlugIsTaken, check_fields
from accounts.actors import Actor, System
from accounts.models import AuditHead, Organization
from accounts.schedules import InvalidSchedule, Targets, normal_targets

CHANGEABLE = ("name", "timezone", "currency", "language", "reopen_days", "default_targets")
# Business time is that of the organization's zone, and a ticket without a center has its default targets.
COUNTED_BY = ("timezone", "default_targets")


def create_organization(
    slug: str,
    *,
    name: str,
    by: Actor,
    at: datetime,
    timezone: str = "Asia/Seoul",
    currency: str = "KRW",
    language: str = "ko",
    reopen_days: int = 7,
    default_targets: Targets | None = None,
) -> Organization:
    """Creates an organization without centers or people. Only the system and the operator may.

    Raises SlugIsTaken or Refused; in its own transaction or the caller's.
    """
    if not isinstance(by, System) and not policies.is_operator(by):
        raise policies.NotAllowed("create_organization")
    organization = Organization(
        slug=slug,
        name=name.strip(),
        timezone=timezone,
        currency=currency,
        language=language,
        reopen_days=reopen_days,
        default_targets=_checked_targets(default_targets or {}),
        created_at=at,
    )
    check_fields(organization, ["slug", "name", "timezone", "currency", "language"])
    _check_reopen_days(reopen_days)
    with transaction.atomic():
        organization, is_new = Organization.objects.get_or_create(
            slug=slug, defaults=_columns(organization) | {"created_at": at}
        )
        if not is_new:
            raise SlugIsTaken(slug)
        AuditHead.objects.create(organization=organization)
        audit.record(
            organization,
            by=by,
            at=at,
            action="accounts.organization.create",
            obj=f"organization:{slug}",
            after=_columns(organization),
        )
    return organization


def update_organization(
    organization: Organization,
    *,
    by: Actor,
    at: datetime,
    name: str,
    timezone: str,
    currency: str,
    language: str,
    reopen_days: int,
    default_targets: Targets,
) -> Organization:
    """Sets every changeable column. Centers keep the targets they have. Raises NotAllowed or Refused."""
    wanted = Organization(
        slug=organization.slug,
        name=name.strip(),
        timezone=timezone,
        currency=currency,
        language=language,
        reopen_days=reopen_days,
        default_targets=_checked_targets(default_targets),
    )
    check_fields(wanted, ["name", "timezone", "currency", "language"])
    _check_reopen_days(reopen_days)
    with transaction.atomic():
        current = Organization.objects.select_for_update().get(pk=organization.pk)
        policies.require(by, policies.Permission.MANAGE_ORGANIZATION, organization_id=current.pk)
        before, after = _columns(current), _columns(wanted)
        if before == after:
            return current
        for column, value in after.items():
            setattr(current, column, value)
        if any(before[column] != after[column] for column in COUNTED_BY):
            current.clocks_changed_at = at
        current.save(update_fields=[*CHANGEABLE, "clocks_changed_at"])
        audit.record(
            current,
            by=by,
            at=at,
            action="accounts.organization.update",
            obj=f"organization:{current.slug}",
            before=before,
            after=after,
        )
    return current


def _columns(organization: Organization) -> dict[str, Any]:
    return {column: getattr(organization, column) for column in CHANGEABLE}


def _checked_targets(targets: Targets) -> Targets:
    try:
        return normal_targets(targets)
    except InvalidSchedule as error:
        raise Refused(error.expected, field=error.path) from error


def _check_reopen_days(days: int) -> None:
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= 365:
        raise Refused(_("Choose 1 to 365 days."), field="reopen_days")
