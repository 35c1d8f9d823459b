"""What rules are asked with: threads as steps, and what lies around them. A bounded number of statements for many."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from accounts.in_force import schedules_of
from accounts.models import Center, Organization
from customers.models import Customer
from tickets.actions.rows import events_from
from tickets.rules.moments import Buyer, Step, Surroundings, steps_of
from tickets.state import ThreadEvent


def steps_of_threads(
    organization: Organization, threads: Collection[str]
) -> tuple[dict[str, list[Step]], Surroundings]:
    """All steps of these threads, each from its beginning, and what was around them. At most five statements."""
    events = events_from(organization, dict.fromkeys(threads))
    around = _around(organization, [event for some in events.values() for event in some])
    return {thread: list(steps_of(some, around)) for thread, some in events.items()}, around


def _around(organization: Organization, events: Collection[ThreadEvent]) -> Surroundings:
    centers = list(Center.objects.filter(organization=organization).values_list("pk", "slug", "public_id"))
    return Surroundings(
        schedules=schedules_of(organization),
        reopen_window=timedelta(days=organization.reopen_days),
        centers={pk: public_id.hex for pk, _slug, public_id in centers},
        slugs={slug: pk for pk, slug, _public_id in centers},
        buyers=_buyers(organization, {event.customer_id for event in events if event.customer_id is not None}),
    )


def _buyers(organization: Organization, keys: Collection[int]) -> dict[int, Buyer]:
    """What is known of these customers now: purchases are those of the whole group that each belongs to."""
    rows = Customer.objects.filter(organization=organization)
    roots = {row.pk: row.root_id for row in rows.filter(pk__in=keys).only("id", "merged_into_id")}
    found: dict[int, Buyer] = {}
    for row in rows.in_groups(set(roots.values())).only(
        "id", "merged_into_id", "sale_count", "is_anonymous", "is_unconfirmed"
    ):
        before = found.get(row.root_id, Buyer(is_known=False, purchases=0))
        is_known = before.is_known or not (row.is_anonymous or row.is_unconfirmed)
        found[row.root_id] = Buyer(is_known, before.purchases + row.sale_count)
    return {pk: found[root] for pk, root in roots.items() if root in found}
