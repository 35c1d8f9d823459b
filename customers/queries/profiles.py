"""Reads whole profiles: a group of merged customers seen as the one person they are."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounts.models import Organization
from customers.models import Customer, Event


def public_root_ids(organization: Organization, events: Sequence[Event]) -> dict[int, UUID]:
    """For each customer row that `events` name: the public id of the profile it is part of now."""
    ids = {event.customer_id for event in events if event.customer_id is not None}
    if not ids:
        return {}
    rows = Customer.objects.filter(organization=organization, id__in=ids)
    return {
        pk: root or own for pk, own, root in rows.values_list("id", "public_id", "merged_into__public_id")
    }
