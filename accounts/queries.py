"""What a logged-in person may see of her organization. Views fetch through these and nothing else.

A row outside her reach is NotFound, exactly as one that does not exist.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from accounts import policies
from accounts.models import Center, CenterSchedule, Organization, Person, Role, Store
from accounts.policies import Permission
from cxhub.prepared import Prepared, Told

Row = TypeVar("Row", Center, Store, Person)


class NotFound(Http404):
    """No such row within this person's reach; a view lets it pass and answers 404."""


def organization_for(person: Person) -> Organization:
    """Returns the person's organization. The operator has none: NotFound."""
    if person.organization is None:
        raise NotFound
    return person.organization


def centers_for(person: Person) -> QuerySet[Center]:
    """The centers she reaches, by name."""
    return policies.centers_reached(person).order_by("name", "pk")


def center_for(person: Person, public_id: UUID) -> Center:
    return _one(centers_for(person).select_related("organization"), public_id)


def stores_for(person: Person) -> QuerySet[Store]:
    """The stores she reaches with their centers, by name."""
    return policies.stores_reached(person).select_related("center").order_by("name", "pk")


def store_for(person: Person, public_id: UUID) -> Store:
    return _one(stores_for(person).select_related("organization", "center"), public_id)


def people_for(person: Person) -> QuerySet[Person]:
    """The people she reaches, with centers and stores: active first, then by name."""
    return (
        policies.people_reached(person)
        .prefetch_related(
            Prefetch("centers", queryset=Center.objects.order_by("name", "pk")),
            Prefetch("stores", queryset=Store.objects.order_by("name", "pk")),
        )
        .order_by("-is_active", "name", "pk")
    )


def person_for(person: Person, public_id: UUID) -> Person:
    return _one(people_for(person).select_related("organization"), public_id)


def people_matching(person: Person, words: str) -> QuerySet[Person]:
    """The people she reaches whose name or e-mail contains the words; all without words."""
    people = people_for(person)
    text = unicodedata.normalize("NFC", words.strip())
    return people.filter(Q(name__icontains=text) | Q(email__icontains=text)) if text else people


def agents_of_center(center: Center) -> QuerySet[Person]:
    """Who can be given a ticket of this center: its active people but store staff, by name."""
    return (
        Person.objects.filter(organization_id=center.organization_id, centers=center, is_active=True)
        .exclude(role=Role.STORE_STAFF)
        .order_by("name", "pk")
    )


_SCHEDULE = Prepared(
    lambda: CenterSchedule.objects.filter(
        organization_id=Told("organization_id"), center_id=Told("center_id"), effective_from__lte=Told("at")
    ).order_by("-effective_from")[:1]
)


def schedule_at(center: Center, at: datetime) -> CenterSchedule | None:
    """Returns the schedule in force at that instant; a center has one from the beginning. One statement."""
    return _SCHEDULE.first(organization_id=center.organization_id, center_id=center.pk, at=at)


@dataclass(frozen=True, slots=True)
class CenterRow:
    """A center with the schedule in force and how much belongs to it, for the list."""

    center: Center
    schedule: CenterSchedule | None
    people_count: int
    store_count: int


def centers_with_schedules(person: Person, *, at: datetime) -> list[CenterRow]:
    """Returns the centers she reaches with what is in force at that instant, in two queries."""
    centers = list(
        centers_for(person).annotate(
            people_count=Count("people", filter=Q(people__is_active=True), distinct=True),
            store_count=Count("stores", distinct=True),
        )
    )
    # Oldest first, so that the last one put into the dict is the one in force.
    in_force = {
        schedule.center_id: schedule
        for schedule in CenterSchedule.objects.filter(
            organization=person.organization, center__in=centers, effective_from__lte=at
        ).order_by("effective_from")
    }
    return [CenterRow(center, in_force.get(center.pk), center.people_count, center.store_count) for center in centers]


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One schedule of a center's history and where it stands."""

    schedule: CenterSchedule
    is_in_force: bool
    is_planned: bool
    is_first: bool


def schedule_history(center: Center, *, at: datetime) -> list[ScheduleRow]:
    """Returns every schedule the center had or will have, newest first."""
    schedules = list(
        CenterSchedule.objects.filter(organization_id=center.organization_id, center=center).order_by("-effective_from")
    )
    in_force = next((schedule for schedule in schedules if schedule.effective_from <= at), None)
    return [
        ScheduleRow(
            schedule,
            is_in_force=schedule is in_force,
            is_planned=schedule.effective_from > at,
            is_first=schedule is schedules[-1],
        )
        for schedule in schedules
    ]


def require_permission(person: Person, permission: Permission) -> None:
    """Raises NotFound: an area not open to a role does not exist for it."""
    if not policies.may(person, permission):
        raise NotFound


def is_first_run() -> bool:
    """True while the hub has no organization at all."""
    return not Organization.objects.exists()


def _one(rows: QuerySet[Row], public_id: UUID) -> Row:
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound
    return row
