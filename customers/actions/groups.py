"""Groups of customers that are one person: edges, roots, and the questions left for a person.

A group is what active `Merge` edges connect; `merged_into` is derived from them here and nowhere else. Call all of
this inside the intake transaction, under the organization's exclusive lock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import now

from accounts.models import Organization
from customers.actions.resolution import Resolver
from customers.incoming import IdentityKey
from customers.models import ContestedIdentity, Customer, Event, Identity, Merge, MergeSuggestion
from customers.models.identity import IdentityKind
from cxhub.bulk import Insert


def regroup(organization: Organization, customer_ids: Iterable[int]) -> set[int]:
    """Derives the roots of all groups that the named customers were or are in; returns the ids of their members.

    A bounded number of statements, however many groups.
    """
    rows = {row.pk: row for row in _members(organization, set(customer_ids))}
    edges = Merge.objects.filter(organization=organization, is_active=True)
    edges = edges.filter(Q(from_customer__in=rows) | Q(into_customer__in=rows))
    pairs = list(edges.order_by("decided_at", "id").values_list("into_customer_id", "from_customer_id"))
    if beyond := {pk for pair in pairs for pk in pair} - rows.keys():
        return regroup(organization, {*rows, *beyond})

    root_of = roots_after(rows, pairs)
    named = set(
        Identity.objects.filter(customer__in=rows)
        .exclude(kind=IdentityKind.EXTERNAL)
        .values_list("customer_id", flat=True)
    )
    named_roots = {root_of[pk] for pk in named}
    changed = []
    for pk, row in rows.items():
        merged_into_id = None if root_of[pk] == pk else root_of[pk]
        is_anonymous = root_of[pk] not in named_roots
        if (row.merged_into_id, row.is_anonymous) != (merged_into_id, is_anonymous):
            row.merged_into_id, row.is_anonymous = merged_into_id, is_anonymous
            changed.append(row)
    Customer.objects.bulk_update(changed, ["merged_into", "is_anonymous"])
    return set(rows)


def roots_after(ids: Iterable[int], merges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Replays merges (into, from) in the order they were decided: a merged group takes the root of `into`.

    Without one of them the rest come out as if it had never been: that is the exact undo.
    """
    groups = {pk: {pk} for pk in ids}
    root_of = {pk: pk for pk in groups}
    for into, source in merges:
        if root_of[into] != root_of[source]:
            groups[root_of[into]] |= (moved := groups.pop(root_of[source]))
            root_of |= dict.fromkeys(moved, root_of[into])
    return root_of


def _members(organization: Organization, customer_ids: set[int]) -> list[Customer]:
    wanted = Customer.objects.filter(organization=organization, id__in=customer_ids)
    roots = {row.root_id for row in wanted.only("id", "merged_into_id")}
    fields = ("id", "merged_into_id", "is_anonymous")
    return list(Customer.objects.filter(organization=organization).in_groups(roots).only(*fields))


def write_rule_merges(resolver: Resolver) -> set[int]:
    """Writes what rule 4 merged in memory; returns the ids of the members of the groups that grew."""
    if not resolver.rule_merges:
        return set()
    Merge.objects.bulk_create(
        [
            Merge(
                organization=resolver.organization,
                from_customer_id=source.pk,
                into_customer_id=target.pk,
                decided_by=Merge.Decider.RULE,
                decided_at=at,
            )
            for source, target, at in resolver.rule_merges
        ]
    )
    ids = {node.pk for source, target, _ in resolver.rule_merges for node in (source, target)}
    return regroup(resolver.organization, ids)


def note_suggestions(organization: Organization, pairs: Iterable[tuple[int, int]], *, reason: str) -> None:
    """Raises a question for each pair of customers not one person yet; a pair that was decided stays decided."""
    ordered = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    if ordered:
        MergeSuggestion.objects.bulk_create(
            [
                MergeSuggestion(organization=organization, first_id=a, second_id=b, reason=reason)
                for a, b in sorted(ordered)
            ],
            ignore_conflicts=True,
        )


def settle_suggestions(organization: Organization, member_ids: set[int], *, by: str, at: datetime) -> None:
    """Closes the questions that a merge has answered: both of the pair are in one group now."""
    root_of = dict(Customer.objects.filter(id__in=member_ids).values_list("id", "merged_into_id"))
    open_ones = MergeSuggestion.objects.filter(
        organization=organization, status=MergeSuggestion.Status.OPEN, first__in=member_ids, second__in=member_ids
    )
    answered = [
        row.pk
        for row in open_ones
        if (root_of[row.first_id] or row.first_id) == (root_of[row.second_id] or row.second_id)
    ]
    MergeSuggestion.objects.filter(pk__in=answered, status=MergeSuggestion.Status.OPEN).update(
        status=MergeSuggestion.Status.ACCEPTED, decided_at=at, decided_by=by
    )


def ask_contested_again(organization: Organization, member_ids: set[int], *, at: datetime) -> None:
    """Gives contested events another try after groups have grown.

    The event stays where it is; identities it was not allowed to add are added where all it names is one person now,
    and where it still names several, those are suggested.
    """
    while member_ids:
        contested: dict[int, list[IdentityKey]] = defaultdict(list)
        rows = ContestedIdentity.objects.filter(organization=organization, event__customer__in=member_ids)
        for row in rows.order_by("event__time", "event_id", "id"):
            contested[row.event_id].append(row.key)
        if not contested:
            return
        resolver = Resolver(organization, at)
        resolver.load_owners({key for keys in contested.values() for key in keys})
        settled = [pk for pk, keys in contested.items() if not resolver.resolve_keys(keys, at=at).contested]
        write_new_identities(resolver)
        note_suggestions(organization, [(a.pk, b.pk) for a, b in resolver.suggestions], reason="identities")
        ContestedIdentity.objects.filter(event__in=settled).delete()
        Event.objects.filter(pk__in=settled).update(is_contested=False)
        member_ids = write_rule_merges(resolver)


_INSERT = Insert(Identity, ("organization_id", "customer_id", "kind", "account", "value", "last4", "created_at"))


def write_new_identities(resolver: Resolver) -> None:
    """Inserts the identities that a resolver gave to customers; all of those must have rows already."""
    organization_id, created_at = resolver.organization.pk, now()
    _INSERT(
        [
            (
                organization_id,
                node.pk,
                key.kind,
                key.account,
                key.value,
                key.value[-4:] if key.kind == IdentityKind.PHONE else "",
                created_at,
            )
            for key, node in sorted(resolver.new_identities, key=lambda pair: pair[0])
        ]
    )
    known = [node.pk for node in resolver.no_longer_anonymous]
    if known:
        Customer.objects.filter(pk__in=known).update(is_anonymous=False)
