"""What screens call agents and topics. Every fragment asks this; prepared once."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models.functions import Coalesce

from accounts.models import Person
from cxhub.prepared import Prepared, Told
from tickets.models import Topic

_NAMES = Prepared(
    lambda: Person.objects.filter(organization_id=Told("organization_id"), email__any_of=Told("emails")).values_list(
        "email", "name"
    )
)
_TOPICS = Prepared(
    lambda: (
        Topic.objects.filter(organization_id=Told("organization_id"))
        .order_by("position", "slug")
        .values_list("slug", Coalesce("merged_into__name", "name"), "parent__name")
    )
)


def agent_names(organization_id: int, emails: Collection[str]) -> dict[str, str]:
    """Names of the organization's people by e-mail. No statement where nobody is asked for."""
    wanted = [email for email in emails if email]
    return dict(_NAMES(organization_id=organization_id, emails=wanted)) if wanted else {}


def topic_names(organization_id: int) -> dict[str, str]:
    """All of the organization's topics, slug → name, in their order; a merged one goes by the name of the other."""
    rows = _TOPICS(organization_id=organization_id)
    return {slug: f"{parent} › {name}" if parent else name for slug, name, parent in rows}
