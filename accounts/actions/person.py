"""Creates people, changes what they may, and lets them go. Each grant and revocation is audited (law R1).

People are deactivated, never removed: the trail and the history name them.
"""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.actions.refusals import Refused, check_fields, check_same_organization
from accounts.actors import Actor
from accounts.models import Center, Organization, Person, Role, Store

# Without 0/O, 1/l/I: a first password is read from paper.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


class LastOwner(Refused):
    def __init__(self) -> None:
        super().__init__(_("The organization needs at least one active owner."), field="role")


def generate_password() -> str:
    """Returns a random password of 77 bits in three groups, easy to type once."""
    return "-".join("".join(secrets.choice(ALPHABET) for _n in range(5)) for _m in range(3))


def create_person(
    organization: Organization,
    *,
    email: str,
    name: str,
    role: str,
    by: Actor,
    at: datetime,
    centers: Collection[Center] = (),
    stores: Collection[Store] = (),
    language: str = "",
    password: str | None = None,
) -> Person:
    """Creates an account with its role, centers and stores. Without a password nobody can log in to it.

    Raises NotAllowed or Refused (also for an e-mail that somebody of any organization has).
    """
    person = Person(
        organization=organization,
        email=email.strip().lower(),
        name=name.strip(),
        role=role,
        language=language,
        created_at=at,
    )
    check_fields(person, ["email", "name", "role", "language"])
    _check_access(role, centers, stores, organization.pk)
    _check_password(password, person)
    person.set_password(password)
    with transaction.atomic():
        policies.require(by, policies.Permission.MANAGE_PEOPLE, organization_id=organization.pk)
        _insert(person)
        person.centers.set(centers)
        person.stores.set(stores)
        audit.record(
            organization,
            by=by,
            at=at,
            action="accounts.person.create",
            obj=_label(person),
            after={"name": person.name, "language": language, **_access(person)},
        )
    return person


def update_person(person: Person, *, name: str, email: str, language: str, by: Actor, at: datetime) -> Person:
    """Sets what a manager may correct of an account. Raises NotAllowed or Refused."""
    wanted = {"name": name.strip(), "email": email.strip().lower(), "language": language}
    check_fields(Person(**wanted), list(wanted))
    with transaction.atomic():
        current = _locked(person)
        _require_management(by, current)
        return _change_columns(current, wanted, by=by, at=at)


def change_own_profile(person: Person, *, name: str, language: str, at: datetime) -> Person:
    """Sets what a person may change of her own account. Raises Refused."""
    wanted = {"name": name.strip(), "language": language}
    check_fields(Person(**wanted), list(wanted))
    with transaction.atomic():
        return _change_columns(_locked(person), wanted, by=person, at=at)


def change_role(
    person: Person,
    *,
    role: str,
    centers: Collection[Center],
    stores: Collection[Store],
    by: Actor,
    at: datetime,
) -> Person:
    """Replaces role, centers and stores in one step. Raises NotAllowed, LastOwner or Refused."""
    with transaction.atomic():
        current = _locked(person)
        _require_management(by, current)
        check_fields(Person(role=role), ["role"])
        _check_access(role, centers, stores, current.organization_id)
        before = _access(current)
        if current.is_owner and role != Role.OWNER:
            _require_another_owner(current)
        current.role = role
        current.save(update_fields=["role"])
        current.centers.set(centers)
        current.stores.set(stores)
        if _access(current) != before:
            audit.record(
                _organization_of(current),
                by=by,
                at=at,
                action="accounts.person.change_role",
                obj=_label(current),
                before=before,
                after=_access(current),
            )
    return current


def deactivate_person(person: Person, *, by: Actor, at: datetime, reason: str = "") -> Person:
    """Closes the account at once, sessions included. Repeating it changes nothing. Raises LastOwner."""
    with transaction.atomic():
        current = _locked(person)
        _require_management(by, current)
        if isinstance(by, Person) and by.pk == current.pk:
            raise Refused(_("You cannot close your own account."))
        if current.is_owner and current.is_active:
            _require_another_owner(current)
        return _set_active(current, False, by=by, at=at, reason=reason)


def reactivate_person(person: Person, *, by: Actor, at: datetime) -> Person:
    """Opens a closed account with the access it had. Repeating it changes nothing."""
    with transaction.atomic():
        current = _locked(person)
        _require_management(by, current)
        return _set_active(current, True, by=by, at=at)


def reset_person_password(person: Person, *, by: Actor, at: datetime) -> str:
    """Sets a new random password, which ends every session of hers, and returns it: it is shown once."""
    password = generate_password()
    with transaction.atomic():
        current = _locked(person)
        _require_management(by, current)
        current.set_password(password)
        current.save(update_fields=["password"])
        audit.record(
            _organization_of(current),
            by=by,
            at=at,
            action="accounts.person.reset_password",
            obj=_label(current),
        )
    return password


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update(of=("self",)).select_related("organization").get(pk=person.pk)


def _organization_of(person: Person) -> Organization:
    assert person.organization is not None, "The operator's account is not managed here."
    return person.organization


def _require_management(by: Actor, person: Person) -> None:
    policies.require(by, policies.Permission.MANAGE_PEOPLE, organization_id=_organization_of(person).pk)


def _require_another_owner(person: Person) -> None:
    # The organization's row is the lock: two owners who leave at the same time must not both succeed.
    organization = Organization.objects.select_for_update().get(pk=_organization_of(person).pk)
    others = Person.objects.filter(organization=organization, role=Role.OWNER, is_active=True).exclude(pk=person.pk)
    if not others.exists():
        raise LastOwner


def _change_columns(person: Person, wanted: dict[str, str], *, by: Actor, at: datetime) -> Person:
    before = {column: getattr(person, column) for column in wanted}
    if before == wanted:
        return person
    for column, value in wanted.items():
        setattr(person, column, value)
    try:
        with transaction.atomic():
            person.save(update_fields=list(wanted))
    except IntegrityError as error:
        raise _email_is_taken(person.email) from error
    audit.record(
        _organization_of(person),
        by=by,
        at=at,
        action="accounts.person.update",
        obj=_label(person),
        before=before,
        after=wanted,
    )
    return person


def _set_active(person: Person, is_active: bool, *, by: Actor, at: datetime, reason: str = "") -> Person:
    if person.is_active == is_active:
        return person
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    audit.record(
        _organization_of(person),
        by=by,
        at=at,
        action="accounts.person.reactivate" if is_active else "accounts.person.deactivate",
        obj=_label(person),
        reason=reason,
        before={"is_active": not is_active},
        after={"is_active": is_active, **_access(person)},
    )
    return person


def _insert(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise _email_is_taken(person.email) from error


def _email_is_taken(email: str) -> Refused:
    return Refused(_("“%(email)s” already has an account.") % {"email": email}, field="email")


def _check_access(
    role: str,
    centers: Collection[Center],
    stores: Collection[Store],
    organization_id: int | None,
) -> None:
    check_same_organization(centers, organization_id, field="centers")
    check_same_organization(stores, organization_id, field="stores")
    if role == Role.AGENT and not centers:
        raise Refused(_("Choose at least one center."), field="centers")
    if role == Role.STORE_STAFF and not stores:
        raise Refused(_("Choose at least one store."), field="stores")


def _check_password(password: str | None, person: Person) -> None:
    if password is None:
        return
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error


def _access(person: Person) -> dict[str, Any]:
    return {
        "role": person.role,
        "centers": sorted(person.centers.values_list("slug", flat=True)),
        "stores": sorted(person.stores.values_list("slug", flat=True)),
    }


def _label(person: Person) -> str:
    return f"person:{person.email}"
