"""Who may be whom: open merge suggestions, two profiles side by side, and the merges that made a profile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Organization, Person
from accounts.queries import NotFound, organization_for
from customers.models import Merge, MergeSuggestion
from customers.policies import may_decide_who_is_who, sight_of
from customers.queries.profiles import Profile, profiles_of
from cxhub.prepared import Prepared, Told

PAGE = 50


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two profiles that may be one person. `older` was here first: the other would be merged into it."""

    row: MergeSuggestion
    older: Profile
    newer: Profile

    @property
    def public_id(self) -> UUID:
        return self.row.public_id

    @property
    def is_open(self) -> bool:
        return self.row.status == MergeSuggestion.Status.OPEN

    @property
    def why(self) -> str:
        if self.row.reason == MergeSuggestion.Reason.THREAD:
            return _("One conversation names both")
        return _("One event names identities of both")

    def other_than(self, profile: Profile) -> Profile:
        return self.newer if self.older.public_id == profile.public_id else self.older


@dataclass(frozen=True, slots=True)
class MergeStep:
    """One merge behind a profile. `public_id` is the row that was merged; it can be parted again while active."""

    public_id: UUID
    into_public_id: UUID
    name: str
    decided_at: datetime
    decided_by: str  # a person's e-mail; "" where rule 4 did it
    undone_at: datetime | None
    undone_by: str
    is_active: bool


def suggestions_for(person: Person) -> list[Suggestion]:
    """The open suggestions of her organization, newest first. Raises NotFound where she may not decide."""
    if not may_decide_who_is_who(person):
        raise NotFound
    organization = organization_for(person)
    rows = MergeSuggestion.objects.filter(organization=organization, status=MergeSuggestion.Status.OPEN)
    return _with_profiles(organization, person, rows.select_related("first", "second").order_by("-id")[:PAGE])


def suggestion_for(person: Person, public_id: UUID) -> Suggestion:
    """One suggestion, decided or not. Raises NotFound also where both are one profile by now."""
    if not may_decide_who_is_who(person):
        raise NotFound
    organization = organization_for(person)
    rows = MergeSuggestion.objects.filter(organization=organization, public_id=public_id)
    found = _with_profiles(organization, person, rows.select_related("first", "second"))
    if not found:
        raise NotFound
    return found[0]


# Most profiles have none of either: their keys alone are asked for first, prepared.
SUGGESTED = Prepared(
    lambda: (
        MergeSuggestion.objects.filter(
            Q(first__any_of=Told("members")) | Q(second__any_of=Told("members")),
            organization_id=Told("organization_id"),
            status=MergeSuggestion.Status.OPEN,
        )
        .order_by("-id")
        .values_list("pk", flat=True)[:10]
    )
)
MERGED = Prepared(
    lambda: (
        Merge.objects.filter(
            Q(into_customer__any_of=Told("members")) | Q(from_customer__any_of=Told("members")),
            organization_id=Told("organization_id"),
        )
        .order_by("-decided_at", "-id")
        .values_list("pk", flat=True)[:PAGE]
    )
)


def suggestions_about(person: Person, profile: Profile) -> list[Suggestion]:
    """The open suggestions that concern this profile; none for who may not decide. Three statements."""
    if not may_decide_who_is_who(person):
        return []
    keys = SUGGESTED(organization_id=profile.organization.pk, members=profile.ids)
    if not keys:
        return []
    found = MergeSuggestion.objects.filter(pk__in=keys).select_related("first", "second").order_by("-id")
    return _with_profiles(profile.organization, person, found)


def merges_of(profile: Profile) -> list[MergeStep]:
    """What was merged into this profile and, of that, what was parted again; newest first. At most two statements."""
    keys = MERGED(organization_id=profile.organization.pk, members=profile.ids)
    if not keys:
        return []
    steps = Merge.objects.filter(pk__in=keys).select_related("from_customer", "into_customer")
    steps = steps.order_by("-decided_at", "-id")
    return [
        MergeStep(
            public_id=step.from_customer.public_id,
            into_public_id=step.into_customer.public_id,
            name=profile.sight.name(step.from_customer.name) or _("Customer without a name"),
            decided_at=step.decided_at,
            decided_by=step.agent_email,
            undone_at=step.undone_at,
            undone_by=step.undone_by,
            is_active=step.is_active,
        )
        for step in steps
        if step.is_active or step.decided_at != step.undone_at  # the latter: a parting that had nothing to part
    ]


def _with_profiles(organization: Organization, person: Person, rows: Iterable[MergeSuggestion]) -> list[Suggestion]:
    pairs = [(row, row.first.root_id, row.second.root_id) for row in rows]
    roots = {root for _row, *both in pairs for root in both}
    profiles = profiles_of(organization, roots, sight=sight_of(person))
    return [
        Suggestion(row, *sorted((profiles[one], profiles[other]), key=lambda profile: profile.root.pk))
        for row, one, other in pairs
        if one != other and not profiles[one].is_empty_shell and not profiles[other].is_empty_shell
    ]
