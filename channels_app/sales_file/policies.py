"""Who may import sales, and into which stores: owners into all, leads into those they reach."""

from __future__ import annotations

from accounts import policies
from accounts.actors import Actor
from accounts.models import Organization, Person, Store
from accounts.policies import Permission


def require_import(actor: Actor, organization: Organization) -> None:
    """Raises accounts' NotAllowed unless the actor may import sales files of this organization."""
    policies.require(actor, Permission.IMPORT_SALES, organization_id=organization.pk)


def writable_stores(actor: Actor, organization: Organization) -> dict[str, str]:
    """Returns slug → name of the stores whose sales the actor may import."""
    stores = Store.objects.filter(organization=organization)
    if isinstance(actor, Person) and not policies.is_operator(actor):
        stores = policies.stores_reached(actor)
    return dict(stores.order_by("name", "pk").values_list("slug", "name"))
