"""Writes checked events into history: identity, profile and the event's row, in a bounded number of statements.

Called by the intake door inside its transaction. Knows nothing of tickets; they follow from what is recorded here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from accounts.models import Organization
from customers.actions.decisions import DECISIONS, decide
from customers.actions.event_rows import EventRow, Placed, find_known, write_events
from customers.actions.groups import ask_contested_again, note_suggestions, write_new_identities, write_rule_merges
from customers.actions.locking import NeedsExclusiveLock, lock_intake, lock_newcomers
from customers.actions.places import Places, find_places
from customers.actions.resolution import Node, Resolver
from customers.actions.summaries import SUMMARY_COLUMNS, Summary, add_to_summaries
from customers.incoming import IncomingEvent
from customers.models import Claim, ContestedIdentity, Customer
from customers.queries.profiles import public_root_ids
from cxhub.bulk import Insert

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
# A smaller batch is written in one statement: a second one takes as long as others would wait for it.
EARLY_FROM = 50


@dataclass(slots=True)
class Recorded:
    """One event's place in history; `is_new` is False for a repeat, whose row is the first one's."""

    event: EventRow
    is_new: bool


@dataclass(slots=True)
class Recording:
    """A batch's places in history, in its order; and the threads whose tickets must be looked at again."""

    recorded: list[Recorded]
    threads: dict[str, datetime]  # thread → time of the earliest event that is new there, or the beginning
    customers: dict[int, UUID]  # customer row → public id of the profile it is part of now
    arrived: dict[str, list[tuple[IncomingEvent, EventRow]]]  # what is new in each thread
    owed: list[tuple[int, Summary]]  # what `finish_recording` adds to customers' summaries


def record_events(
    organization: Organization,
    incoming: Sequence[IncomingEvent],
    *,
    at: datetime,
    exclusive: bool,
    look_first: bool = True,
) -> Recording:
    """Records a batch in the order given; every event gets its `Recorded`.

    Must run inside a transaction. Without `look_first` all are taken for new, and where one is not it ends in
    `SomeAreKnown`. Without `exclusive` it may end in that, too, in `NeedsExclusiveLock`, or in the database's
    `IntegrityError` or deadlock, where another delivery made the same row first: roll back and call again with it.
    What follows from the events comes next, and `finish_recording` last.
    """
    exclusive = exclusive or any(event.type in DECISIONS for event in incoming)
    lock_intake(organization.pk, exclusive=exclusive)

    known = find_known(organization, incoming) if look_first or exclusive else {}
    fresh: dict[tuple[str, str], IncomingEvent] = {}
    for event in incoming:
        if (event.source, event.event_id) not in known:
            fresh.setdefault((event.source, event.event_id), event)
    rows: dict[tuple[str, str], EventRow] = {}
    threads: dict[str, datetime] = {}
    customers: dict[int, UUID] = {}
    arrived: dict[str, list[tuple[IncomingEvent, EventRow]]] = defaultdict(list)
    owed: list[tuple[int, Summary]] = []
    if fresh:
        rows, threads, customers, owed = _record_fresh(organization, list(fresh.values()), at=at, exclusive=exclusive)
    customers |= public_root_ids(organization, [row for row in known.values() if row.customer_id not in customers])

    recorded = []
    for event in incoming:
        key = (event.source, event.event_id)
        row = known.get(key)
        if row is None:
            row, is_new = rows[key], fresh.pop(key, None) is not None
            recorded.append(Recorded(row, is_new))
            if is_new and row.thread:
                arrived[row.thread].append((event, row))
        else:
            recorded.append(Recorded(row, is_new=False))
    return Recording(recorded, threads, customers, arrived, owed)


def finish_recording(recording: Recording) -> None:
    """Counts what was recorded in the customers' summaries; call it as the transaction's last write, and once.

    From here on every other delivery that has something of the same customers waits until this one has committed.
    """
    add_to_summaries(recording.owed)


