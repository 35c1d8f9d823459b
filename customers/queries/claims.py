"""Possible history (rule 6): what somebody who has not proven it says about herself, read both ways.

For a visitor: the customers who own what she claims. For a customer: the conversations of those who claim to be her.
Shown as unconfirmed, always; nothing here adds or merges anything.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from customers.models import Claim, Event, Identity
from customers.models.identity import IdentityKind
from customers.queries.members import OfMembers
from customers.queries.profiles import Profile, identity_label, profiles_of
from customers.queries.timeline import Entry, entries_of, wording_for
from cxhub.prepared import Prepared, Told

EVENTS_SHOWN = 3
POSSIBLE_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Possibility:
    """Another profile that may be the same person, by `shown` (a phone number, say), which nobody has proven."""

    profile: Profile
    kind: str
    shown: str
    threads: tuple[str, ...]  # where it was claimed
    is_claimed_by_her: bool  # True: this profile claims to be that one. False: that one claims to be this.
    entries: tuple[Entry, ...]  # that one's newest history

    @property
    def label(self) -> str:
        return identity_label(self.kind)


OWN_CLAIMS = OfMembers(
    lambda hers: (
        Claim.objects.filter(hers, organization_id=Told("organization_id"))
        .order_by("id")
        .values_list("kind", "value", "thread")[:100]
    )
)

CLAIMED_BY_OTHERS = Prepared(
    lambda: (
        Claim.objects.filter(
            organization_id=Told("organization_id"), kind__any_of=Told("kinds"), value__any_of=Told("values")
        )
        .exclude(customer__any_of=Told("members"))
        .exclude(customer__event_count=0)
        .order_by("-id")
        .values_list("customer_id", "customer__merged_into_id", "kind", "value", "thread")[: POSSIBLE_AT_MOST * 3]
    )
)


def claimable(profile: Profile) -> list[tuple[str, str]]:
    """What somebody else may say is hers: kinds and values."""
    return [
        (row.kind, row.value)
        for row in profile.identity_rows
        if row.kind not in (IdentityKind.CLAIM, IdentityKind.EXTERNAL)
    ]


def claims_for(profile: Profile) -> list[Possibility]:
    """At most ten profiles that may be the same person. A fixed number of statements."""
    found: dict[int, tuple[str, str, set[str], bool]] = {}
    organization = profile.organization
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind, value, thread in OWN_CLAIMS(profile.ids, organization_id=organization.pk):
        told[kind, value].add(thread)
    if told:
        owners = Identity.objects.filter(_any_of(list(told)), organization=organization, account="")
        for identity in owners.exclude(customer__in=profile.ids).select_related("customer")[:POSSIBLE_AT_MOST]:
            key = (identity.kind, identity.value)
            found[identity.customer.root_id] = (*key, told[key], True)
    if owned := claimable(profile):
        kinds, values = zip(*owned, strict=True)
        for pk, merged_into, kind, value, thread in CLAIMED_BY_OTHERS(
            organization_id=organization.pk, kinds=set(kinds), values=values, members=profile.ids
        ):
            # Kinds and values were asked for apart: a member number that looks like another's number is no claim to it.
            if (kind, value) in owned:
                found.setdefault(merged_into or pk, (kind, value, set(), False))[2].add(thread)
    ids = [root for root in found if root not in profile.ids][:POSSIBLE_AT_MOST]
    if not ids:
        return []
    profiles = profiles_of(organization, ids, sight=profile.sight)
    return [
        Possibility(
            profile=profiles[root],
            kind=kind,
            shown=profile.sight.identity(kind, value),
            threads=tuple(sorted(threads - {""})),
            is_claimed_by_her=by_her,
            entries=entries,
        )
        for root, entries in _newest(profile, profiles).items()
        for kind, value, threads, by_her in [found[root]]
    ]


def _any_of(keys: list[tuple[str, str]]) -> Q:
    wanted = Q()
    for kind, value in keys[:20]:
        wanted |= Q(kind=kind, value=value)
    return wanted


def _newest(profile: Profile, others: dict[int, Profile]) -> dict[int, tuple[Entry, ...]]:
    """The newest few events of each, in two statements; of people with a long history their newest hundred count."""
    root_of = {pk: root for root, other in others.items() for pk in other.ids}
    rows = Event.objects.filter(organization=profile.organization, customer__in=root_of)
    newest: dict[int, list[Event]] = {root: [] for root in others}
    for event in rows.select_related("store").order_by("-time", "-id")[:100]:
        mine = newest[root_of[event.customer_id]]  # type: ignore[index]
        if len(mine) < EVENTS_SHOWN:
            mine.append(event)
    wording = wording_for(profile, [event for events in newest.values() for event in events])
    return {root: tuple(entries_of(profile, events, wording, is_unconfirmed=True)) for root, events in newest.items()}
