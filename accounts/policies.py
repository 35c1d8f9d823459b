"""Who may do what in the accounts room, and which centers, stores and people a person reaches.

Answers for the logged-in person; an inactive one may nothing. Other rooms ask here before they show a center.
"""

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import Exists, Q, QuerySet

from accounts.actors import Actor, System
from accounts.models import Center, Person, Role, Store
from cxhub.prepared import Prepared, Told


class Permission(StrEnum):
    MANAGE_ORGANIZATION = "manage_organization"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_STRUCTURE = "manage_structure"  # centers and stores themselves
    EDIT_SCHEDULES = "edit_schedules"  # hours, holidays, targets of the centers she reaches
    EDIT_RULES = "edit_rules"  # of the centers she reaches
    EDIT_TOPICS = "edit_topics"  # what customers talk about, and what the hub learns of it
    EDIT_IMPROVEMENTS = "edit_improvements"  # what is done about what customers say
    MANAGE_CHANNELS = "manage_channels"  # keys, imports, refused events
    MANAGE_WIDGETS = "manage_widgets"  # chat widgets of the centers she reaches
    IMPORT_SALES = "import_sales"  # upload a till's export, for the stores she reaches
    READ_AUDIT = "read_audit"
    SEE_PEOPLE = "see_people"
    SEE_FIGURES = "see_figures"  # of the centers she reaches
    MANAGE_FIGURES = "manage_figures"  # goals, and whether colleagues see each other's
    USE_INBOX = "use_inbox"
    USE_COUNTER = "use_counter"


_AGENT = frozenset({Permission.USE_INBOX, Permission.USE_COUNTER})
_LEAD = _AGENT | {
    Permission.EDIT_SCHEDULES,
    Permission.EDIT_RULES,
    Permission.EDIT_TOPICS,
    Permission.EDIT_IMPROVEMENTS,
    Permission.SEE_PEOPLE,
    Permission.SEE_FIGURES,
    Permission.IMPORT_SALES,
    Permission.MANAGE_WIDGETS,
}
GRANTED: dict[str, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.LEAD: _LEAD,
    Role.AGENT: _AGENT,
    Role.STORE_STAFF: frozenset({Permission.USE_COUNTER}),
}


class NotAllowed(Exception):
    """The person's role does not include this; nothing was changed."""


def may(actor: Actor, permission: Permission) -> bool:
    """Says whether the actor's role includes the permission. The system and the operator may everything."""
    if isinstance(actor, System):
        return True
    if not actor.is_active:
        return False
    return is_operator(actor) or permission in GRANTED.get(actor.role, frozenset())


def require(actor: Actor, permission: Permission, *, organization_id: int | None = None) -> None:
    """Raises NotAllowed unless the actor may; with `organization_id`, only inside her own organization."""
    if not may(actor, permission):
        raise NotAllowed(permission)
    if organization_id is None or isinstance(actor, System) or is_operator(actor):
        return
    if actor.organization_id != organization_id:
        raise NotAllowed(permission)


def is_operator(person: Person) -> bool:
    """The one who installed the hub: Django's superuser, of no organization."""
    return person.is_superuser and person.organization_id is None


def masks_customers(person: Person) -> bool:
    """Says whether this person sees customers' data masked until she asks to see it, with a reason."""
    return person.role not in (Role.OWNER, Role.LEAD, Role.AGENT)


def reaches_all_centers(person: Person) -> bool:
    """Owners do, and whoever belongs to a head office. Costs a query for the others."""
    if person.organization_id is None or not person.is_active:
        return False
    return (
        person.role == Role.OWNER
        or person.centers.filter(organization_id=person.organization_id, kind=Center.Kind.HEAD_OFFICE).exists()
    )


def reaches_center(actor: Actor, center: Center) -> bool:
    """Says whether the center is among those the actor reaches."""
    if isinstance(actor, System) or is_operator(actor):
        return True
    return centers_reached(actor).filter(pk=center.pk).exists()


def centers_reached(person: Person) -> QuerySet[Center]:
    """The centers whose tickets and figures she sees; for store staff those of her stores as well."""
    if not person.is_active or person.organization_id is None:
        return Center.objects.none()
    centers = Center.objects.filter(organization_id=person.organization_id)
    if reaches_all_centers(person):
        return centers
    own = Q(pk__in=person.centers.values("pk"))
    if person.role == Role.STORE_STAFF:
        own |= Q(pk__in=person.stores.values("center_id"))
    return centers.filter(own)


_OWN_CENTERS = Prepared(
    lambda: Center.objects.filter(organization_id=Told("organization_id"), people=Told("person")).values_list(
        "pk", "kind"
    )
)


def center_ids_reached(person: Person) -> frozenset[int] | None:
    """What `centers_reached` says to a page that asks often, in one statement; None is all of the organization's."""
    if person.organization_id is None or not person.is_active:
        return frozenset()
    if person.role == Role.OWNER:
        return None
    own = dict(_OWN_CENTERS(organization_id=person.organization_id, person=person.pk))
    return reached_of_own(person, own)


def reached_of_own(person: Person, own: Mapping[int, str]) -> frozenset[int] | None:
    """The same where her own centers are known, key → kind. No statement but for store staff."""
    if person.role == Role.OWNER:
        return None
    if Center.Kind.HEAD_OFFICE in own.values():
        return None
    if person.role == Role.STORE_STAFF:
        return frozenset(centers_reached(person).values_list("pk", flat=True))
    return frozenset(own)


def center_is_reached(person: int | Told, column: str) -> Q:
    """What `centers_reached` says of an agent or a lead, on rows that have a center in `column`."""
    own = Person.centers.through.objects.filter(person=person)
    at_head_office = own.filter(center__kind=Center.Kind.HEAD_OFFICE)
    return Q(**{f"{column}__in": own.values("center")}) | Q(Exists(at_head_office))


def stores_reached(person: Person) -> QuerySet[Store]:
    """Her own stores, and for others than store staff those of the centers she reaches."""
    if not person.is_active or person.organization_id is None:
        return Store.objects.none()
    stores = Store.objects.filter(organization_id=person.organization_id)
    if reaches_all_centers(person):
        return stores
    own = Q(pk__in=person.stores.values("pk"))
    if person.role != Role.STORE_STAFF:
        own |= Q(center__in=person.centers.values("pk"))
    return stores.filter(own)


def people_reached(person: Person) -> QuerySet[Person]:
    """Herself and those who share a center or a store that she reaches; owners are seen by all."""
    if not person.is_active or person.organization_id is None:
        return Person.objects.none()
    people = Person.objects.filter(organization_id=person.organization_id)
    if reaches_all_centers(person):
        return people
    return people.filter(
        Q(pk=person.pk)
        | Q(role=Role.OWNER)
        | Q(
            pk__in=Person.centers.through.objects.filter(center__in=centers_reached(person).values("pk")).values(
                "person_id"
            )
        )
        | Q(
            pk__in=Person.stores.through.objects.filter(store__in=stores_reached(person).values("pk")).values(
                "person_id"
            )
        )
    )
