"""When centers open, for what is put off until then."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.models import CenterSchedule, Organization
from tickets.snoozing import Opening


def openings_of(organization: Organization, centers: Collection[int], *, at: datetime) -> dict[int | None, Opening]:
    """By center, with None for tickets of none. One statement."""
    found: dict[int | None, Opening] = {None: Opening(organization.zone, {}, ())}
    schedules = CenterSchedule.objects.filter(
        organization=organization, center__in=centers, effective_from__lte=at
    ).order_by("effective_from")
    for schedule in schedules:
        found[schedule.center_id] = Opening(organization.zone, schedule.hours, frozenset(schedule.holidays))
    return found
