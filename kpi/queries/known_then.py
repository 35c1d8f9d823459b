"""Who was known to be whom at an instant of the past: identities as the events told them until then.

Customers become one when an event names identities of both (EVENTS.md, rule 4), when a person says so, or when a claim is
confirmed. Where that came later than the instant, or may have, all events of those customers until then are resolved
again by the same rules.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import Coalesce

from accounts.models import Organization
from channels_app.envelope import Refused, parse
from customers.actions.resolution import Node, Resolver
from customers.incoming import IncomingEvent
from customers.models import Confirmation, Customer, Event, Identity, Merge
from customers.models.identity import IdentityKind
from kpi.queries.sources import SALE
from tickets.state import ThreadEvent

# Where no more has happened since, only those it happened to are looked at.
FEW_EVENTS = 5000


@dataclass(slots=True)
class KnownThen:
    """`customers` are rows that were resolved again. Who they were then are numbers below zero, with `roots` of theirs."""

    customers: set[int] = field(default_factory=set)
    threads: set[str] = field(default_factory=set)
    # Of a number below zero: her group's, or 0 where nobody was known.
    roots: dict[int, int] = field(default_factory=dict)
    sales: dict[int, list[datetime]] = field(default_factory=dict)
    _of_event: dict[int, int] = field(default_factory=dict)

    def told(self, event: ThreadEvent) -> ThreadEvent:
        """The event, of who it was of then."""
        if event.customer_id not in self.customers:
            return event
        return event._replace(customer_id=self._of_event.get(event.pk))


def known_then(organization: Organization, now: datetime) -> KnownThen:
    rows = _members(organization, _may_have_parted(organization, now))
    if not rows:
        return KnownThen()
    then = KnownThen(customers=rows)
    resolver = Resolver(organization, now)
    _load_confirmed(resolver, now)
    nodes: dict[int, Node] = {}
    events = Event.objects.filter(organization=organization, customer__in=rows, time__lte=now)
    for event in sorted(events.iterator(chunk_size=5000), key=lambda event: event.order):
        if event.thread:
            then.threads.add(event.thread)
        told = _incoming(event)
        node = resolver.resolve(told).customer if told is not None else None
        if node is not None:
            nodes[event.pk] = node
            if event.type == SALE:
                then.sales.setdefault(id(node), []).append(event.time)
    _apply_merges(resolver, rows, now)
    numbers = {id(node): -place for place, node in enumerate(resolver.new_customers, start=1)}
    for node in resolver.new_customers:
        then.roots[numbers[id(node)]] = 0 if node.root.is_unconfirmed else numbers[id(node.root)]
    then._of_event = {pk: numbers[id(node)] for pk, node in nodes.items()}
    sales: dict[int, list[datetime]] = {}
    for key, some in then.sales.items():
        sales.setdefault(then.roots[numbers[key]], []).extend(some)
    then.sales = sales
    return then


def _may_have_parted(organization: Organization, now: datetime) -> set[int]:
    """Rows of groups that may have been apart, or whole, at that instant."""
    merges = Merge.objects.filter(organization=organization, decided_by=Merge.Decider.PERSON)
    later = merges.filter(Q(decided_at__gt=now) | Q(undone_at__gt=now)).values_list("from_customer", "into_customer")
    found = {pk for pair in later for pk in pair}
    for kind, value in Confirmation.objects.filter(organization=organization, confirmed_at__gt=now).values_list(
        "kind", "value"
    ):
        owners = Identity.objects.filter(organization=organization, kind=kind, value=value)
        found |= set(owners.values_list("customer_id", flat=True))
    return found | _may_have_been_anonymous(organization, now)


def _may_have_been_anonymous(organization: Organization, now: datetime) -> set[int]:
    """Who is known both by a channel's id and by a name of her own: perhaps that was told only later."""
    identities = Identity.objects.filter(organization=organization)
    later = Event.objects.filter(organization=organization, time__gt=now).exclude(customer=None)
    if later[:FEW_EVENTS].count() < FEW_EVENTS:
        rows = _members(organization, set(later.values_list("customer_id", flat=True).distinct()))
        identities = identities.filter(customer__in=rows)
    by_channel = Q(kind=IdentityKind.EXTERNAL)
    groups = (
        identities.annotate(root=Coalesce(F("customer__merged_into"), F("customer")))
        .values("root")
        .annotate(
            by_channel=Count("pk", filter=by_channel),
            by_name=Count("pk", filter=~by_channel & ~Q(kind=IdentityKind.CLAIM)),
            last=Max("customer__last_seen_at"),
            first=Min("customer__first_seen_at"),
        )
        .filter(by_channel__gt=0, by_name__gt=0, last__gt=now, first__lte=now)
    )
    return set(groups.values_list("root", flat=True))


def _members(organization: Organization, customers: Collection[int]) -> set[int]:
    if not customers:
        return set()
    rows = Customer.objects.filter(organization=organization)
    roots = {root or pk for pk, root in rows.filter(pk__in=customers).values_list("pk", "merged_into_id")}
    return set(rows.in_groups(roots).values_list("pk", flat=True))


def _load_confirmed(resolver: Resolver, now: datetime) -> None:
    for row in Confirmation.objects.filter(organization=resolver.organization, confirmed_at__lte=now):
        resolver.confirmed[row.thread, row.kind, row.value] = row.confirmed_at


def _incoming(event: Event) -> IncomingEvent | None:
    """An event of history as it came in; None where it is a decision of a person, which names others."""
    if event.type in ("customer.merged", "customer.unmerged"):
        return None
    envelope = {
        "specversion": "1.0",
        "id": event.event_id,
        "source": event.source,
        "type": event.type,
        "time": event.time.isoformat(),
        "data": event.data,
    }
    try:
        return parse(envelope, now=event.time, may_write=lambda _source: True)
    except Refused:
        return None  # taken when less was asked of it


def _apply_merges(resolver: Resolver, rows: Collection[int], now: datetime) -> None:
    """What people had decided by then."""
    merges = Merge.objects.filter(
        organization=resolver.organization, decided_by=Merge.Decider.PERSON, decided_at__lte=now, into_customer__in=rows
    )
    standing = merges.filter(Q(undone_at=None) | Q(undone_at__gt=now)).order_by("decided_at", "pk")
    for merge in standing:
        sides = [_node(resolver, pk) for pk in (merge.from_customer_id, merge.into_customer_id)]
        source, into = sides
        if source is not None and into is not None and source.root is not into.root:
            resolver.attach(source.root, into.root, at=merge.decided_at)


def _node(resolver: Resolver, customer: int) -> Node | None:
    """Who has the identities of a customer's row."""
    for identity in Identity.objects.filter(organization=resolver.organization, customer=customer).order_by("pk"):
        if (node := resolver.owners.get(identity.key)) is not None:
            return node
    return None
