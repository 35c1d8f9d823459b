"""Makes or updates a whole organization from a configuration: the command, the demo and the first-run page.

Calls the other actions in one transaction; nothing that is missing from the configuration is removed.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import queries
from accounts.actions.center import create_center, set_center_schedule, update_center
from accounts.actions.organization import create_organization, update_organization
from accounts.actions.person import change_role, create_person, generate_password
from accounts.actions.refusals import Refused
from accounts.actions.store import create_store, update_store
from accounts.actors import Actor
from accounts.configuration import (
    CenterConfiguration,
    Configuration,
    PersonConfiguration,
    StoreConfiguration,
)
from accounts.models import Center, Organization, Person, Store

# Any constant number of our own: who asks for this lock of PostgreSQL waits for the other installer.
INSTALLATION_LOCK = 7_241_906

Row = TypeVar("Row")
Value = TypeVar("Value")


class HubIsSetUp(Refused):
    def __init__(self) -> None:
        super().__init__(_("This hub already has an organization."))


@dataclass(frozen=True, slots=True)
class Installation:
    """`passwords` are the generated ones by e-mail; they are stored nowhere else."""

    organization: Organization
    passwords: dict[str, str]


def install_organization(slug: str, configuration: Configuration, *, by: Actor, at: datetime) -> Installation:
    """Creates the organization with everything in the configuration, or nothing. Raises Refused."""
    with transaction.atomic():
        organization = create_organization(
            slug,
            name=configuration.name or slug,
            timezone=configuration.timezone or "Asia/Seoul",
            currency=configuration.currency or "KRW",
            language=configuration.language or "ko",
            reopen_days=configuration.reopen_days or 7,
            default_targets=configuration.targets or {},
            by=by,
            at=at,
        )
        return Installation(organization, _apply_parts(organization, configuration, by=by, at=at))


def install_first_organization(slug: str, configuration: Configuration, *, by: Actor, at: datetime) -> Installation:
    """As `install_organization`, for the first-run page: raises HubIsSetUp if there already is one."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INSTALLATION_LOCK])
        if Organization.objects.exists():
            raise HubIsSetUp
        return install_organization(slug, configuration, by=by, at=at)


def update_installation(
    organization: Organization, configuration: Configuration, *, by: Actor, at: datetime
) -> Installation:
    """Adds what is new and changes what differs; hours and targets hold from `at` on. Raises Refused."""
    with transaction.atomic():
        organization = update_organization(
            organization,
            name=configuration.name or organization.name,
            timezone=configuration.timezone or organization.timezone,
            currency=configuration.currency or organization.currency,
            language=configuration.language or organization.language,
            reopen_days=configuration.reopen_days or organization.reopen_days,
            default_targets=_or(configuration.targets, organization.default_targets),
            by=by,
            at=at,
        )
        return Installation(organization, _apply_parts(organization, configuration, by=by, at=at))


def _apply_parts(
    organization: Organization, configuration: Configuration, *, by: Actor, at: datetime
) -> dict[str, str]:
    """Centers before stores before people, as they point at each other."""
    centers = {center.slug: center for center in Center.objects.filter(organization=organization)}
    for wanted_center in configuration.centers:
        centers[wanted_center.slug] = _apply_center(
            organization, centers.get(wanted_center.slug), wanted_center, by=by, at=at
        )
    stores = {store.slug: store for store in Store.objects.filter(organization=organization)}
    for wanted_store in configuration.stores:
        stores[wanted_store.slug] = _apply_store(
            organization, stores.get(wanted_store.slug), wanted_store, centers, by=by, at=at
        )
    people = {person.email: person for person in Person.objects.filter(organization=organization)}
    passwords: dict[str, str] = {}
    for wanted_person in configuration.people:
        passwords |= _apply_person(
            organization,
            people.get(wanted_person.email),
            wanted_person,
            [_named(centers, slug, "centers") for slug in wanted_person.centers],
            [_named(stores, slug, "stores") for slug in wanted_person.stores],
            by=by,
            at=at,
        )
    return passwords


def _apply_center(
    organization: Organization,
    center: Center | None,
    wanted: CenterConfiguration,
    *,
    by: Actor,
    at: datetime,
) -> Center:
    if center is None:
        center = create_center(
            organization,
            slug=wanted.slug,
            name=wanted.name or wanted.slug,
            kind=wanted.kind or Center.Kind.CONTACT_CENTER,
            hours=wanted.hours,
            holidays=wanted.holidays,
            targets=wanted.targets,
            by=by,
            at=at,
        )
        _apply_changes(center, wanted, by=by, at=at, is_installed=True)
        return center
    center = update_center(center, name=wanted.name or center.name, kind=wanted.kind or center.kind, by=by, at=at)
    current = queries.schedule_at(center, at)
    set_center_schedule(
        center,
        hours=_or(wanted.hours, current.hours if current else {}),
        holidays=_or(wanted.holidays, current.holidays if current else []),
        targets=organization.default_targets | _or(wanted.targets, current.targets if current else {}),
        by=by,
        at=at,
    )
    _apply_changes(center, wanted, by=by, at=at)
    return center


def _apply_changes(
    center: Center, wanted: CenterConfiguration, *, by: Actor, at: datetime, is_installed: bool = False
) -> None:
    """Adds the schedules of days to come; of a center that is installed now, those of days gone by as well."""
    organization = center.organization
    for change in wanted.changes:
        starts = datetime.combine(change.first, time(), organization.zone)
        current = queries.schedule_at(center, starts)
        if (starts < at and not is_installed) or (current is not None and current.effective_from == starts):
            continue  # applied when the file was read before
        set_center_schedule(
            center,
            hours=_or(change.hours, current.hours if current else {}),
            holidays=_or(change.holidays, current.holidays if current else []),
            targets=organization.default_targets | (current.targets if current else {}) | _or(change.targets, {}),
            by=by,
            at=at,
            effective_from=starts,
            is_installed=is_installed,
        )


def _apply_store(
    organization: Organization,
    store: Store | None,
    wanted: StoreConfiguration,
    centers: dict[str, Center],
    *,
    by: Actor,
    at: datetime,
) -> Store:
    center = _named(centers, wanted.center, "stores") if wanted.center else None
    if store is None:
        return create_store(
            organization, slug=wanted.slug, name=wanted.name or wanted.slug, center=center, by=by, at=at
        )
    return update_store(store, name=wanted.name or store.name, center=center or store.center, by=by, at=at)


def _apply_person(
    organization: Organization,
    person: Person | None,
    wanted: PersonConfiguration,
    centers: list[Center],
    stores: list[Store],
    *,
    by: Actor,
    at: datetime,
) -> dict[str, str]:
    """Returns the generated password by e-mail; nothing for people who exist or bring their own."""
    if person is not None:
        change_role(person, role=wanted.role, centers=centers, stores=stores, by=by, at=at)
        return {}
    password = wanted.password or generate_password()
    create_person(
        organization,
        email=wanted.email,
        name=wanted.name or wanted.email.split("@")[0],
        role=wanted.role,
        centers=centers,
        stores=stores,
        language=wanted.language,
        password=password,
        by=by,
        at=at,
    )
    return {} if wanted.password else {wanted.email: password}


def _named(rows: dict[str, Row], slug: str, field: str) -> Row:
    try:
        return rows[slug]
    except KeyError as error:
        raise Refused(_("There is no “%(slug)s”.") % {"slug": slug}, field=field) from error


def _or(wanted: Value | None, current: Value) -> Value:
    """The wanted value, also an empty one; the current one if nothing was said."""
    return current if wanted is None else wanted
