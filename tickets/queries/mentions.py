"""Where a person was called by a note, and what of it she has not read."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Person
from cxhub.prepared import Prepared, Told
from tickets.models import Draft, Mention, Ticket
from tickets.policies import reach_of


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


def mentioned_tickets(who: Who, *, is_unread: bool = False) -> QuerySet[Any, Any]:
    """Keys of the tickets whose notes call this person, for an `__in`."""
    rows = Mention.objects.filter(organization_id=who.organization_id, person=who.pk)
    return (rows.filter(read_at=None) if is_unread else rows).values("ticket")


def unread_mentions(person: Person) -> int:
    """In how many tickets that she reaches there is a call to her which she has not read. Two statements."""
    reach = reach_of(person)
    if reach is None:
        return 0
    unread = mentioned_tickets(Who(reach.organization_id, person.pk, person.email), is_unread=True)
    rows = Ticket.objects.standing().filter(reach.rows, organization_id=reach.organization_id, pk__in=unread)
    return rows.count()


def _of_person(model: type[Draft] | type[Mention], **more: Any) -> Exists:
    rows = model._default_manager.filter(
        organization_id=Told("organization_id"), person=Told("person"), ticket=OuterRef("pk"), **more
    )
    return Exists(rows)


def _marked() -> QuerySet[Any, Any]:
    has_draft, has_mention = _of_person(Draft), _of_person(Mention, read_at=None)
    rows = Ticket.objects.filter(Q(has_draft) | Q(has_mention), pk__any_of=Told("tickets"))
    return rows.annotate(draft=has_draft, mention=has_mention).values_list("pk", "draft", "mention")


_MARKED: Prepared[tuple[int, bool, bool]] = Prepared(_marked)


def marks_of(person: Person, tickets: Collection[int]) -> dict[int, Marks]:
    """The marks of those of these tickets that have any. One statement, none for no tickets."""
    if not tickets:
        return {}
    found = _MARKED(organization_id=person.organization_id, person=person.pk, tickets=list(tickets))
    return {pk: Marks(bool(draft), bool(mention)) for pk, draft, mention in found}
