"""Names for lists of the inbox: saved, renamed, shared, put in order, dropped. Private matters: nothing is announced."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Center, Person
from tickets.models import SavedView

MOST_VIEWS = 20


class CannotSaveView(Exception):
    """`str()` says why, fit for the person's screen."""


def save_view(person: Person, *, name: str, query: str, center: Center | None) -> SavedView:
    """Saves a list under a name; with `center` for all who answer there. Raises `CannotSaveView`."""
    assert person.organization is not None
    own = SavedView.objects.filter(organization=person.organization, person=person)
    if own.count() >= MOST_VIEWS:
        raise CannotSaveView(_("You have %(count)d views already. Delete one first.") % {"count": MOST_VIEWS})
    last = own.aggregate(last=Max("position"))["last"]
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                organization=person.organization,
                person=person,
                center=center,
                name=name,
                query=query,
                position=0 if last is None else last + 1,
            )
    except IntegrityError as error:
        raise CannotSaveView(_("You have a view of this name already. Choose another.")) from error


def change_view(view: SavedView, *, name: str, center: Center | None) -> None:
    """Renames it and says with whom it is shared. Raises `CannotSaveView`."""
    view.name, view.center = name, center
    try:
        with transaction.atomic():
            view.save(update_fields=["name", "center"])
    except IntegrityError as error:
        raise CannotSaveView(_("You have a view of this name already. Choose another.")) from error


def move_view_up(view: SavedView) -> None:
    """One place up among its maker's. The first stays where it is."""
    with transaction.atomic():
        own = SavedView.objects.select_for_update().filter(organization=view.organization_id, person=view.person_id)
        order = list(own.order_by("position", "pk"))
        place = next((place for place, other in enumerate(order) if other.pk == view.pk), 0)
        if place:
            order[place - 1], order[place] = order[place], order[place - 1]
        for position, other in enumerate(order):
            own.filter(pk=other.pk).exclude(position=position).update(position=position)


def delete_view(view: SavedView) -> None:
    view.delete()
