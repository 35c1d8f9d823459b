"""An answer to a survey that was changed is one answer: what the last change says is what counts, and only that is heard."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q

from accounts.models import Organization
from customers.models import Customer, Event
from cxhub.identifiers import is_uuid
from voc.texts import ANSWERED, CHANGED


def replaced_among(organization: Organization, events: Iterable[Event]) -> set[int]:
    """Keys of the answers and changes, of all that these events belong to, that a later change has replaced.

    A function of what is recorded, in whichever order it came. Four statements at most, none where no survey is among the events.
    """
    told = [event for event in events if event.type in (ANSWERED, CHANGED)]
    if not told:
        return set()
    firsts = {event.pk: event for event in [*told, *_meant(organization, told)] if event.type == ANSWERED}
    changes = {event.pk: event for event in [*told, *_changes(organization, firsts.values())] if event.type == CHANGED}
    replaced: set[int] = set()
    for first in firsts.values():
        later = [one for one in changes.values() if _is_change_of(one, first)]
        family = sorted([first, *later], key=lambda one: one.order)
        replaced.update(one.pk for one in family[:-1])
    return replaced


def _meant(organization: Organization, told: Sequence[Event]) -> list[Event]:
    """The answers that changes are about."""
    refs = {str(event.data.get("answer") or "") for event in told if event.type == CHANGED}
    if not refs:
        return []
    sources = {event.source for event in told}
    meant = Q(source__in=sources, event_id__in=refs) | Q(public_id__in=[ref for ref in refs if is_uuid(ref)])
    return list(Event.objects.filter(meant, organization=organization, type=ANSWERED))


def _changes(organization: Organization, firsts: Collection[Event]) -> list[Event]:
    """What was changed in the conversations of these answers, or by their customers."""
    changed = Event.objects.filter(organization=organization, type=CHANGED)
    threads = {event.thread for event in firsts if event.thread}
    customers = {event.customer_id for event in firsts if event.customer_id and not event.thread}
    found = list(changed.filter(thread__in=threads)) if threads else []
    if customers:
        rows = Customer.objects.filter(organization=organization)
        roots = {merged or pk for pk, merged in rows.filter(pk__in=customers).values_list("pk", "merged_into")}
        found += changed.filter(customer__in=rows.in_groups(roots), customer__isnull=False)
    return found


def _is_change_of(one: Event, first: Event) -> bool:
    """By the public id that the hub gave it, or by its own id from the same source; later, and of the same kind."""
    answer = str(one.data.get("answer") or "")
    is_meant = answer.replace("-", "") == first.public_id.hex or (
        answer == first.event_id and one.source == first.source
    )
    return is_meant and one.order > first.order and one.data.get("survey") == first.data.get("survey")
