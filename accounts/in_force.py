"""Which hours and targets a center had at an instant, for all centers of an organization at once.

Pure but for `schedules_of`, which reads them in one statement. A ticket without a center is always open and has the
organization's targets; METRICS.md's where that says nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from accounts.business_hours import BusinessHours
from accounts.models import CenterSchedule, Organization
from accounts.schedules import ANY, DEFAULT_TARGETS, DEFAULT_UNASSIGNED_SECONDS, Targets
from cxhub.prepared import Prepared, Told

_COLUMNS = (
    *("center_id", "effective_from", "hours", "holidays"),
    *("targets", "next_response_targets", "resolution_targets", "unassigned_seconds"),
)
_SCHEDULES = Prepared(
    lambda: (
        CenterSchedule.objects.filter(organization_id=Told("organization_id"))
        .order_by("center_id", "effective_from")
        .values_list(*_COLUMNS)
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """A center's hours, and within how many business seconds what is expected; None: nothing is."""

    hours: BusinessHours
    first_response: Targets
    next_response: Targets = field(default_factory=dict)
    resolution: Targets = field(default_factory=dict)
    unassigned: int = DEFAULT_UNASSIGNED_SECONDS

    def first_response_seconds(self, channel: str) -> int | None:
        return self.first_response.get(channel, DEFAULT_TARGETS.get(channel))

    def next_response_seconds(self, channel: str) -> int | None:
        return self.next_response.get(channel, self.first_response_seconds(channel))

    def resolution_seconds(self, channel: str) -> int | None:
        return self.resolution.get(channel, self.resolution.get(ANY))


@dataclass(frozen=True, slots=True)
class Schedules:
    """What is and was in force in an organization. `by_center` has instants in order, and what holds from each on."""

    without_center: InForce
    by_center: Mapping[int, tuple[list[datetime], list[InForce]]] = field(default_factory=dict)

    def at(self, center_id: int | None, instant: datetime) -> InForce:
        starts, schedules = self.by_center.get(center_id or 0, ([], []))
        if not starts:
            return self.without_center
        # The first holds for everything before it too.
        return schedules[max(bisect_right(starts, instant) - 1, 0)]


ALWAYS = Schedules(InForce(BusinessHours(ZoneInfo("UTC")), {}))


def schedules_of(organization: Organization) -> Schedules:
    """All schedules of the organization's centers. One statement."""
    zone = organization.zone
    by_center: dict[int, tuple[list[datetime], list[InForce]]] = {}
    for center_id, effective_from, *content in _SCHEDULES(organization_id=organization.pk):
        starts, schedules = by_center.setdefault(center_id, ([], []))
        starts.append(effective_from)
        schedules.append(_parsed(msgspec.json.encode(content), zone))
    without = InForce(BusinessHours(zone), organization.default_targets)
    return Schedules(without, by_center)


def kept_schedules_of(organization: Organization) -> Schedules:
    """As `schedules_of`, without a statement where they have been read before; for a screen.

    The organization must have been read for this request: by its version and targets is known whether they still hold.
    """
    version = (organization.public_id, organization.schedules_version, organization.timezone)
    kept = _kept.get(organization.pk)
    if kept is None or kept[0] != version or kept[1].without_center.first_response != organization.default_targets:
        kept = version, schedules_of(organization)
        _kept[organization.pk] = kept
    return kept[1]


_kept: dict[int, tuple[tuple[UUID, int, str], Schedules]] = {}


# Schedules are few and never edited; every message that somebody waits for asks for them.
@lru_cache(maxsize=1024)
def _parsed(content: bytes, zone: ZoneInfo) -> InForce:
    parts: list[Any] = msgspec.json.decode(content)
    hours, holidays, targets, next_response, resolution, unassigned = parts
    return InForce(BusinessHours.of(hours, holidays, zone), targets, next_response, resolution, unassigned)
