"""What an owner decides about notices of consents. Audited."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import audit, policies
from accounts.actors import Actor
from accounts.models import Organization
from accounts.policies import Permission
from channels_app.models import ConsentSettings


def set_consents(
    organization: Organization, *, tells_results: bool, reminds: bool, contact: str, by: Actor, at: datetime
) -> ConsentSettings:
    """Raises NotAllowed."""
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=organization.pk)
    told = {"tells_results": tells_results, "reminds": reminds, "contact": " ".join(contact.split())}
    with transaction.atomic():
        row, _is_new = ConsentSettings.objects.get_or_create(organization=organization)
        before = {name: getattr(row, name) for name in told}
        if told != before:
            ConsentSettings.objects.filter(pk=row.pk).update(**told)
            audit.record(
                organization, by=by, action="channels.consents.set", obj="consents", before=before, after=told, at=at
            )
    row.refresh_from_db()
    return row
