"""Which groups a person's page may join: the policy behind the desk's socket. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import Http404, HttpRequest

from accounts import policies
from accounts.models import Person
from accounts.policies import Permission
from customers.queries import customer_for
from tickets.events import work_group
from tickets.queries import ticket_for

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore
_UNASSIGNED_CENTER = 0


def still_here(session_key: str | None, names: Iterable[str]) -> tuple[Person, dict[str, str]] | None:
    """Returns who is logged in with this session, and `groups_within_reach`; None where nobody is any more.

    Both in one visit to the database's threads: fifty pages ask every 25 s. The session is read anew, for the one in
    the socket's scope is the copy from when it was opened.
    """
    request = HttpRequest()
    request.session = SessionStore(session_key)
    person = get_user(request)
    if not isinstance(person, Person) or not person.is_active:
        return None
    return person, groups_within_reach(person, names)


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
    if name in ("desk", "calls") or (name == "team" and policies.may(person, Permission.SEE_PEOPLE)):
        return _center_groups(person, name)
    if name == "work" and person.organization_id is not None and policies.may(person, Permission.USE_INBOX):
        return [work_group(person.organization_id, person.email)]
    if name == "figures":
        # A hint says that some have changed and not which: what she may see of them is told when her page asks.
        return [f"figures.{person.organization_id}"] if policies.may(person, Permission.USE_COUNTER) else []
    if name == "voices":
        # Likewise: that something was heard, and neither what nor of whom.
        return [f"voices.{person.organization_id}"] if policies.may(person, Permission.USE_INBOX) else []
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
