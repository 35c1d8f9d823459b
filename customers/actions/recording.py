"""Writes checked events into history: identity, profile and the event's row, in a bounded number of statements.

Called by the intake door inside its transaction. Knows nothing of tickets; they follow from what is recorded here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from accounts.models import Organization
from customers.actions.decisions import DECISIONS, decide
from customers.actions.groups import ask_contested_again, note_suggestions, write_new_identities, write_rule_merges
from customers.actions.locking import NeedsExclusiveLock, lock_intake, lock_newcomers
from customers.actions.places import Places, find_places
from customers.actions.resolution import Node, Resolution, Resolver
from customers.actions.summaries import SUMMARY_COLUMNS, Summary, add_to_summaries
from customers.incoming import IncomingEvent
from customers.models import Claim, ContestedIdentity, Customer, Event
from customers.models.event import Thread
from customers.queries.profiles import public_root_ids
from cxhub.bulk import Insert
from cxhub.identifiers import uuid7
from cxhub.plain_sql import as_instant, as_list, as_uuid, fetch, look_up

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
KEY = {"source": "text", "event_id": "text"}


class EventRow(Struct):
    """An event's row as those who write it know it: its key, and what places it in history."""

    pk: int
    public_id: UUID
    source: str
    event_id: str
    time: datetime
    rank: int
    thread: str
    thread_seq: int | None
    customer_id: int | None
    content_hash: str
    # Of new rows only.
    store_id: int | None = None
    center_id: int | None = None

    @property
    def order(self) -> tuple[datetime, int, str, str]:
        return (self.time, self.rank, self.source, self.event_id)


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


def record_events(
    organization: Organization, incoming: Sequence[IncomingEvent], *, at: datetime, exclusive: bool
) -> Recording:
    """Records a batch in the order given; every event gets its `Recorded`.

    Must run inside a transaction. Without `exclusive` it may end in `NeedsExclusiveLock`, or in the database's
    `IntegrityError` or deadlock where another delivery made the same row first: roll back and call again with it.
    """
    exclusive = exclusive or any(event.type in DECISIONS for event in incoming)
    lock_intake(organization.pk, exclusive=exclusive)

    known = find_known(organization, incoming)
    fresh: dict[tuple[str, str], IncomingEvent] = {}
    for event in incoming:
        if (event.source, event.event_id) not in known:
            fresh.setdefault((event.source, event.event_id), event)
    rows: dict[tuple[str, str], EventRow] = {}
    threads: dict[str, datetime] = {}
    customers: dict[int, UUID] = {}
    arrived: dict[str, list[tuple[IncomingEvent, EventRow]]] = defaultdict(list)
    if fresh:
        rows, threads, customers = _record_fresh(organization, list(fresh.values()), at=at, exclusive=exclusive)
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
    return Recording(recorded, threads, customers, arrived)


def find_known(organization: Organization, incoming: Sequence[IncomingEvent]) -> dict[tuple[str, str], EventRow]:
    """The events of a batch that are in history already, by (source, id). One statement."""
    statement = look_up(
        KEY,
        "e.id, e.public_id, e.source, e.event_id, e.time, e.rank, e.thread, e.thread_seq, e.customer_id, e.content_hash",
        "customers_event e",
        "e.organization_id = %s AND e.source = told.source AND e.event_id = told.event_id",
    )
    told = as_list(KEY, [(event.source, event.event_id) for event in incoming])
    known = {}
    for pk, public_id, source, event_id, time, *rest in fetch(statement, [told, organization.pk]):
        known[source, event_id] = EventRow(pk, as_uuid(public_id), source, event_id, as_instant(time), *rest)
    return known


def _record_fresh(
    organization: Organization, incoming: list[IncomingEvent], *, at: datetime, exclusive: bool
) -> tuple[dict[tuple[str, str], EventRow], dict[str, datetime], dict[int, UUID]]:
    places = find_places(organization, incoming)
    resolver = Resolver(organization, at)
    unknown = resolver.load(incoming)
    if not exclusive and lock_newcomers(organization.pk, unknown):
        resolver.load_owners(unknown)
    resolutions = [resolver.resolve(event) for event in incoming]
    if not exclusive and (resolver.rule_merges or resolver.suggestions):
        raise NeedsExclusiveLock

    summaries = _summarise(organization, incoming, resolutions, places)
    _write_customers(resolver, summaries, at=at)
    _write_claims(organization, incoming, resolutions)
    rows = _write_events(organization, incoming, resolutions, places, at=at)
    add_to_summaries([(node.pk, summary) for node, summary in summaries.items()])
    _write_contested(organization, incoming, resolutions, rows, resolver)

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
        nodes = [resolution.customer for resolution in resolutions if resolution.customer is not None]
        customers = {node.pk: node.root.public_id for node in nodes}
    return {(row.source, row.event_id): row for row in rows}, threads, customers