def _record_fresh(
    organization: Organization, incoming: list[IncomingEvent], *, at: datetime, exclusive: bool
) -> tuple[dict[tuple[str, str], EventRow], dict[str, datetime], dict[int, UUID], list[tuple[int, Summary]]]:
    places = find_places(organization, incoming)
    resolver = Resolver(organization, at)
    unknown = resolver.load(incoming)
    early, late = _parted(resolver, incoming)
    # Nobody waits for these but who delivers the same ones; from the next lock on, others may.
    placed: list[Placed] = [(event, resolver.resolve(event)) for event in early]
    rows = write_events(organization, placed, places, at=at)
    if not exclusive and lock_newcomers(organization.pk, unknown):
        resolver.load_owners(unknown)
    placed_late: list[Placed] = [(event, resolver.resolve(event)) for event in late]
    if not exclusive and (resolver.rule_merges or resolver.suggestions):
        raise NeedsExclusiveLock
    placed += placed_late

    summaries = _summarise(organization, placed, places)
    _write_customers(resolver, summaries, at=at)
    _write_claims(organization, placed_late)
    late_rows = write_events(organization, placed_late, places, at=at)
    rows += late_rows
    _write_contested(organization, placed_late, late_rows, resolver)
    owed = [(node.pk, summary) for node, summary in summaries.items()]
    if exclusive:  # what follows may count some of them anew
        add_to_summaries(owed)
        owed = []

    merged = write_rule_merges(resolver)
    note_suggestions(organization, [(a.pk, b.pk) for a, b in resolver.suggestions], reason="identities")
    threads: dict[str, datetime] = {}
    for event in incoming:
        if event.thread:
            threads[event.thread] = min(threads.get(event.thread, event.time), event.time)
    for event in sorted((event for event in incoming if event.type in DECISIONS), key=lambda event: event.order):
        regrouped, moved = decide(organization, event, at=at)
        merged |= regrouped
        threads |= dict.fromkeys(moved, BEGINNING)
    if merged:
        ask_contested_again(organization, merged, at=at)
        customers = public_root_ids(organization, rows)
    else:
        nodes = [resolution.customer for _, resolution in placed if resolution.customer is not None]
        customers = {node.pk: node.root.public_id for node in nodes}
    return {(row.source, row.event_id): row for row in rows}, threads, customers, owed


def _parted(resolver: Resolver, incoming: list[IncomingEvent]) -> tuple[list[IncomingEvent], list[IncomingEvent]]:
    """Of a large batch, what can be written before a lock is waited for, and the rest.

    That is what stands in no conversation and whose owner is known already: most of what tills send.
    """
    if len(incoming) < EARLY_FROM:
        return [], incoming
    early: list[IncomingEvent] = []
    late: list[IncomingEvent] = []
    for event in incoming:
        is_early = not event.thread and event.type not in DECISIONS and resolver.knows_owner(event)
        (early if is_early else late).append(event)
    return early, late


def _summarise(organization: Organization, placed: Sequence[Placed], places: Places) -> dict[Node, Summary]:
    summaries: dict[Node, Summary] = {}
    for event, resolution in placed:
        if resolution.customer is not None:
            summary = summaries.get(resolution.customer)
            if summary is None:
                summary = summaries[resolution.customer] = Summary()
            summary.add(event, store_id=places.store_of(event.store), currency=organization.currency)
    return summaries


_INSERT_CUSTOMERS = Insert(
    Customer, ("organization_id", "public_id", "is_anonymous", "is_unconfirmed", "created_at", *SUMMARY_COLUMNS)
)


def _write_customers(resolver: Resolver, summaries: dict[Node, Summary], *, at: datetime) -> None:
    """Inserts what is new. Rows inserted here leave `summaries`: they carry their summary from the start."""
    new = resolver.new_customers
    keys = _INSERT_CUSTOMERS(
        [
            (
                resolver.organization.pk,
                node.public_id,
                node.is_anonymous,
                node.is_unconfirmed,
                at,
                # One that only a decision names has no event of its own.
                *(summaries.pop(node, None) or Summary(first_seen_at=node.first_seen_at)).columns(),
            )
            for node in new
        ]
    )
    for node, (pk,) in zip(new, keys, strict=True):
        node.pk = pk
    write_new_identities(resolver)


def _write_claims(organization: Organization, placed: Sequence[Placed]) -> None:
    told = {
        (resolution.customer.pk, event.thread, claim.kind, claim.value)
        for event, resolution in placed
        if resolution.customer is not None
        for claim in event.claims
    }
    if told:
        Claim.objects.bulk_create(
            [
                Claim(organization=organization, customer_id=pk, thread=thread, kind=kind, value=value)
                for pk, thread, kind, value in sorted(told)
            ],
            ignore_conflicts=True,
        )


def _write_contested(
    organization: Organization, placed: Sequence[Placed], rows: Sequence[EventRow], resolver: Resolver
) -> None:
    contested = [
        ContestedIdentity(
            organization=organization, event_id=row.pk, kind=key.kind, account=key.account, value=key.value
        )
        for (event, resolution), row in zip(placed, rows, strict=True)
        if resolution.contested
        for key in dict.fromkeys(resolver.effective_keys(event))
    ]
    ContestedIdentity.objects.bulk_create(contested)
