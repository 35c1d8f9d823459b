"""Follows what was asked and answered: keeps the rows of answers and wishes in line with their events, and opens what a
low answer asks for. Found from the database; run twice it does the same once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import Organization, Store
from customers.models import Customer, Event
from customers.queries.history import member_ids
from kpi.actions.surveys_planning import locked_settings
from kpi.models import Survey, SurveyAnswer, SurveyOptOut, SurveySettings
from kpi.queries.survey_events import TYPES, as_told, read_places
from kpi.queries.survey_reach import OPTED_OUT, WISHES
from kpi.surveys import reasons
from kpi.surveys.occasions import SCALES, is_low
from kpi.surveys.standing import Standing, standings
from tickets.models import Ticket

FOLLOWED_AT_ONCE = 300
# Events become visible in another order than that of their keys: what is younger is looked through again.
SETTLED_AFTER = timedelta(minutes=10)
_TOLD = (
    *("score", "comment", "changed_at", "agent_email", "customer_id", "center_id", "store_id", "is_low"),
    *("outcome", "outcome_by", "outcome_at", "outcome_text"),
)


def follow_answers(organization: Organization, *, at: datetime) -> int:
    """Brings answers and wishes up to their events. Returns how many events were looked at."""
    settings = SurveySettings.objects.filter(organization=organization).first()
    if settings is None:  # from now on a low answer opens a ticket, and what was answered before is history
        settings, _is_new = SurveySettings.objects.get_or_create(organization=organization)
    start = settings.upto
    events = Event.objects.filter(organization=organization)
    settled = events.filter(pk__gt=start, recorded_at__lt=at - SETTLED_AFTER).aggregate(last=Max("pk"))["last"]
    begin, looked_at = start, 0
    while True:
        wanted = events.filter(pk__gt=begin, type__in=(*TYPES, *WISHES)).order_by("pk")
        found = list(wanted[:FOLLOWED_AT_ONCE])
        if not found:
            break
        with transaction.atomic():
            settings = locked_settings(organization)
            _follow(settings, [event for event in found if event.type in TYPES])
            for event in found:
                if event.type in WISHES:
                    follow_wish(organization, event)
        begin, looked_at = found[-1].pk, looked_at + len(found)
    if settled:
        SurveySettings.objects.filter(organization=organization, upto__lt=settled).update(upto=settled)
    return looked_at


def follow_wish(organization: Organization, event: Event) -> None:
    """What she said last counts, in whatever order it arrived. Within a transaction."""
    customer = event.customer or _customer_of(organization, event.thread)
    if customer is None:
        return
    members = member_ids(customer)
    rows = Event.objects.filter(organization=organization, customer__in=members, type__in=WISHES)
    last = max([event, *rows.filter(customer__isnull=False)], key=lambda one: one.order)
    if last.type == OPTED_OUT:
        SurveyOptOut.objects.get_or_create(
            organization=organization, customer_id=customer.root_id, defaults={"opted_at": last.time}
        )
        planned = Survey.objects.filter(organization=organization, customer__in=members, state=Survey.State.PLANNED)
        planned.update(state=Survey.State.DROPPED, reason=reasons.OPTED_OUT)
    else:
        SurveyOptOut.objects.filter(organization=organization, customer__in=members).delete()


def _customer_of(organization: Organization, thread: str) -> Customer | None:
    rows = Ticket.objects.standing().filter(organization=organization, thread=thread).select_related("customer")
    ticket = rows.order_by("-opened_at", "-pk").first() if thread else None
    return ticket.customer if ticket else None


def _follow(settings: SurveySettings, touched: Sequence[Event]) -> None:
    if not touched:
        return
    organization = settings.organization
    places = read_places(organization, touched)
    events = {event.pk: event for some in places.events.values() for event in some}
    found = [one for some in places.events.values() for one in standings([as_told(event) for event in some])]
    surroundings = _Surroundings(organization, [events[one.first.pk] for one in found])
    new, changed = [], []
    for one in found:
        if one.first.kind not in SCALES:
            continue
        told = surroundings.told_of(one, events[one.first.pk], settings)
        row = places.known.get(one.first.pk)
        if row is None:
            new.append(_new(organization, events[one.first.pk], told))
        elif any(getattr(row, name) != told[name] for name in _TOLD):
            for name in _TOLD:
                setattr(row, name, told[name])
            changed.append(row)
    SurveyAnswer.objects.bulk_create(new, ignore_conflicts=True)
    SurveyAnswer.objects.bulk_update(changed, [name.removesuffix("_id") for name in _TOLD], batch_size=100)


def _new(organization: Organization, event: Event, told: dict[str, Any]) -> SurveyAnswer:
    return SurveyAnswer(
        organization=organization,
        event=event,
        kind=event.qualifier,
        answered_at=event.time,
        thread=event.thread,
        **told,
    )


class _Surroundings:
    """Tickets and stores around some answers, read once for all of them."""

    def __init__(self, organization: Organization, answers: Sequence[Event]) -> None:
        threads = {event.thread for event in answers if event.thread}
        rows = Ticket.objects.standing().filter(organization=organization, thread__in=threads)
        told = rows.order_by("opened_at", "pk").values_list("thread", "center_id", "store_id", "customer_id")
        self.tickets = {thread: rest for thread, *rest in told} if threads else {}
        self.centers = dict(Store.objects.filter(organization=organization).values_list("pk", "center_id"))

    def told_of(self, one: Standing, event: Event, settings: SurveySettings) -> dict[str, Any]:
        center, store, customer = self.tickets.get(event.thread, (None, None, None))
        store = event.store_id or (one.sent.store_id if one.sent else None) or store
        center = center or event.center_id or (one.sent.center_id if one.sent else None)
        outcome = one.followed_up
        return {
            "score": one.score,
            "comment": one.comment,
            "changed_at": one.changed_at,
            "agent_email": one.sent.agent_email if one.sent else "",
            "customer_id": event.customer_id or customer,
            "center_id": center or (self.centers.get(store) if store else None),
            "store_id": store,
            "is_low": is_low(one.first.kind, one.score, settings.low),
            "outcome": outcome.outcome if outcome else "",
            "outcome_by": outcome.agent_email if outcome else "",
            "outcome_at": outcome.time if outcome else None,
            "outcome_text": outcome.text if outcome else "",
        }
