"""Lists of the inbox that somebody has given a name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Count

from accounts.models import Person, Role
from accounts.queries import NotFound
from cxhub.prepared import Prepared, Told
from tickets.models import SavedView, Ticket
from tickets.policies import Reach
from tickets.queries.lists import Asked, View, at_once, filters, in_view

# What fits above a list, and into one statement's counts.
SHOWN_AT_MOST = 20

_OWN = Prepared(
    lambda: SavedView.objects.filter(organization_id=Told("organization_id"), person_id=Told("person_id")).order_by(
        "position", "pk"
    )
)
_SHARED = Prepared(
    lambda: (
        SavedView.objects.filter(organization_id=Told("organization_id"), center_id__any_of=Told("centers"))
        .exclude(person_id=Told("person_id"))
        .order_by("name", "pk")
    )
)


def saved_views_for(person: Person, centers: Collection[int]) -> list[SavedView]:
    """Her own in her order, then what others share with these centers, by name. Two statements."""
    told = {"organization_id": person.organization_id, "person_id": person.pk}
    return [*_OWN(**told), *_SHARED(**told, centers=centers)][:SHOWN_AT_MOST]


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
    rows = Ticket.objects.standing().filter(reach.rows, organization_id=reach.organization_id)
    holds = [in_view(asked.view, asked, at_once, email=person.email) & filters(asked, at_once) for asked in lists]
    in_any = in_view(View.ALL, lists[0], at_once, email=person.email)
    counts = rows.filter(in_any).aggregate(
        **{f"list_{place}": Count("pk", filter=condition) for place, condition in enumerate(holds)}
    )
    return [counts[f"list_{place}"] for place in range(len(lists))]
