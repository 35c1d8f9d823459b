"""The organization's tags: what each key is called, and which key a typed name means."""

from __future__ import annotations

from collections.abc import Iterable

from cxhub.prepared import Prepared, Told
from tickets.models import Tag
from tickets.tag_keys import tag_key

_TAGS = Prepared(
    lambda: (
        Tag.objects.filter(organization_id=Told("organization_id")).order_by("name", "pk").values_list("key", "name")
    )
)


def tag_names(organization_id: int) -> dict[str, str]:
    """Key → name of all, by name. One statement."""
    return dict(_TAGS(organization_id=organization_id))


def keys_named(organization_id: int, names: Iterable[str]) -> dict[str, str]:
    """Key → name for typed names: the tag that goes by it now, else the one known by it, else one to be made."""
    known = tag_names(organization_id)
    by_name = {tag_key(name): key for key, name in known.items()}
    found = {}
    for name in names:
        if typed := tag_key(name):
            key = by_name.get(typed, typed)
            found[key] = known.get(key, " ".join(name.split())[:50])
    return found
