"""The events of surveys, by place: a conversation, or a customer where there is none. Reads only; few statements for many places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Organization
from customers.models import Customer, Event
from cxhub.identifiers import is_uuid
from kpi.models import SurveyAnswer
from kpi.surveys.standing import ANSWERED, CHANGED, FOLLOWED_UP, SENT, SurveyEvent

TYPES = (SENT, ANSWERED, CHANGED, FOLLOWED_UP)
# A conversation, a customer's root, or an answer that is neither's.
Place = tuple[str, str | int]


@dataclass(slots=True)
class Places:
    """The survey events of some places, and the rows of answers among them by the key of their event."""

    events: dict[Place, list[Event]]
    known: dict[int, SurveyAnswer]


def read_places(organization: Organization, touched: Iterable[Event]) -> Places:
    """Everything told at the places that these events touch. Seven statements at most."""
    touched = [*touched, *_meant(organization, touched)]
    threads = {event.thread for event in touched if event.thread}
    roots = _roots(organization, {event.customer_id for event in touched if not event.thread and event.customer_id})
    events = Event.objects.filter(organization=organization, type__in=TYPES)
    found = list(events.filter(thread__in=threads)) if threads else []
    if roots:
        found += events.filter(customer__in=roots, customer__isnull=False, thread="")
    found += [event for event in touched if not event.thread and not event.customer_id]
    by_place: dict[Place, list[Event]] = defaultdict(list)
    for event in {event.pk: event for event in found}.values():
        by_place[_place(event, roots)].append(event)
    known = _known(organization, found)
    _add_outcomes(organization, by_place, known)
    return Places(by_place, known)


def as_told(event: Event) -> SurveyEvent:
    score = event.data.get("score")
    return SurveyEvent(
        pk=event.pk,
        public_id=event.public_id.hex,
        source=event.source,
        event_id=event.event_id,
        type=event.type,
        kind=str(event.data.get("survey") or ""),
        time=event.time,
        order=event.order,
        score=score if isinstance(score, int) else 0,
        text=event.text,
        agent_email=event.agent_email,
        outcome=event.qualifier if event.type == FOLLOWED_UP else "",
        answer=str(event.data.get("answer") or ""),
        store_id=event.store_id,
        center_id=event.center_id,
    )


def _meant(organization: Organization, touched: Iterable[Event]) -> list[Event]:
    """The answers that outcomes told elsewhere are about."""
    refs = {str(event.data.get("answer")) for event in touched if event.type == FOLLOWED_UP}
    ids = [ref for ref in refs if is_uuid(ref)]
    rows = Event.objects.filter(organization=organization, public_id__in=ids, type=ANSWERED)
    return list(rows) if ids else []


def _roots(organization: Organization, customers: Collection[int]) -> dict[int, int]:
    """Every row of their groups → its root."""
    if not customers:
        return {}
    rows = Customer.objects.filter(organization=organization)
    roots = {merged or pk for pk, merged in rows.filter(pk__in=customers).values_list("pk", "merged_into")}
    return {pk: merged or pk for pk, merged in rows.in_groups(roots).values_list("pk", "merged_into")}


def _place(event: Event, roots: dict[int, int]) -> Place:
    if event.thread:
        return "thread", event.thread
    if event.customer_id:
        return "customer", roots.get(event.customer_id, event.customer_id)
    return "event", event.pk


def _known(organization: Organization, events: Iterable[Event]) -> dict[int, SurveyAnswer]:
    keys = [event.pk for event in events if event.type == ANSWERED]
    rows = SurveyAnswer.objects.filter(organization=organization, event__in=keys)
    return {row.event_id: row for row in rows} if keys else {}


def _add_outcomes(
    organization: Organization, by_place: dict[Place, list[Event]], known: dict[int, SurveyAnswer]
) -> None:
    """What came of low answers is told where they are looked after: in a conversation of its own."""
    followed = {row.follow_thread for row in known.values() if row.follow_thread}
    if not followed:
        return
    told = Event.objects.filter(Q(thread__in=followed), organization=organization, type=FOLLOWED_UP)
    by_thread: dict[str, list[Event]] = defaultdict(list)
    for event in told:
        by_thread[event.thread].append(event)
    for events in list(by_place.values()):
        threads = {known[event.pk].follow_thread for event in events if event.pk in known}
        mine = {event.pk for event in events}
        events += [one for thread in threads for one in by_thread.get(thread, []) if one.pk not in mine]
