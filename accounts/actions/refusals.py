"""How an action of this room says no: an exception with a message fit for a screen."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _


class Refused(Exception):
    """The action declined and changed nothing. `field` is the argument at fault, if one is."""

    def __init__(self, message: str, *, field: str = "") -> None:
        self.message = message
        self.field = field
        super().__init__(f"{field}: {message}" if field else message)


class SlugIsTaken(Refused):
    def __init__(self, slug: str) -> None:
        super().__init__(_("“%(slug)s” is already used.") % {"slug": slug}, field="slug")


def check_fields(row: models.Model, fields: Collection[str]) -> None:
    """Raises Refused for the first of these fields that the model does not accept."""
    exclude = {field.name for field in row._meta.fields} - set(fields)
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field=field) from error


def check_same_organization(rows: Collection[models.Model], organization_id: int | None, *, field: str) -> None:
    """Raises Refused if one of the rows belongs to another organization."""
    if any(getattr(row, "organization_id", None) != organization_id for row in rows):
        raise Refused(_("That does not exist here."), field=field)
