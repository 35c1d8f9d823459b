"""Writes down who is to be asked what, and when: an intention for each cause, once. Nothing is sent here.

Planners and senders of one organization wait for each other at its settings' row, so that the caps hold however many run.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Organization
from channels_app.deliveries.languages import language_of
from customers.models import Customer
from customers.quiet import next_allowed
from kpi.models import Survey, SurveyPlan, SurveySettings
from kpi.queries import survey_reach as reach
from kpi.queries.survey_causes import Cause, are_planned, causes_of
from kpi.surveys import reasons
from kpi.surveys.occasions import RULES, Occasion

# A transaction of so many takes some seconds on a small machine, and others wait for it.
PLANNED_AT_ONCE = 100


def plan_surveys(organization: Organization, *, at: datetime) -> int:
    """Plans what is due to be planned, for each occasion at most `PLANNED_AT_ONCE`; returns how many rows were written."""
    plans = SurveyPlan.objects.filter(organization=organization, is_on=True).exclude(occasion=Occasion.COUNTER)
    in_order = sorted(plans.select_related("organization"), key=lambda plan: Occasion.values.index(plan.occasion))
    return sum(_plan(plan, at=at) for plan in in_order)


def locked_settings(organization: Organization) -> SurveySettings:
    """The organization's row, made where there is none, held until the transaction ends."""
    SurveySettings.objects.get_or_create(organization=organization)
    return SurveySettings.objects.select_for_update(of=("self",)).get(organization=organization)


def _plan(plan: SurveyPlan, *, at: datetime) -> int:
    causes = causes_of(plan, at=at, at_most=PLANNED_AT_ONCE)
    if not causes:
        return 0
    with transaction.atomic():
        settings = locked_settings(plan.organization)
        known = are_planned(plan.organization_id, plan.occasion, [cause.key for cause in causes])
        new = [cause for cause in causes if cause.key not in known]
        for cause in new:
            _intend(plan, settings, cause, at=at)
    return len(new)


def _intend(plan: SurveyPlan, settings: SurveySettings, cause: Cause, *, at: datetime) -> Survey:
    organization = plan.organization
    due_at = next_allowed(
        max(at, cause.happened_at + timedelta(minutes=plan.wait_minutes)),
        zone=organization.zone,
        quiet_from=settings.quiet_from,
        quiet_until=settings.quiet_until,
    )
    rows = Customer.objects.filter(organization=organization)
    customer = rows.filter(pk=cause.customer_id).first() if cause.customer_id else None
    reason = _reason_against(plan, settings, cause, customer, due_at)
    return Survey.objects.create(
        organization=organization,
        occasion=plan.occasion,
        cause=cause.key,
        state=Survey.State.DROPPED if reason else Survey.State.PLANNED,
        reason=reason,
        customer=customer,
        thread=cause.thread,
        agent_email=cause.agent_email,
        language=language_of(organization, reach.members_of(customer))
        if customer and not reason
        else organization.language,
        is_advertising=plan.is_advertising,
        planned_at=at,
        due_at=due_at,
    )


def _reason_against(
    plan: SurveyPlan, settings: SurveySettings, cause: Cause, customer: Customer | None, due_at: datetime
) -> str:
    """Why she is not asked; "" where she is. What may have changed by then is looked at again before it goes."""
    if cause.is_in_chat:
        return reasons.IN_CHAT
    if customer is None:
        return reasons.NO_CUSTOMER
    members = reach.members_of(customer)
    if reach.has_opted_out(plan.organization, members):
        return reasons.OPTED_OUT
    _way, reason = reach.way_for(
        plan.organization,
        members,
        thread=cause.thread,
        channel=cause.channel,
        center_id=cause.center_id,
        advertises_at=due_at if plan.is_advertising else None,
    )
    if reason:
        return reason
    if reach.is_too_soon(settings, members, RULES[Occasion(plan.occasion)].kind, at=due_at):
        return reasons.TOO_SOON
    return ""
