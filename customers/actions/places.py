"""Which store and which center an event names.

A source belongs to the center whose slug is the first part of its path (`/seoul/call`); `/hub` has none. A store
nobody has told the hub of yet is registered under the name the till gave it: a sale is never refused for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from accounts.models import Organization, Store
from customers.incoming import IncomingEvent
from cxhub.plain_sql import fetch, marks

CENTER, STORE = "center", "store"
Place = tuple[str, str]  # (kind, slug)


@dataclass(frozen=True, slots=True)
class Places:
    centers: dict[str, int]
    stores: dict[str, int]

    def center_of(self, source: str) -> int | None:
        return self.centers.get(center_slug(source))

    def store_of(self, slug: str) -> int | None:
        return self.stores.get(slug)


@lru_cache(maxsize=1024)
def center_slug(source: str) -> str:
    return source.lstrip("/").split("/", 1)[0]


def find_places(organization: Organization, incoming: Sequence[IncomingEvent]) -> Places:
    """Returns primary keys by slug for all places that a batch names; registers stores not known yet.

    One statement at most, unless a store is new.
    """
    centers = {(CENTER, center_slug(event.source)) for event in incoming}
    stores = {(STORE, event.store) for event in incoming if event.store}
    found = _remembered(organization, centers | stores)
    if unknown := [slug for kind, slug in stores - found.keys()]:
        Store.objects.bulk_create(
            [Store(organization=organization, slug=slug, name=slug) for slug in sorted(unknown)], ignore_conflicts=True
        )
        # Not remembered: this transaction may still be undone.
        found |= _read(organization, {(STORE, slug) for slug in unknown})
    return Places(
        {slug: pk for (kind, slug), pk in found.items() if kind == CENTER},
        {slug: pk for (kind, slug), pk in found.items() if kind == STORE},
    )


def _remembered(organization: Organization, wanted: set[Place]) -> dict[Place, int]:
    found = {place: pk for place in wanted if (pk := _known.get((organization.public_id, place)))}
    if missing := wanted - found.keys():
        fresh = _read(organization, missing)
        if len(_known) + len(fresh) > KNOWN_AT_MOST:
            _known.clear()
        _known.update({(organization.public_id, place): pk for place, pk in fresh.items()})
        found |= fresh
    return found


# A place keeps its slug and is never deleted, so what was found once holds. What was not found is asked again.
_known: dict[tuple[UUID, Place], int] = {}
KNOWN_AT_MOST = 10_000


def _read(organization: Organization, wanted: set[Place]) -> dict[Place, int]:
    tables = {CENTER: "accounts_center", STORE: "accounts_store"}
    statements, parameters = [], []
    for kind, table in tables.items():
        slugs = sorted(slug for other, slug in wanted if other == kind)
        if slugs:
            statements.append(
                f"SELECT '{kind}', slug, id FROM {table} WHERE organization_id = %s AND slug IN ({marks(slugs)})"  # noqa: S608
            )
            parameters += [organization.pk, *slugs]
    return {(kind, slug): pk for kind, slug, pk in fetch(" UNION ALL ".join(statements), parameters)}
