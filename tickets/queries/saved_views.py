"""Lists of the inbox that somebody has given a name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Count, Q

from accounts.models import Person, Role
from accounts.queries import NotFound
from cxhub.prepared import Prepared, Told
from tickets.models import SavedView, Ticket
from tickets.policies import Reach
from tickets.queries.lists import Asked, View, at_once, counted_in, filters, in_view
from tickets.queries.mentions import who_is

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


def counts_of_lists(reach: Reach, person: Person, lists: Sequence[Asked]) -> list[int]:
    """How many tickets stand in each of some lists. One statement."""
    rows = Ticket.objects.shown().filter(reach.rows, organization_id=reach.organization_id)
    who = who_is(person)
    holds = [counted_in(asked.view, asked, at_once, who=who) & filters(asked, at_once) for asked in lists]
    in_any = in_view(View.ALL, lists[0], at_once, who=who)
    if any(asked.view is View.MENTIONS for asked in lists):
        in_any |= counted_in(View.MENTIONS, lists[0], at_once, who=who)
    counts = rows.filter(in_any).aggregate(
        **{f"list_{place}": Count("pk", filter=condition) for place, condition in enumerate(holds)}
    )
    return [counts[f"list_{place}"] for place in range(len(lists))]
