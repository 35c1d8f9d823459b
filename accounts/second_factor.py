"""Second factors as the accounts room sees them: whether a person has one, and what is written when it changes.

allauth keeps the secrets; it changes them through its own forms, and the trail is written here beside it.
"""

from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import audit, policies
from accounts.actors import Actor
from accounts.models import Person


def has_second_factor(person: Person) -> bool:
    return bool(people_with_second_factor([person]))


def people_with_second_factor(people: Iterable[Person]) -> set[int]:
    """Returns the keys of those among these people who log in with two steps."""
    return set(
        Authenticator.objects.filter(user__in=list(people), type=Authenticator.Type.TOTP).values_list(
            "user_id", flat=True
        )
    )


def record_second_factor_change(person: Person, *, is_on: bool, by: Actor, at: datetime) -> None:
    """Writes that two-step log-in was switched on or off; in the transaction that switched it."""
    if person.organization is None:
        return
    audit.record(
        person.organization,
        by=by,
        at=at,
        action="accounts.person.add_second_factor" if is_on else "accounts.person.remove_second_factor",
        obj=f"person:{person.email}",
        after={"second_factor": is_on},
    )


def remove_second_factor(person: Person, *, by: Actor, at: datetime) -> bool:
    """Removes the second factor of somebody who lost it, with its recovery codes.

    Returns whether there was one. Raises NotAllowed.
    """
    with transaction.atomic():
        policies.require(by, policies.Permission.MANAGE_PEOPLE, organization_id=person.organization_id)
        removed, _ = Authenticator.objects.filter(user=person).delete()
        if removed:
            record_second_factor_change(person, is_on=False, by=by, at=at)
    return bool(removed)
