"""Whose figures a person sees: an owner all, a lead those of her centers, everybody her own day."""

from __future__ import annotations

from dataclasses import dataclass

from accounts import policies
from accounts.models import Person, Role
from accounts.policies import Permission


@dataclass(frozen=True, slots=True)
class Reach:
    """`centers` are the short names of those whose figures she sees; None: of all, and of what has no center."""

    centers: tuple[str, ...] | None

    def narrowed(self, wanted: tuple[str, ...]) -> tuple[str, ...] | None:
        """The centers to count, of those she asks for; None where nothing is to be left out."""
        if self.centers is None:
            return wanted or None
        # A lead without a center sees nothing, and not everything.
        return tuple(slug for slug in wanted if slug in self.centers) or (self.centers if not wanted else ("-",))


def reach_of(person: Person) -> Reach:
    """What she sees on the dashboard, in exports and in mails. One statement, none for an owner."""
    if person.role == Role.OWNER and person.is_active:
        return Reach(None)
    ids = policies.center_ids_reached(person)
    if ids is None:
        return Reach(None)
    slugs = policies.centers_reached(person).order_by("slug").values_list("slug", flat=True)
    return Reach(tuple(slugs) or ("-",))


def may_see_figures(person: Person) -> bool:
    return policies.may(person, Permission.SEE_FIGURES)


def may_manage_figures(person: Person) -> bool:
    return policies.may(person, Permission.MANAGE_FIGURES)
