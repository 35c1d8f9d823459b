"""Builders of checked events, and the picture of all profiles that orders of delivery are compared by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from accounts.models import Organization
from customers.actions.recording import record_events
from customers.incoming import IdentityKey, IncomingEvent
from customers.models import Customer, Event, Identity, MergeSuggestion

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def identity(text: str) -> IdentityKey:
    """`phone:1` → a phone; `external:x` → an id in one channel account."""
    kind, _, value = text.partition(":")
    return IdentityKey(kind, "kakao:@shop" if kind == "external" else "", value)


def happened(
    event_id: str,
    *identities: str,
    kind: str = "pos.sale",
    minutes: int = 0,
    source: str = "/seoul/pos",
    claims: Iterable[str] = (),
    name: str = "",
    into: Iterable[str] = (),
    merged_from: Iterable[str] = (),
    thread: str = "",
    amount_hundredths: int | None = None,
) -> IncomingEvent:
    return IncomingEvent(
        source=source,
        event_id=event_id,
        type=kind,
        time=START + timedelta(minutes=minutes),
        data={},
        content_hash=hashlib.sha256(event_id.encode()).hexdigest(),
        rank=12,
        channel=kind.split(".", 1)[0],
        thread=thread,
        author="customer" if kind.endswith(".message") else "",
        name=name,
        verified=not tuple(claims),
        identities=tuple(identity(text) for text in identities),
        claims=tuple(identity(text) for text in claims),
        into=tuple(identity(text) for text in into),
        merged_from=tuple(identity(text) for text in merged_from),
        amount_hundredths=amount_hundredths,
        agent_email="kim@haneul.example",
    )


def record(organization: Organization, *events: IncomingEvent) -> None:
    """Records a batch under the organization's lock; call inside a transaction."""
    record_events(organization, events, at=AT, exclusive=True)


def profiles(organization: Organization) -> set[tuple[object, ...]]:
    """All profiles as they are seen: whose identities, whose events, which name and which sums; no keys, no order."""
    rows = list(Customer.objects.filter(organization=organization))
    groups: dict[int, list[Customer]] = {}
    for row in rows:
        groups.setdefault(row.root_id, []).append(row)
    seen = set()
    for members in groups.values():
        identities = frozenset(row.key for row in Identity.objects.filter(customer__in=members) if row.kind != "claim")
        events = frozenset(Event.objects.filter(customer__in=members).values_list("source", "event_id"))
        if not events:
            continue
        named = max(members, key=lambda row: bytes(row.name_order))
        seen.add(
            (
                identities,
                events,
                named.name,
                sum(row.event_count for row in members),
                sum(row.sale_count for row in members),
                sum(row.spent_hundredths for row in members),
                min(row.first_seen_at for row in members if row.first_seen_at),
                max(row.last_seen_at for row in members if row.last_seen_at),
            )
        )
    return seen


def partition(organization: Organization) -> set[frozenset[tuple[str, str]]]:
    """Only which events belong together."""
    return {seen[1] for seen in profiles(organization)}


def accept_all_suggestions(organization: Organization) -> None:
    """A person says yes to every question, and to those that this raises, until none is left."""
    for round_number in range(50):
        suggestion = MergeSuggestion.objects.filter(
            organization=organization, status=MergeSuggestion.Status.OPEN
        ).first()
        if suggestion is None:
            return
        sides = [
            [f"{key.kind}:{key.value}" for key in (row.key for row in Identity.objects.filter(customer=side)[:1])]
            for side in (suggestion.first, suggestion.second)
        ]
        record(
            organization,
            happened(
                f"accept-{round_number}",
                kind="customer.merged",
                minutes=9000 + round_number,
                source="/hub",
                into=sides[0],
                merged_from=sides[1],
            ),
        )
    raise AssertionError("suggestions without end")