def _summarise(
    organization: Organization, incoming: list[IncomingEvent], resolutions: list[Resolution], places: Places
) -> dict[Node, Summary]:
    summaries: dict[Node, Summary] = {}
    for event, resolution in zip(incoming, resolutions, strict=True):
        if resolution.customer is not None:
            summary = summaries.setdefault(resolution.customer, Summary())
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


def _write_claims(organization: Organization, incoming: list[IncomingEvent], resolutions: list[Resolution]) -> None:
    told = {
        (resolution.customer.pk, event.thread, claim.kind, claim.value)
        for event, resolution in zip(incoming, resolutions, strict=True)
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


_INSERT_EVENTS = Insert(
    Event,
    (
        "organization_id",
        "public_id",
        "source",
        "event_id",
        "type",
        "time",
        "rank",
        "recorded_at",
        "data",
        "content_hash",
        "customer_id",
        "store_id",
        "center_id",
        "channel",
        "thread",
        "thread_seq",
        "author",
        "agent_email",
        "text",
        "topic",
        "qualifier",
        "amount_hundredths",
        "is_contested",
    ),
)


def _write_events(
    organization: Organization,
    incoming: list[IncomingEvent],
    resolutions: list[Resolution],
    places: Places,
    *,
    at: datetime,
) -> list[EventRow]:
    numbers = reserve_numbers(organization, Counter(event.thread for event in incoming if event.thread))
    rows: list[EventRow] = []
    written: list[tuple[EventRow, tuple[object, ...]]] = []
    for event, resolution in zip(incoming, resolutions, strict=True):
        seq = None
        if event.thread:
            seq = numbers[event.thread]
            numbers[event.thread] += 1
        customer_id = resolution.customer.pk if resolution.customer else None
        row = EventRow(
            0,
            uuid7(),
            event.source,
            event.event_id,
            event.time,
            event.rank,
            event.thread,
            seq,
            customer_id,
            event.content_hash,
            places.store_of(event.store),
            places.center_of(event.source),
        )
        rows.append(row)
        values = (
            organization.pk,
            row.public_id,
            event.source,
            event.event_id,
            event.type,
            event.time,
            event.rank,
            at,
            event.data,
            event.content_hash,
            customer_id,
            row.store_id,
            row.center_id,
            event.channel,
            event.thread,
            seq,
            event.author,
            event.agent_email,
            event.text,
            event.topic,
            event.qualifier,
            event.amount_hundredths,
            bool(resolution.contested),
        )
        written.append((row, values))
    # In one order for everybody: two deliveries of the same events then wait for each other, and never crosswise.
    written.sort(key=lambda one: (one[0].source, one[0].event_id))
    keys = _INSERT_EVENTS([values for _, values in written])
    for (row, _), (pk,) in zip(written, keys, strict=True):
        row.pk = pk
    return rows


_RESERVE = Insert(
    Thread,
    ("organization_id", "key", "last_seq"),
    then=("ON CONFLICT (organization_id, key) DO UPDATE SET last_seq = customers_thread.last_seq + excluded.last_seq"),
    returning=("key", "last_seq"),
)


def reserve_numbers(organization: Organization, counts: Counter[str]) -> dict[str, int]:
    """Takes the next numbers of each thread, in one statement that also makes new threads and locks their rows.

    Returns the first number taken for each; a number is given once, in order of arrival.
    """
    taken = _RESERVE([(organization.pk, key, counts[key]) for key in sorted(counts)])
    return {key: last - counts[key] + 1 for key, last in taken}


def _write_contested(
    organization: Organization,
    incoming: list[IncomingEvent],
    resolutions: list[Resolution],
    rows: list[EventRow],
    resolver: Resolver,
) -> None:
    contested = [
        ContestedIdentity(
            organization=organization, event_id=row.pk, kind=key.kind, account=key.account, value=key.value
        )
        for event, resolution, row in zip(incoming, resolutions, rows, strict=True)
        if resolution.contested
        for key in dict.fromkeys(resolver.effective_keys(event))
    ]
    ContestedIdentity.objects.bulk_create(contested)
