"""Keeps the rows of promises in line with their events, in the transaction that records those."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from django.db.models import Q

from accounts.models import Center, Organization
from customers.actions.event_rows import EventRow
from customers.actions.locking import lock_promises
from customers.incoming import IncomingEvent
from customers.models import Event, Promise, PromiseStep
from customers.promising import PromiseEvent, PromiseState, follow_promise, makes_promise, promise_meant
from cxhub.identifiers import is_uuid

Arrived = Mapping[str, Sequence[tuple[IncomingEvent, EventRow]]]
_STATE = tuple(name for name in PromiseState.__slots__ if name != "center")


def refold_promises(organization: Organization, arrived: Arrived) -> None:
    """Works out anew the promises that the new events make, change or settle. No statement where none does.

    An event means a promise by the public id that the hub gave it, or by the id of the note that made it: one of the
    same source, or of the same conversation.
    """
    made, meant = [], {}
    for some in arrived.values():
        for event, row in some:
            if makes_promise(event.type, event.data):
                made.append(row)
            if reference := promise_meant(event.type, event.data):
                meant[row.pk] = reference
    if not made and not meant:
        return
    # After conversations and tickets: whoever waits here holds none that the one before still needs.
    lock_promises(organization.pk)
    steps = [PromiseStep(organization=organization, event_id=pk, reference=meant[pk]) for pk in sorted(meant)]
    PromiseStep.objects.bulk_create(steps, ignore_conflicts=True)
    _refold(organization, {row.pk for row in made} | _promises_meant(organization, meant.values()))


def _promises_meant(organization: Organization, references: Iterable[str]) -> set[int]:
    """The notes that made what is called so, among those recorded before."""
    told = set(references)
    if not told:
        return set()
    public_ids = [UUID(one) for one in told if is_uuid(one)]
    rows = Promise.objects.filter(Q(note_id__in=told) | Q(public_id__in=public_ids), organization=organization)
    return set(rows.values_list("event_id", flat=True))


def _refold(organization: Organization, notes: Iterable[int]) -> None:
    made = Event.objects.filter(organization=organization, pk__in=set(notes)).order_by("pk")
    names = {note.pk: {note.event_id, str(note.public_id), note.public_id.hex} for note in made}
    found: dict[str, list[Event]] = defaultdict(list)
    steps = PromiseStep.objects.filter(
        organization=organization, reference__in={name for some in names.values() for name in some}
    )
    for step in steps.select_related("event"):
        found[step.reference].append(step.event)
    states = {}
    for note in made:
        own = {step.pk: step for name in names[note.pk] for step in found[name] if _means(step, name, note)}
        in_order = sorted(own.values(), key=lambda step: step.order)
        states[note] = follow_promise(_told(note), map(_told, in_order), zone=organization.zone)
    _write(organization, states)


def _means(step: Event, name: str, note: Event) -> bool:
    return name != note.event_id or step.source == note.source or step.thread == note.thread


def _told(event: Event) -> PromiseEvent:
    return PromiseEvent(event.time, event.type, event.agent_email, event.text, event.data)


def _write(organization: Organization, states: Mapping[Event, PromiseState]) -> None:
    slugs = {state.center for state in states.values() if state.center}
    centers = dict(Center.objects.filter(organization=organization, slug__in=slugs).values_list("slug", "pk"))
    rows = []
    for note, state in states.items():
        told = {name: value for name, value in asdict(state).items() if name != "center"}
        if state.center not in centers:
            # A center that nobody knows can keep nothing: then it is still hers who promised.
            told["owner_email"] = state.owner_email or state.made_by
        rows.append(
            Promise(
                organization=organization,
                event=note,
                public_id=note.public_id,
                source=note.source,
                note_id=note.event_id,
                thread=note.thread,
                center_id=centers.get(state.center),
                **told,
            )
        )
    Promise.objects.bulk_create(rows, update_conflicts=True, unique_fields=["event"], update_fields=[*_STATE, "center"])
