"""Creates stores and changes their name or center."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit, policies
from accounts.actions.refusals import SlugIsTaken, check_fields, check_same_organization
from accounts.actors import Actor
from accounts.models import Center, Organization, Store


def create_store(
    organization: Organization,
    *,
    slug: str,
    name: str,
    by: Actor,
    at: datetime,
    center: Center | None = None,
) -> Store:
    """Creates a store, answered for by `center` if one is given. Raises NotAllowed, SlugIsTaken or Refused."""
    store = Store(organization=organization, slug=slug, name=name.strip())
    check_fields(store, ["slug", "name"])
    check_same_organization([center] if center else [], organization.pk, field="center")
    with transaction.atomic():
        policies.require(by, policies.Permission.MANAGE_STRUCTURE, organization_id=organization.pk)
        store, is_new = Store.objects.get_or_create(
            organization=organization,
            slug=slug,
            defaults={"name": store.name, "center": center, "created_at": at},
        )
        if not is_new:
            raise SlugIsTaken(slug)
        audit.record(
            organization,
            by=by,
            at=at,
            action="accounts.store.create",
            obj=f"store:{slug}",
            after=_content(store),
        )
    return store


def update_store(store: Store, *, name: str, center: Center | None, by: Actor, at: datetime) -> Store:
    """Sets name and center; the short name stays, events name it. Raises NotAllowed or Refused."""
    check_fields(Store(name=name.strip()), ["name"])
    check_same_organization([center] if center else [], store.organization_id, field="center")
    with transaction.atomic():
        current = (
            Store.objects.select_for_update(of=("self",)).select_related("organization", "center").get(pk=store.pk)
        )
        policies.require(by, policies.Permission.MANAGE_STRUCTURE, organization_id=current.organization_id)
        before = _content(current)
        current.name, current.center = name.strip(), center
        if _content(current) == before:
            return current
        current.save(update_fields=["name", "center"])
        audit.record(
            current.organization,
            by=by,
            at=at,
            action="accounts.store.update",
            obj=f"store:{current.slug}",
            before=before,
            after=_content(current),
        )
    return current


def _content(store: Store) -> dict[str, Any]:
    return {"name": store.name, "center": store.center.slug if store.center else None}
