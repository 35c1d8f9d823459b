"""The organization's list of topics."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.models import Organization
from tickets.models import Topic


def set_topics(organization: Organization, names: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """Makes `names` (slug → name) the topics that are offered, in that order; others are kept and no longer offered."""
    with transaction.atomic():
        before = dict(Topic.objects.filter(organization=organization, is_offered=True).values_list("slug", "name"))
        Topic.objects.filter(organization=organization).update(is_offered=False)
        Topic.objects.bulk_create(
            [
                Topic(organization=organization, slug=slug, name=name, position=position)
                for position, (slug, name) in enumerate(names.items())
            ],
            update_conflicts=True,
            unique_fields=["organization", "slug"],
            update_fields=["name", "position", "is_offered"],
        )
        audit.record(
            organization,
            by=by,
            action="tickets.topics.set",
            obj="topics",
            ip=None,
            before=before,
            after=dict(names),
            at=at,
        )
