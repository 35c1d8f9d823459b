"""Tags by name: made when somebody uses one, renamed without touching a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.models import Organization
from tickets.models import Tag


class TagNameTaken(Exception):
    """Another tag goes by this name; `str()` is fit for the person's screen."""


def keep_tags(organization: Organization, names: Mapping[str, str]) -> None:
    """Makes the tags (key → name) that are not there yet. Those that are keep their names."""
    Tag.objects.bulk_create(
        [Tag(organization=organization, key=key, name=name) for key, name in names.items()], ignore_conflicts=True
    )


def rename_tag(organization: Organization, key: str, *, name: str, by: Actor, at: datetime) -> None:
    """Gives a tag another name, on every ticket at once. Raises `TagNameTaken`, or `Tag.DoesNotExist`."""
    try:
        with transaction.atomic():
            tag = Tag.objects.select_for_update().get(organization=organization, key=key)
            before, tag.name = tag.name, name
            tag.save(update_fields=["name"])
            audit.record(
                organization,
                by=by,
                action="tickets.tags.rename",
                obj=f"tag {tag.pk}",
                ip=None,
                before={"name": before},
                after={"name": name},
                at=at,
            )
    except IntegrityError as error:
        raise TagNameTaken(_("Another tag is called that already. Choose another name.")) from error
