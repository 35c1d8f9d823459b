"""Whose event is it: the six rules of resolution (EVENTS.md), worked out in memory for a whole batch.

A `Resolver` is loaded with what the database knows of the identities in a batch, is asked event by event, and
remembers what must be written. It touches the database only in `load`; the caller holds the intake lock, so that
nothing read here can change before it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Organization
from customers.incoming import STRENGTH, IdentityKey, IncomingEvent
from customers.models import Confirmation
from customers.models.identity import IdentityKind
from cxhub.identifiers import uuid7
from cxhub.plain_sql import as_instant, as_list, as_uuid, fetch, look_up

KEY = {"kind": "text", "account": "text", "value": "text"}


@dataclass(slots=True, eq=False)
class Node:
    """A customer row while a batch is worked on: one from the database, or one that will be inserted.

    `pk` is 0 until a new one is inserted; `root` is the node that stands for its group, itself where it has no other.
    """

    pk: int
    public_id: UUID
    is_anonymous: bool
    first_seen_at: datetime | None
    is_unconfirmed: bool = False
    _root: Node | None = None

    @property
    def root(self) -> Node:
        return self._root or self

    @root.setter
    def root(self, node: Node) -> None:
        self._root = node


@dataclass(slots=True)
class Resolution:
    """Whose an event is. `customer` is None for history of the store alone; `contested` names the others."""

    customer: Node | None
    contested: tuple[Node, ...] = ()


@dataclass(slots=True)
class Resolver:
    organization: Organization
    at: datetime
    owners: dict[IdentityKey, Node] = field(default_factory=dict)
    nodes: dict[int, Node] = field(default_factory=dict)
    confirmed: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    new_customers: list[Node] = field(default_factory=list)
    new_identities: list[tuple[IdentityKey, Node]] = field(default_factory=list)
    no_longer_anonymous: set[Node] = field(default_factory=set)
    rule_merges: list[tuple[Node, Node, datetime]] = field(default_factory=list)  # (from, into, when)
    suggestions: list[tuple[Node, Node]] = field(default_factory=list)

    def load(self, incoming: Sequence[IncomingEvent]) -> list[IdentityKey]:
        """Reads, in at most two statements, all that the batch's identities and claims may touch.

        Returns those that nobody owns.
        """
        keys: set[IdentityKey] = set()
        for event in incoming:
            keys.update(event.identities, event.claims, event.into, event.merged_from)
            if event.claims:
                keys.add(claim_key(event.claims))
        self.load_confirmations(incoming)
        self.load_owners(keys)
        return [key for key in keys if key not in self.owners]

    def load_owners(self, keys: Iterable[IdentityKey]) -> None:
        wanted = [key for key in keys if key not in self.owners]
        if not wanted:
            return
        statement = look_up(
            KEY,
            "i.kind, i.account, i.value,"
            " c.id, c.public_id, c.is_anonymous, c.first_seen_at, r.id, r.public_id, r.is_anonymous, r.first_seen_at",
            "customers_identity i JOIN customers_customer c ON c.id = i.customer_id"
            " LEFT JOIN customers_customer r ON r.id = c.merged_into_id",
            "i.organization_id = %s AND i.kind = told.kind AND i.account = told.account AND i.value = told.value",
        )
        parameters = [as_list(KEY, wanted), self.organization.pk]
        for kind, account, value, *columns in fetch(statement, parameters):
            self.owners[IdentityKey(kind, account, value)] = self.node(columns[:4], columns[4:])

    def load_confirmations(self, incoming: Sequence[IncomingEvent]) -> None:
        claimed = [event for event in incoming if event.claims]
        if not claimed:
            return
        threads = {event.thread for event in claimed} | {""}
        values = {claim.value for event in claimed for claim in event.claims}
        rows = Confirmation.objects.filter(organization=self.organization, thread__in=threads, value__in=values)
        for row in rows:
            self.confirmed[row.thread, row.kind, row.value] = row.confirmed_at

    def node(self, own: Sequence[Any], root: Sequence[Any] = (None,)) -> Node:
        """The one node of a row, from its own columns and its root's (all None for a root), as `load_owners` reads them."""
        pk, public_id, is_anonymous, first_seen_at = own
        known = self.nodes.get(pk)
        if known is None:
            known = Node(pk, as_uuid(public_id), bool(is_anonymous), as_instant(first_seen_at))
            self.nodes[pk] = known
            if root[0] is not None:
                known.root = self.node(root)
        return known

    def knows_owner(self, event: IncomingEvent) -> bool:
        """Whether resolving the event would find one owner and change nothing, whatever else comes with it."""
        keys = self.effective_keys(event)
        roots = {owner.root if (owner := self.owners.get(key)) else None for key in keys}
        return not roots or (len(roots) == 1 and None not in roots)

    def resolve(self, event: IncomingEvent) -> Resolution:
        """Applies rules 1 to 6 to one event and remembers what it changes."""
        if event.into:  # what a person decided: each side stands for itself, and both must exist
            self.resolve_keys(event.merged_from, at=event.time)
            return self.resolve_keys(event.into, at=event.time)
        return self.resolve_keys(self.effective_keys(event), at=event.time)

    def effective_keys(self, event: IncomingEvent) -> tuple[IdentityKey, ...]:
        """What identifies an event: what is proven, and what was claimed and since confirmed; else the claim itself."""
        if not event.claims:
            return event.identities
        proven = [claim for claim in event.claims if self.is_confirmed(event, claim)]
        if event.identities or proven:
            return (*event.identities, *proven)
        return (claim_key(event.claims),)

    def is_confirmed(self, event: IncomingEvent, claim: IdentityKey) -> bool:
        if event.thread and (event.thread, claim.kind, claim.value) in self.confirmed:
            return True
        until = self.confirmed.get(("", claim.kind, claim.value))
        return until is not None and not event.identities and event.time <= until

    def resolve_keys(self, keys: Sequence[IdentityKey], *, at: datetime) -> Resolution:
        if not keys:
            return Resolution(None)
        if len(keys) == 1 and (owner := self.owners.get(keys[0])) is not None:
            return Resolution(owner)  # rule 2, nearly always
        known = sorted((key for key in keys if key in self.owners), key=lambda key: (STRENGTH[key.kind], key))
        if not known:  # rule 3
            node = self.create(keys, at=at)
            self.add(keys, node)
            return Resolution(node)
        strongest = self.owners[known[0]]
        roots = list(dict.fromkeys(self.owners[key].root for key in known))
        if len(roots) > 1 and not self.merge_anonymous(roots, at=at):  # rule 4
            others = tuple(root for root in roots if root is not strongest.root)
            self.suggestions += [(strongest, other) for other in others]
            return Resolution(strongest, others)
        self.add([key for key in keys if key not in self.owners], strongest)  # rule 2
        return Resolution(strongest)

    def create(self, keys: Sequence[IdentityKey], *, at: datetime) -> Node:
        node = Node(
            pk=0,
            public_id=uuid7(),
            is_anonymous=all(key.kind == IdentityKind.EXTERNAL for key in keys),
            first_seen_at=at,
            is_unconfirmed=keys[0].kind == IdentityKind.CLAIM,
        )
        self.new_customers.append(node)
        return node

    def add(self, keys: Iterable[IdentityKey], node: Node) -> None:
        for key in keys:
            self.owners[key] = node
            self.new_identities.append((key, node))
            if key.kind != IdentityKind.EXTERNAL:
                for told in {node, node.root}:
                    if told.is_anonymous:
                        told.is_anonymous = False
                        self.no_longer_anonymous.add(told)

    def merge_anonymous(self, roots: list[Node], *, at: datetime) -> bool:
        """Rule 4: merges when all, or all but one, are anonymous; otherwise says False and moves nothing."""
        named = [root for root in roots if not root.is_anonymous]
        if len(named) > 1:
            return False
        target = named[0] if named else min(roots, key=lambda root: (root.first_seen_at or at, str(root.public_id)))
        for root in roots:
            if root is not target:
                self.attach(root, target, at=at)
        return True

    def attach(self, root: Node, target: Node, *, at: datetime) -> None:
        self.rule_merges.append((root, target, at))
        for node in {*self.nodes.values(), *self.new_customers}:
            if node.root is root:
                node.root = target


def claim_key(claims: Iterable[IdentityKey]) -> IdentityKey:
    """Events with the same claim share one unconfirmed customer; this is what they share."""
    told = sorted(f"{claim.kind}:{claim.value}" for claim in claims)
    return IdentityKey(IdentityKind.CLAIM, "", "|".join(told))
