"""Creates centers, changes them, and gives them schedules. A schedule is added, never edited."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import audit, policies, queries
from accounts.actions.refusals import Refused, SlugIsTaken, check_fields
from accounts.actors import Actor
from accounts.models import Center, CenterSchedule, Organization
from accounts.schedules import (
    DEFAULT_UNASSIGNED_SECONDS,
    FROM_THE_BEGINNING,
    RESOLUTION_CHANNELS,
    InvalidSchedule,
    describe,
    normal_holidays,
    normal_hours,
    normal_seconds,
    normal_targets,
)


class ScheduleIsInThePast(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("A schedule cannot begin in the past; figures of the past stay as they are."),
            field="effective_from",
        )


def create_center(
    organization: Organization,
    *,
    slug: str,
    name: str,
    by: Actor,
    at: datetime,
    kind: str = Center.Kind.CONTACT_CENTER,
    hours: Mapping[str, Any] | None = None,
    holidays: list[str] | None = None,
    targets: Mapping[str, int] | None = None,
) -> Center:
    """Creates a center with its first schedule, which holds for all time before it too.

    Without hours it is always open; targets not named are the organization's. Raises NotAllowed,
    SlugIsTaken or Refused.
    """
    center = Center(organization=organization, slug=slug, name=name.strip(), kind=kind)
    check_fields(center, ["slug", "name", "kind"])
    schedule = _checked_schedule(
        hours=hours or {},
        holidays=holidays or [],
        targets=organization.default_targets | dict(targets or {}),
        next_response_targets={},
        resolution_targets={},
        unassigned_seconds=DEFAULT_UNASSIGNED_SECONDS,
    )
    with transaction.atomic():
        policies.require(by, policies.Permission.MANAGE_STRUCTURE, organization_id=organization.pk)
        center, is_new = Center.objects.get_or_create(
            organization=organization,
            slug=slug,
            defaults={"name": center.name, "kind": kind, "created_at": at},
        )
        if not is_new:
            raise SlugIsTaken(slug)
        CenterSchedule.objects.create(
            organization=organization,
            center=center,
            effective_from=FROM_THE_BEGINNING,
            created_at=at,
            applied_at=at,
            **schedule,
        )
        _note_schedule(organization)
        audit.record(
            organization,
            by=by,
            at=at,
            action="accounts.center.create",
            obj=f"center:{slug}",
            after={"name": center.name, "kind": center.kind, **schedule},
        )
    return center


def update_center(center: Center, *, name: str, kind: str, by: Actor, at: datetime) -> Center:
    """Renames a center or changes its kind; its short name stays, sources begin with it."""
    check_fields(Center(name=name.strip(), kind=kind), ["name", "kind"])
    with transaction.atomic():
        current = Center.objects.select_for_update(of=("self",)).select_related("organization").get(pk=center.pk)
        policies.require(by, policies.Permission.MANAGE_STRUCTURE, organization_id=current.organization_id)
        before = {"name": current.name, "kind": current.kind}
        after = {"name": name.strip(), "kind": kind}
        if before == after:
            return current
        current.name, current.kind = after["name"], after["kind"]
        current.save(update_fields=["name", "kind"])
        audit.record(
            current.organization,
            by=by,
            at=at,
            action="accounts.center.update",
            obj=f"center:{current.slug}",
            before=before,
            after=after,
        )
    return current


def set_center_schedule(
    center: Center,
    *,
    hours: Mapping[str, Any],
    holidays: list[str],
    targets: Mapping[str, int],
    by: Actor,
    at: datetime,
    next_response_targets: Mapping[str, int] | None = None,
    resolution_targets: Mapping[str, int] | None = None,
    unassigned_seconds: int | None = None,
    effective_from: datetime | None = None,
    is_installed: bool = False,
) -> CenterSchedule:
    """Adds the schedule that holds from `effective_from` (default: `at`) on; older rows stay.

    What is None stays as it is in force then. Returns the schedule in force then if nothing would change. Raises
    NotAllowed, Refused or ScheduleIsInThePast; a second schedule for the same instant is refused. Running clocks keep
    the schedule of when they began; those that began under this one are counted anew by the worker. A center that
    `is_installed` just now brings the changes of its past along: nothing has been counted by what was before.
    """
    starts = effective_from or at
    if starts < at and not is_installed:
        raise ScheduleIsInThePast
    with transaction.atomic():
        locked = Center.objects.select_for_update(of=("self",)).select_related("organization").get(pk=center.pk)
        _require_reach(by, locked)
        current = queries.schedule_at(locked, starts)
        before = _content(current) if current else None
        kept = before or describe(
            hours={},
            holidays=[],
            targets={},
            next_response_targets={},
            resolution_targets={},
            unassigned_seconds=DEFAULT_UNASSIGNED_SECONDS,
        )
        told = {
            "hours": hours,
            "holidays": holidays,
            "targets": targets,
            "next_response_targets": next_response_targets,
            "resolution_targets": resolution_targets,
            "unassigned_seconds": unassigned_seconds,
        }
        wanted = _checked_schedule(**kept | {name: value for name, value in told.items() if value is not None})
        if current and before == wanted:
            return current
        schedule, is_new = CenterSchedule.objects.get_or_create(
            organization=locked.organization,
            center=locked,
            effective_from=starts,
            defaults={**wanted, "created_at": at},
        )
        if not is_new:
            raise Refused(_("Another schedule already begins at that moment."), field="effective_from")
        _note_schedule(locked.organization)
        audit.record(
            locked.organization,
            by=by,
            at=at,
            action="accounts.center.schedule",
            obj=f"center:{locked.slug}",
            before=before,
            after={**wanted, "effective_from": starts},
        )
    return schedule


def _require_reach(by: Actor, center: Center) -> None:
    policies.require(by, policies.Permission.EDIT_SCHEDULES, organization_id=center.organization_id)
    if not policies.reaches_center(by, center):
        raise policies.NotAllowed(policies.Permission.EDIT_SCHEDULES)


def _note_schedule(organization: Organization) -> None:
    Organization.objects.filter(pk=organization.pk).update(schedules_version=F("schedules_version") + 1)


def _content(schedule: CenterSchedule) -> dict[str, Any]:
    return describe(
        hours=schedule.hours,
        holidays=schedule.holidays,
        targets=schedule.targets,
        next_response_targets=schedule.next_response_targets,
        resolution_targets=schedule.resolution_targets,
        unassigned_seconds=schedule.unassigned_seconds,
    )


def _checked_schedule(
    *,
    hours: Mapping[str, Any],
    holidays: list[str],
    targets: Mapping[str, int],
    next_response_targets: Mapping[str, int],
    resolution_targets: Mapping[str, int],
    unassigned_seconds: int,
) -> dict[str, Any]:
    try:
        return describe(
            hours=normal_hours(hours),
            holidays=normal_holidays(holidays),
            targets=normal_targets(targets),
            next_response_targets=normal_targets(next_response_targets, path="next_response_targets"),
            resolution_targets=normal_targets(
                resolution_targets, path="resolution_targets", channels=RESOLUTION_CHANNELS
            ),
            unassigned_seconds=normal_seconds(unassigned_seconds, path="unassigned_seconds"),
        )
    except InvalidSchedule as error:
        raise Refused(error.expected, field=error.path) from error
