"""Saved replies and macros: which a person sees, which are offered in a ticket, which she may change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import Q

from accounts.actors import Actor, System
from accounts.models import Center, Person, Role
from accounts.policies import center_ids_reached, centers_reached
from accounts.queries import NotFound
from cxhub.prepared import Prepared, Told
from tickets.models import CannedReply, Macro, Ticket

Tool = CannedReply | Macro
T = TypeVar("T", CannedReply, Macro)

_OFFERED = Q(center=None, person=None) | Q(person_id=Told("person_id")) | Q(center_id__any_of=Told("centers"))
_REPLIES = Prepared(
    lambda: CannedReply.objects.filter(_OFFERED, organization_id=Told("organization_id")).select_related("center")
)
_MACROS = Prepared(
    lambda: Macro.objects.filter(_OFFERED, organization_id=Told("organization_id")).select_related("center")
)


def replies_in(person: Person, ticket: Ticket) -> list[CannedReply]:
    """What `/` offers in this ticket: what is most used first. One statement, two in a ticket of no center."""
    return _by_use(_REPLIES(**_offered_in(person, ticket)))


def macros_in(person: Person, ticket: Ticket) -> list[Macro]:
    """As `replies_in`."""
    return _by_use(_MACROS(**_offered_in(person, ticket)))


def reply_in(person: Person, ticket: Ticket, public_id: UUID) -> CannedReply:
    """One of those that are offered. Raises NotFound."""
    return _one(replies_in(person, ticket), public_id)


def macro_in(person: Person, ticket: Ticket, public_id: UUID) -> Macro:
    return _one(macros_in(person, ticket), public_id)


def replies_for(person: Person) -> list[CannedReply]:
    """All that she sees on the settings screen, by title."""
    rows = CannedReply.objects.filter(_seen_by(person), organization=person.organization_id)
    return list(rows.select_related("center").order_by("title", "pk"))


def macros_for(person: Person) -> list[Macro]:
    rows = Macro.objects.filter(_seen_by(person), organization=person.organization_id)
    return list(rows.select_related("center").order_by("title", "pk"))


def reply_for(person: Person, public_id: UUID) -> CannedReply:
    """One that she may change. Raises NotFound."""
    return _changeable(person, replies_for(person), public_id)


def macro_for(person: Person, public_id: UUID) -> Macro:
    return _changeable(person, macros_for(person), public_id)


def centers_shared_with(person: Person) -> list[Center]:
    """The centers for which she may keep something: none, for who answers only."""
    return list(centers_reached(person).order_by("name", "pk")) if leads(person) else []


def leads(actor: Actor) -> bool:
    """Whether what she writes may be for others."""
    return isinstance(actor, System) or (actor.is_active and actor.role in (Role.OWNER, Role.LEAD))


def may_change_tool(person: Person, tool: Tool) -> bool:
    """Her own; and for who leads what is everyone's or a center's that she sees."""
    if tool.organization_id != person.organization_id:
        return False
    return tool.person_id == person.pk if tool.person_id else leads(person)


def _offered_in(person: Person, ticket: Ticket) -> dict[str, object]:
    centers: Iterable[int] = [ticket.center_id] if ticket.center_id else _reached(person)
    return {"organization_id": ticket.organization_id, "person_id": person.pk, "centers": tuple(centers)}


def _reached(person: Person) -> Iterable[int]:
    reached = center_ids_reached(person)
    return centers_reached(person).values_list("pk", flat=True) if reached is None else reached


def _seen_by(person: Person) -> Q:
    return Q(center=None, person=None) | Q(person=person) | Q(center__in=centers_reached(person).values("pk"))


def _by_use(rows: Iterable[T]) -> list[T]:
    return sorted(rows, key=lambda row: (-row.uses, row.title, row.pk))


def _one(rows: Iterable[T], public_id: UUID) -> T:
    for row in rows:
        if row.public_id == public_id:
            return row
    raise NotFound


def _changeable(person: Person, rows: Iterable[T], public_id: UUID) -> T:
    found = _one(rows, public_id)
    if not may_change_tool(person, found):
        raise NotFound
    return found
