"""The keys a person sees on her organization's screen."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from accounts import policies
from accounts.models import Person
from accounts.policies import Permission
from accounts.queries import NotFound
from channels_app.models import ApiKey


def keys_for(person: Person) -> QuerySet[ApiKey]:
    """The organization's keys, newest first, for those who may manage channels; nobody else sees any."""
    if person.organization_id is None or not policies.may(person, Permission.MANAGE_CHANNELS):
        return ApiKey.objects.none()
    return ApiKey.objects.filter(organization_id=person.organization_id).order_by("-created_at", "-pk")


def key_for(person: Person, public_id: UUID) -> ApiKey:
    """Returns one of them, or raises NotFound."""
    found = keys_for(person).select_related("organization").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
