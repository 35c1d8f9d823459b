"""Where a person was called by a note, and what of it she has not read."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Person, Role
from accounts.policies import center_is_reached
from cxhub.prepared import Prepared, Told
from tickets.models import Draft, Mention, Ticket
from tickets.policies import may_answer


class Marks(NamedTuple):
    """What a row of the list says of the person who looks at it, and of nobody else."""

    has_draft: bool = False
    has_mention: bool = False


NO_MARKS = Marks()


class Who(NamedTuple):
    """A person as a list is asked for: herself, or where she will be told to a prepared queryset."""

    organization_id: int | Told
    pk: int | Told
    email: str | Told


def who_is(person: Person) -> Who:
    return Who(person.organization_id or 0, person.pk, person.email)


def mentioned_tickets(who: Who, *, is_unread: bool = False) -> QuerySet[Any, Any]:
    """Keys of the tickets whose notes call this person, for an `__in`."""
    rows = Mention.objects.filter(organization_id=who.organization_id, person=who.pk)
    return (rows.filter(read_at=None) if is_unread else rows).values("ticket")


def _unread(reached: Q) -> Prepared[tuple[int]]:
    def build() -> QuerySet[Any, tuple[int]]:
        rows = Mention.objects.filter(reached, organization_id=Told("organization_id"), person=Told("person"))
        rows = rows.filter(read_at=None, ticket__replaced_by=None)
        # One group for all rows: `aggregate` is no queryset.
        return rows.order_by().values("person").annotate(tickets=Count("ticket", distinct=True)).values_list("tickets")

    return Prepared(build)


_UNREAD = _unread(Q(ticket__center=None) | center_is_reached(Told("person"), "ticket__center"))
_UNREAD_ANYWHERE = _unread(Q())


def unread_mentions(person: Person) -> int:
    """In how many tickets that she reaches there is a call to her which she has not read. One statement."""
    if person.organization_id is None or not may_answer(person):
        return 0
    asked = _UNREAD_ANYWHERE if person.role == Role.OWNER else _UNREAD
    found = asked.first(organization_id=person.organization_id, person=person.pk)
    return found[0] if found else 0


def marked_tickets(who: Who) -> QuerySet[Any, Any]:
    """Keys of the tickets in which this person has a draft or an unread call, for an `__in`."""
    drafts = Draft.objects.filter(organization_id=who.organization_id, person=who.pk).values("ticket")
    return drafts.union(mentioned_tickets(who, is_unread=True))


def _of_person(model: type[Draft] | type[Mention], **more: Any) -> Exists:
    rows = model._default_manager.filter(
        organization_id=Told("organization_id"), person=Told("person"), ticket=OuterRef("pk"), **more
    )
    return Exists(rows)


def with_marks(rows: QuerySet[Ticket]) -> QuerySet[Any, Any]:
    """These with `has_draft` and `has_mention` of the `person` to be told."""
    return rows.annotate(has_draft=_of_person(Draft), has_mention=_of_person(Mention, read_at=None))


def _marked() -> QuerySet[Any, Any]:
    rows = with_marks(Ticket.objects.filter(pk__any_of=Told("tickets")))
    return rows.filter(Q(has_draft=True) | Q(has_mention=True)).values_list("pk", "has_draft", "has_mention")


_MARKED: Prepared[tuple[int, bool, bool]] = Prepared(_marked)


def marks_of(person: Person, tickets: Collection[int]) -> dict[int, Marks]:
    """The marks of those of these tickets that have any. One statement, none for no tickets."""
    if not tickets:
        return {}
    found = _MARKED(organization_id=person.organization_id, person=person.pk, tickets=list(tickets))
    return {pk: Marks(bool(draft), bool(mention)) for pk, draft, mention in found}
