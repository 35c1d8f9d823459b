"""In which language something is written to a customer: the one she has used with us, else her shop's."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from accounts.models import Organization
from channels_app.models import WidgetVisitor
from customers.models import Identity
from customers.models.identity import IdentityKind
from cxhub.identifiers import is_uuid


def language_of(organization: Organization, members: Collection[int]) -> str:
    """That of the page on which she last had the chat; the organization's where she never had. `members` are the rows of
    her group. Two statements at most."""
    rows = Identity.objects.filter(
        organization=organization, customer__in=members, kind=IdentityKind.EXTERNAL, account__startswith="widget:"
    )
    ids = [UUID(value) for value in rows.values_list("value", flat=True) if is_uuid(value)]
    visitors = WidgetVisitor.objects.filter(organization=organization, public_id__in=ids).exclude(language="")
    language = visitors.order_by("-last_seen_at", "-pk").values_list("language", flat=True).first() if ids else None
    return language or organization.language
