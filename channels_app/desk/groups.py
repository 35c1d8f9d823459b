"""Which groups a person's page may join: the policy behind the desk's socket. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404

from accounts import policies
from accounts.models import Person
from accounts.policies import Permission
from customers.queries import customer_for
from tickets.queries import ticket_for

_UNASSIGNED_CENTER = 0


def groups_within_reach(person: Person, names: Iterable[str]) -> dict[str, str]:
    """Returns layer group → name as the page knows it, for those names that this person may follow.

    One name may stand for several groups ("desk"), another for none: then it is missing among the values.
    """
    reached: dict[str, str] = {f"person.{person.pk}": "person"}
    for name in dict.fromkeys(names):
        for group in _groups_of(person, name):
            reached[group] = name
    return reached


def _groups_of(person: Person, name: str) -> list[str]:
    if name in ("desk", "calls"):
        return _center_groups(person, name)
    kind, _, hexadecimal = name.partition(".")
    try:
        public_id = UUID(hex=hexadecimal)
        if kind == "ticket":
            return [f"ticket.{ticket_for(person, public_id).public_id.hex}"]
        if kind == "customer":
            return [f"customer.{customer_for(person, public_id).public_id.hex}"]
    except (ValueError, Http404):
        return []
    return []


def _center_groups(person: Person, name: str) -> list[str]:
    if not policies.may(person, Permission.USE_INBOX) or person.organization_id is None:
        return []
    centers = [_UNASSIGNED_CENTER, *policies.centers_reached(person).order_by("pk").values_list("pk", flat=True)]
    return [f"{name}.{person.organization_id}.{center}" for center in centers]
