"""Which store and which center an event names.

A source belongs to the center whose slug is the first part of its path (`/seoul/call`); `/hub` has none. A store
nobody has told the hub of yet is registered under the name the till gave it: a sale is never refused for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Organization, Store
from customers.incoming import IncomingEvent
from cxhub.plain_sql import fetch, marks


@dataclass(frozen=True, slots=True)
class Places:
    centers: dict[str, int]
    stores: dict[str, int]

    def center_of(self, source: str) -> int | None:
        return self.centers.get(center_slug(source))

    def store_of(self, slug: str) -> int | None:
        return self.stores.get(slug)


def center_slug(source: str) -> str:
    return source.lstrip("/").split("/", 1)[0]


def find_places(organization: Organization, incoming: Sequence[IncomingEvent]) -> Places:
    """Returns primary keys by slug for all places that a batch names; registers stores not known yet."""
    center_slugs = {center_slug(event.source) for event in incoming}
    store_slugs = {event.store for event in incoming if event.store}
    centers, stores = _find(organization, center_slugs, store_slugs)
    unknown = store_slugs - stores.keys()
    if unknown:
        Store.objects.bulk_create(
            [Store(organization=organization, slug=slug, name=slug) for slug in sorted(unknown)], ignore_conflicts=True
        )
        centers, stores = _find(organization, center_slugs, store_slugs)
    return Places(centers, stores)


def _find(
    organization: Organization, center_slugs: set[str], store_slugs: set[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """Both kinds in one statement: every single event asks."""
    centers = sorted(center_slugs)
    statement = (
        f"SELECT 'center', slug, id FROM accounts_center WHERE organization_id = %s AND slug IN ({marks(centers)})"  # noqa: S608
    )
    parameters: list[int | str] = [organization.pk, *centers]
    if stores := sorted(store_slugs):
        statement += (
            " UNION ALL "  # noqa: S608
            f"SELECT 'store', slug, id FROM accounts_store WHERE organization_id = %s AND slug IN ({marks(stores)})"
        )
        parameters += [organization.pk, *stores]
    found: dict[str, dict[str, int]] = {"center": {}, "store": {}}
    for kind, slug, pk in fetch(statement, parameters):
        found[kind][slug] = pk
    return found["center"], found["store"]
