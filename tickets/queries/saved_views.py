"""Lists of the inbox that somebody has given a name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import Person, Role
from accounts.queries import NotFound
from cxhub.prepared import Prepared, Told
from tickets.models import SavedView
from tickets.policies import Reach
from tickets.queries.counting import Counting, count_of, counting
from tickets.queries.lists import Asked, Say, shape, told

# What fits above a list, and into one statement's counts.
SHOWN_AT_MOST = 20

_SEEN = Prepared(
    lambda: SavedView.objects.filter(
        Q(person_id=Told("person_id")) | Q(center_id__any_of=Told("centers")), organization_id=Told("organization_id")
    )
)


def saved_views_for(person: Person, centers: Collection[int]) -> list[SavedView]:
    """Her own in her order, then what others share with these centers, by name. One statement."""
    seen = _SEEN(organization_id=person.organization_id, person_id=person.pk, centers=centers)
    own = sorted((view for view in seen if view.person_id == person.pk), key=lambda view: (view.position, view.pk))
    shared = sorted((view for view in seen if view.person_id != person.pk), key=lambda view: (view.name, view.pk))
    return [*own, *shared][:SHOWN_AT_MOST]


def saved_view_for(person: Person, public_id: UUID, centers: Collection[int]) -> SavedView:
    """One that she may change: her own, and for who leads what is shared with her centers. Raises NotFound."""
    found = next((view for view in saved_views_for(person, centers) if view.public_id == public_id), None)
    if found is None or not may_change(person, found):
        raise NotFound
    return found


def may_change(person: Person, view: SavedView) -> bool:
    return view.person_id == person.pk or person.role in (Role.OWNER, Role.LEAD)


# One text for each set of lists that somebody has saved; beyond so many, those that nobody asks for any more are most.
_KEPT_AT_MOST = 500
_counting_kept: dict[tuple[Any, ...], Counting] = {}


def counts_of_lists(reach: Reach, person: Person, lists: Sequence[Asked]) -> list[int]:
    """How many tickets stand in each of some lists, `counting.COUNTED_UP_TO` at most. One statement."""
    said = {
        f"{name}_{place}": value
        for place, asked in enumerate(lists)
        for name, value in told(reach, asked, person).items()
    }
    return _counting(reach, lists)(**told(reach, lists[0], person), **said)


def _counting(reach: Reach, lists: Sequence[Asked]) -> Counting:
    key = tuple((asked.view, *shape(reach, asked)) for asked in lists)
    if key not in _counting_kept:
        if len(_counting_kept) >= _KEPT_AT_MOST:
            _counting_kept.clear()
        _counting_kept[key] = counting([count_of(reach, asked, _said_of(place)) for place, asked in enumerate(lists)])
    return _counting_kept[key]


def _said_of(place: int) -> Say:
    return lambda name, _value: Told(f"{name}_{place}")
