"""Which broadcasts are said to somebody, and who has read those that a lead has sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Person, Role
from accounts.policies import centers_reached
from accounts.queries import NotFound, organization_for
from tickets.models import Broadcast, BroadcastReading

# Of older ones nobody asks who has read them.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """A broadcast as leads see it: who has read it and when, in that order, and who has not yet."""

    row: Broadcast
    is_over: bool
    centers: list[str]
    read: list[tuple[str, datetime]]
    unread: list[str]

    @property
    def count(self) -> int:
        return len(self.read) + len(self.unread)


def unread_broadcasts(person: Person, *, at: datetime) -> list[Broadcast]:
    """Those said to her that still hold and that she has not dismissed, oldest first. One statement."""
    read = BroadcastReading.objects.filter(
        organization=organization_for(person), broadcast=OuterRef("pk"), person=person
    )
    rows = _said_to(person).filter(~Exists(read), at__lte=at, ends_at__gt=at)
    return list(rows.select_related("by").order_by("at", "pk"))


def broadcast_to(person: Person, public_id: UUID) -> Broadcast:
    """One that was said to her. Raises NotFound."""
    if (row := _said_to(person).filter(public_id=public_id).first()) is None:
        raise NotFound
    return row


def sent_broadcasts(person: Person, *, at: datetime) -> list[Sent]:
    """The latest to centers she reaches, newest first, with who has read each. Five statements at most."""
    rows = _of_centers(person).prefetch_related("centers").select_related("by").order_by("-at", "-pk")
    return _with_readers(list(rows[:SHOWN]), at=at)


def sent_broadcast(person: Person, public_id: UUID) -> Broadcast:
    """One to a center that she reaches. Raises NotFound."""
    if (row := _of_centers(person).filter(public_id=public_id).first()) is None:
        raise NotFound
    return row


def recipients_of(row: Broadcast) -> QuerySet[Person]:
    """The people of its centers who answer, but for who sent it."""
    people = Person.objects.filter(organization_id=row.organization_id, is_active=True)
    people = people.filter(centers__in=row.centers.all()).exclude(role=Role.STORE_STAFF)
    return people.exclude(pk=row.by_id).order_by("name", "pk").distinct()


def _said_to(person: Person) -> QuerySet[Broadcast]:
    """Rows are not doubled where several of her centers are meant."""
    to_hers = Broadcast.centers.through.objects.filter(broadcast=OuterRef("pk"), center__in=person.centers.values("pk"))
    return Broadcast.objects.filter(Exists(to_hers), organization=organization_for(person)).exclude(by=person)


def _of_centers(person: Person) -> QuerySet[Broadcast]:
    to_reached = Broadcast.centers.through.objects.filter(
        broadcast=OuterRef("pk"), center__in=centers_reached(person).values("pk")
    )
    return Broadcast.objects.filter(Exists(to_reached), organization=organization_for(person))


def _with_readers(rows: list[Broadcast], *, at: datetime) -> list[Sent]:
    centers = {center.pk for row in rows for center in row.centers.all()}
    members = Person.centers.through.objects.filter(center__in=centers, person__is_active=True)
    people = members.exclude(person__role=Role.STORE_STAFF).values_list("center_id", "person_id", "person__name")
    names: dict[int, dict[int, str]] = {}
    for center_id, person_id, name in people.order_by("person__name", "person_id"):
        names.setdefault(center_id, {})[person_id] = name
    read: dict[int, list[tuple[int, str, datetime]]] = {}
    readings = BroadcastReading.objects.filter(broadcast__in=[row.pk for row in rows]).order_by("at", "pk")
    for broadcast_id, person_id, name, read_at in readings.values_list(
        "broadcast_id", "person_id", "person__name", "at"
    ):
        read.setdefault(broadcast_id, []).append((person_id, name, read_at))
    return [_sent(row, names, read.get(row.pk, []), at=at) for row in rows]


def _sent(
    row: Broadcast, names: dict[int, dict[int, str]], read: Iterable[tuple[int, str, datetime]], *, at: datetime
) -> Sent:
    readers = list(read)
    told = {person: name for center in row.centers.all() for person, name in names.get(center.pk, {}).items()}
    missing = told.keys() - {person for person, _name, _at in readers} - {row.by_id}
    return Sent(
        row=row,
        is_over=row.ends_at <= at,
        centers=sorted(center.name for center in row.centers.all()),
        read=[(name, when) for _person, name, when in readers],
        unread=sorted(told[person] for person in missing),
    )
