"""The rows of history itself: looked up by their key, numbered within their threads, written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from accounts.models import Organization
from customers.actions.places import Places
from customers.actions.resolution import Resolution
from customers.incoming import IncomingEvent
from customers.models import Event
from customers.models.event import Thread
from cxhub.bulk import Insert
from cxhub.identifiers import uuid7
from cxhub.plain_sql import as_instant, as_list, as_uuid, fetch, look_up

KEY = {"source": "text", "event_id": "text"}
Placed = tuple[IncomingEvent, Resolution]


class SomeAreKnown(Exception):
    """What was taken for new is in history already; roll back and look first."""


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
    # No error that the database would write into its log: repeats are nobody's mistake.
    then="ON CONFLICT (organization_id, source, event_id) DO NOTHING",
)


def write_events(
    organization: Organization, placed: Sequence[Placed], places: Places, *, at: datetime
) -> list[EventRow]:
    """Writes events whose owners are known and have rows; returns theirs in the same order. At most two statements.

    Raises `SomeAreKnown` where one is in history already, perhaps since a moment.
    """
    numbers = reserve_numbers(organization, Counter(event.thread for event, _ in placed if event.thread))
    rows: list[EventRow] = []
    written: list[tuple[EventRow, tuple[object, ...]]] = []
    for event, resolution in placed:
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
    if len(keys) < len(written):
        raise SomeAreKnown
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
