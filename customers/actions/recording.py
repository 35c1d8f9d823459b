"""Writes checked events into history: identity, profile and the event's row, in a bounded number of statements.

Called by the intake door inside its transaction. Knows nothing of tickets; they follow from what is recorded here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from accounts.models import Organization
from customers.actions.decisions import DECISIONS, decide
from customers.actions.groups import ask_contested_again, note_suggestions, write_new_identities, write_rule_merges
from customers.actions.locking import NeedsExclusiveLock, lock_intake
from customers.actions.places import Places, find_places
from customers.actions.resolution import Node, Resolution, Resolver
from customers.actions.summaries import Summary, add_to_summaries
from customers.incoming import IncomingEvent
from customers.models import Claim, ContestedIdentity, Customer, Event
from customers.queries.profiles import public_root_ids
from cxhub.bulk import insert_rows, new_row
from cxhub.plain_sql import fetch, marks

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Recorded:
    """One event's place in history; `is_new` is False for a repeat, whose row is the first one's."""

    event: Event
    is_new: bool


@dataclass(slots=True)
class Recording:
    """A batch's places in history, in its order; and the threads whose tickets must be looked at again."""

    recorded: list[Recorded]
    threads: dict[str, datetime]  # thread → time of the earliest event that is new there
    customers: dict[int, UUID]  # customer row → public id of the profile it is part of now


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
    rows: dict[tuple[str, str], Event] = {}
    threads: dict[str, datetime] = {}
    customers: dict[int, UUID] = {}
    if fresh:
        rows, threads, customers = _record_fresh(organization, list(fresh.values()), at=at, exclusive=exclusive)
    customers |= public_root_ids(organization, [row for row in known.values() if row.customer_id not in customers])

    recorded = []
    for event in incoming:
        key = (event.source, event.event_id)
        row = known.get(key)
        if row is None:
            recorded.append(Recorded(rows[key], is_new=fresh.pop(key, None) is not None))
        else:
            recorded.append(Recorded(row, is_new=False))
    return Recording(recorded, threads, customers)


def find_known(organization: Organization, incoming: Iterable[IncomingEvent]) -> dict[tuple[str, str], Event]:
    """The events of a batch that are in history already, by (source, id)."""
    ids: dict[str, list[str]] = defaultdict(list)
    for event in incoming:
        ids[event.source].append(event.event_id)
    # By source: ids are short and repeat from source to source, and the unique index begins with the source.
    known: list[int] = []
    for source, some in ids.items():
        statement = (
            "SELECT id FROM customers_event "  # noqa: S608
            f"WHERE organization_id = %s AND source = %s AND event_id IN ({marks(some)})"
        )
        known += [pk for (pk,) in fetch(statement, [organization.pk, source, *some])]
    if not known:
        return {}  # nearly always
    rows = Event.objects.filter(pk__in=known).defer("data", "text")
    return {(row.source, row.event_id): row for row in rows}


def _record_fresh(
    organization: Organization, incoming: list[IncomingEvent], *, at: datetime, exclusive: bool
) -> tuple[dict[tuple[str, str], Event], dict[str, datetime], dict[int, UUID]]:
    places = find_places(organization, incoming)
    resolver = Resolver(organization, at)
    resolver.load(incoming)
    resolutions = [resolver.resolve(event) for event in incoming]
    if not exclusive and (resolver.rule_merges or resolver.suggestions):
        raise NeedsExclusiveLock

    summaries = _summarise(organization, incoming, resolutions, places)
    _write_customers(resolver, summaries)
    _write_claims(organization, incoming, resolutions)
    rows = _write_events(organization, incoming, resolutions, places, at=at)
    add_to_summaries([(node.row.pk, summary) for node, summary in summaries.items()])
    _write_contested(organization, incoming, resolutions, rows, resolver)

    merged = write_rule_merges(resolver)
    note_suggestions(organization, [(a.row.pk, b.row.pk) for a, b in resolver.suggestions], reason="identities")
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
        customers = {node.row.pk: node.root.row.public_id for node in nodes}
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


def _write_customers(resolver: Resolver, summaries: dict[Node, Summary]) -> None:
    """Inserts what is new. Rows inserted here leave `summaries`: they carry their summary from the start."""
    for node in resolver.new_customers:
        summary = summaries.pop(node, None)
        node.row.is_anonymous = node.is_anonymous
        if summary:
            summary.fill(node.row)
    insert_rows(Customer, [node.row for node in resolver.new_customers])
    write_new_identities(resolver)


def _write_claims(organization: Organization, incoming: list[IncomingEvent], resolutions: list[Resolution]) -> None:
    told = {
        (resolution.customer.row.pk, event.thread, claim.kind, claim.value)
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


def _write_events(
    organization: Organization,
    incoming: list[IncomingEvent],
    resolutions: list[Resolution],
    places: Places,
    *,
    at: datetime,
) -> list[Event]:
    numbers = reserve_numbers(organization, Counter(event.thread for event in incoming if event.thread))
    rows = []
    for event, resolution in zip(incoming, resolutions, strict=True):
        seq = None
        if event.thread:
            seq = numbers[event.thread]
            numbers[event.thread] += 1
        values = {
            "organization_id": organization.pk,
            "source": event.source,
            "event_id": event.event_id,
            "type": event.type,
            "time": event.time,
            "rank": event.rank,
            "recorded_at": at,
            "data": event.data,
            "content_hash": event.content_hash,
            "customer_id": resolution.customer.row.pk if resolution.customer else None,
            "store_id": places.store_of(event.store),
            "center_id": places.center_of(event.source),
            "channel": event.channel,
            "thread": event.thread,
            "thread_seq": seq,
            "author": event.author,
            "agent_email": event.agent_email,
            "text": event.text,
            "topic": event.topic,
            "qualifier": event.qualifier,
            "amount_hundredths": event.amount_hundredths,
            "is_contested": bool(resolution.contested),
        }
        rows.append(new_row(Event, values))
    # In one order for everybody: two deliveries of the same events then wait for each other, and never crosswise.
    insert_rows(Event, sorted(rows, key=lambda row: (row.source, row.event_id)))
    return rows


def reserve_numbers(organization: Organization, counts: Counter[str]) -> dict[str, int]:
    """Takes the next numbers of each thread, in one statement that also makes new threads and locks their rows.

    Returns the first number taken for each; a number is given once, in order of arrival.
    """
    if not counts:
        return {}
    keys = sorted(counts)
    values = ", ".join(["(%s, %s, %s)"] * len(keys))
    parameters: list[int | str] = []
    for key in keys:
        parameters += [organization.pk, key, counts[key]]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO customers_thread (organization_id, key, last_seq) VALUES {values} "  # noqa: S608
            "ON CONFLICT (organization_id, key) DO UPDATE SET last_seq = customers_thread.last_seq + excluded.last_seq "
            "RETURNING key, last_seq",
            parameters,
        )
        return {key: last - counts[key] + 1 for key, last in cursor.fetchall()}


def _write_contested(
    organization: Organization,
    incoming: list[IncomingEvent],
    resolutions: list[Resolution],
    rows: list[Event],
    resolver: Resolver,
) -> None:
    contested = [
        ContestedIdentity(organization=organization, event=row, kind=key.kind, account=key.account, value=key.value)
        for event, resolution, row in zip(incoming, resolutions, rows, strict=True)
        if resolution.contested
        for key in dict.fromkeys(resolver.effective_keys(event))
    ]
    ContestedIdentity.objects.bulk_create(contested)
