"""What people decide about who is who: `customer.merged`, `customer.unmerged`, `identity.confirmed`.

They are events like any other and may come late: of two decisions about the same pair the later by `time` stands.
Run inside the intake transaction, under the organization's exclusive lock.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Q

from accounts.models import Organization
from customers.actions.groups import (
    note_suggestions,
    regroup,
    settle_suggestions,
    write_new_identities,
    write_rule_merges,
)
from customers.actions.resolution import Resolver
from customers.actions.summaries import rebuild_summaries
from customers.incoming import STRENGTH, IdentityKey, IncomingEvent
from customers.models import Claim, Confirmation, Customer, Event, Identity, Merge, MergeSuggestion
from customers.models.identity import IdentityKind


def decide(organization: Organization, event: IncomingEvent, *, at: datetime) -> tuple[set[int], set[str]]:
    """Applies a decision that has just been recorded.

    Returns the ids of customers whose groups changed, and the threads some of whose events changed their customer.
    """
    return DECISIONS[event.type](organization, event, at)


def _merge(organization: Organization, event: IncomingEvent, at: datetime) -> tuple[set[int], set[str]]:
    into, source = _owner(organization, event.into), _owner(organization, event.merged_from)
    if into.pk == source.pk or _is_undone_later(organization, into, source, event.time):
        return set(), set()
    if into.root_id != source.root_id:
        Merge.objects.create(
            organization=organization,
            from_customer=source,
            into_customer=into,
            decided_by=Merge.Decider.PERSON,
            agent_email=event.agent_email,
            decided_at=event.time,
        )
    members = regroup(organization, {into.pk, source.pk})
    settle_suggestions(organization, members, by=event.agent_email, at=at)
    return members, set()


def _is_undone_later(organization: Organization, one: Customer, other: Customer, time: datetime) -> bool:
    pair = Q(from_customer=one, into_customer=other) | Q(from_customer=other, into_customer=one)
    return Merge.objects.filter(pair, organization=organization, is_active=False, undone_at__gt=time).exists()


def _unmerge(organization: Organization, event: IncomingEvent, at: datetime) -> tuple[set[int], set[str]]:
    into, source = _owner(organization, event.into), _owner(organization, event.merged_from)
    if into.pk == source.pk:
        return set(), set()  # one row from the start: there was no merge to undo
    if into.root_id == source.root_id:
        edge = _edge_between(organization, into, source, event.time)
        if edge is None:
            return set(), set()
        edge.is_active, edge.undone_at, edge.undone_by = False, event.time, event.agent_email
        edge.save(update_fields=["is_active", "undone_at", "undone_by"])
    # Said of this very pair too, so that a merge that was decided earlier and arrives later does not stand.
    Merge.objects.create(
        organization=organization,
        from_customer=source,
        into_customer=into,
        decided_by=Merge.Decider.PERSON,
        agent_email=event.agent_email,
        decided_at=event.time,
        undone_at=event.time,
        undone_by=event.agent_email,
        is_active=False,
    )
    members = regroup(organization, {into.pk, source.pk})
    _dismiss(organization, into, source, by=event.agent_email, at=at)
    return members, set()


def _edge_between(organization: Organization, one: Customer, other: Customer, time: datetime) -> Merge | None:
    """The merge to undo so that two customers of one group part: the latest of a person's on the way, else a rule's."""
    members = Customer.objects.filter(organization=organization).in_groups([one.root_id])
    edges: dict[int, list[tuple[int, Merge]]] = defaultdict(list)
    for edge in Merge.objects.filter(organization=organization, is_active=True, from_customer__in=members):
        edges[edge.from_customer_id].append((edge.into_customer_id, edge))
        edges[edge.into_customer_id].append((edge.from_customer_id, edge))
    # Edges connect only what was apart, so they are a tree, and one way leads from one to the other.
    ways: dict[int, list[Merge]] = {one.pk: []}
    ahead = [one.pk]
    while ahead:
        here = ahead.pop()
        for there, edge in edges[here]:
            if there not in ways:
                ways[there] = [*ways[here], edge]
                ahead.append(there)
    between = ways[other.pk]
    if any(edge.decided_at > time for edge in between if edge.decided_by == Merge.Decider.PERSON):
        return None
    return max(between, key=lambda edge: (edge.decided_by == Merge.Decider.PERSON, edge.decided_at, edge.pk))


def _dismiss(organization: Organization, one: Customer, other: Customer, *, by: str, at: datetime) -> None:
    first, second = sorted((one.pk, other.pk))
    note_suggestions(organization, [(first, second)], reason=MergeSuggestion.Reason.IDENTITIES)
    MergeSuggestion.objects.filter(organization=organization, first_id=first, second_id=second).update(
        status=MergeSuggestion.Status.DISMISSED, decided_at=at, decided_by=by
    )


def _owner(organization: Organization, keys: tuple[IdentityKey, ...]) -> Customer:
    """The customer that one side of a decision names; its identities were resolved, so it exists."""
    for key in sorted(keys, key=lambda key: (STRENGTH[key.kind], key)):
        found = Identity.objects.filter(
            organization=organization, kind=key.kind, account=key.account, value=key.value
        ).select_related("customer")
        if identity := found.first():
            return identity.customer
    raise AssertionError("a decision's sides are resolved before it is applied")


def _confirm(organization: Organization, event: IncomingEvent, at: datetime) -> tuple[set[int], set[str]]:
    proven = [key for key in event.identities if key.kind != IdentityKind.EXTERNAL]
    members: set[int] = set()
    threads: set[str] = set()
    for key in proven:
        Confirmation.objects.bulk_create(
            [
                Confirmation(
                    organization=organization,
                    thread=event.thread,
                    kind=key.kind,
                    value=key.value,
                    confirmed_at=event.time,
                )
            ],
            ignore_conflicts=True,
        )
        mine = Confirmation.objects.filter(
            organization=organization, thread=event.thread, kind=key.kind, value=key.value
        )
        mine.filter(confirmed_at__lt=event.time).update(confirmed_at=event.time)
        claims = Claim.objects.filter(organization=organization, kind=key.kind, value=key.value)
        claims = claims.filter(thread=event.thread) if event.thread else claims.filter(customer__is_unconfirmed=True)
        for claim in claims.select_related("customer"):
            if claim.customer.is_unconfirmed:
                threads |= _move_confirmed(organization, claim, key, event)
            else:
                members |= _join_claimant(organization, claim.customer, key, at=event.time)
    return members, threads


def _move_confirmed(organization: Organization, claim: Claim, key: IdentityKey, event: IncomingEvent) -> set[str]:
    """Events that only the claim had identified go to the customer it is now proven to be about."""
    owner = _owner(organization, (key,))
    moved = Event.objects.filter(organization=organization, customer=claim.customer, thread=claim.thread)
    if not event.thread:
        moved = moved.filter(time__lte=event.time)
    threads = set(moved.exclude(thread="").values_list("thread", flat=True))
    moved.update(customer=owner)
    rebuild_summaries([owner.pk, claim.customer_id], currency=organization.currency)
    return threads


def _join_claimant(organization: Organization, claimant: Customer, key: IdentityKey, *, at: datetime) -> set[int]:
    """A visitor known by a channel is now known to be the owner of what she claimed: rule 4 decides."""
    known = Identity.objects.filter(organization=organization, customer=claimant).order_by("id").first()
    if known is None:
        return set()
    resolver = Resolver(organization, at)
    resolver.load_owners([key, known.key])
    resolver.resolve_keys([known.key, key], at=at)
    write_new_identities(resolver)
    note_suggestions(organization, [(a.pk, b.pk) for a, b in resolver.suggestions], reason="identities")
    return write_rule_merges(resolver)


DECISIONS = {
    "customer.merged": _merge,
    "customer.unmerged": _unmerge,
    "identity.confirmed": _confirm,
}
