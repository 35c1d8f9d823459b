"""A customer wants to be asked no more, or again: by her own link, or told to somebody at the desk. At once, and on her history."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Organization, Person
from channels_app.hub.actions import CannotBeNamed, naming
from channels_app.hub.writing import envelope, require
from channels_app.intake import hub_sender, receive
from customers.models import Customer, Event
from customers.policies import may_browse
from customers.queries.history import member_ids
from kpi.actions.surveys_following import follow_wish
from kpi.models import Survey, SurveyOptOut
from kpi.queries.survey_reach import OPTED_IN, OPTED_OUT, has_opted_out
from kpi.surveys import reasons


def is_stopped(customer: Customer | None) -> bool:
    return customer is not None and has_opted_out(customer.organization, member_ids(customer))


def stop_asking(customer: Customer, *, by: Person | None, at: datetime) -> None:
    """From now on, also for what is on its way. `by` is None for herself. Raises HubRefusal. Twice is once."""
    if by is not None:
        require(may_browse(by) and by.organization_id == customer.organization_id)
    if is_stopped(customer):
        return
    with transaction.atomic():
        # First, and whatever the intake is at: from here on nothing goes.
        SurveyOptOut.objects.get_or_create(
            organization=customer.organization, customer_id=customer.root_id, defaults={"opted_at": at}
        )
        planned = Survey.objects.filter(organization=customer.organization, state=Survey.State.PLANNED)
        planned.filter(customer__in=member_ids(customer)).update(state=Survey.State.DROPPED, reason=reasons.OPTED_OUT)
    _tell(customer, OPTED_OUT, by=by, at=at)


def ask_again(customer: Customer, *, by: Person | None, at: datetime) -> None:
    """She has pressed the wrong button, or has changed her mind. As `stop_asking`."""
    if by is not None:
        require(may_browse(by) and by.organization_id == customer.organization_id)
    if is_stopped(customer):
        _tell(customer, OPTED_IN, by=by, at=at)


def _tell(customer: Customer, kind: str, *, by: Person | None, at: datetime) -> None:
    organization: Organization = customer.organization
    try:
        told = {"customer": naming(customer), **({"agent": by.email} if by else {})}
    except CannotBeNamed:
        return  # erased meanwhile: there is nobody left to be asked
    key = f"{kind.removeprefix('survey.')}-{customer.public_id.hex}-{int(at.timestamp() * 1000)}"
    sender = hub_sender(person_id=by.pk if by else None)
    (outcome,) = receive(organization, [envelope(kind, told, at=at, key=key)], sender=sender, at=at)
    rows = Event.objects.select_related("customer").filter(organization=organization)
    event = rows.filter(public_id=outcome.event).first() if outcome.event else None
    if event is not None:
        with transaction.atomic():
            follow_wish(organization, event)
