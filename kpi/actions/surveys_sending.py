"""Hands planned surveys to the deliveries when they are due, and writes into the history what was really sent.

Each step is found by how the rows stand. What is sent, and each attempt at it, is the delivery's; a survey has one.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import Organization
from channels_app.deliveries.actions import CannotSend, announce
from channels_app.deliveries.announcements import Announcement, Verdict
from channels_app.deliveries.mail_instead import announce_by_mail, may_go_by_mail
from channels_app.deliveries.reporting import has_gone
from channels_app.hub.actions import CannotBeNamed, naming
from channels_app.hub.writing import envelope
from channels_app.intake import hub_sender, receive
from channels_app.models import Delivery
from customers.consenting import by_day
from customers.queries.consents import advertised_by
from customers.quiet import is_quiet, next_allowed
from kpi.actions.surveys_planning import locked_settings
from kpi.models import Survey, SurveySettings
from kpi.queries import survey_reach as reach
from kpi.queries.survey_causes import is_open_again
from kpi.queries.survey_settings import plan_of
from kpi.surveys import links, reasons
from kpi.surveys.texts import marked, stop_words, texts_of
from tickets.models import Ticket

logger = logging.getLogger(__name__)

HANDED_AT_ONCE = 100
# Whoever is asked about a thing of three days ago has forgotten it.
GIVEN_UP_AFTER = timedelta(days=2)
State = Survey.State


def hand_over_due(organization: Organization, *, at: datetime) -> int:
    """Gives what is due to the deliveries, each in a transaction of its own. Returns how many were given."""
    due = Survey.objects.filter(organization=organization, state=State.PLANNED, due_at__lte=at)
    keys = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:HANDED_AT_ONCE])
    return sum(_hand_over(organization, key, at=at) for key in keys)


def tell_what_was_sent(organization: Organization, *, at: datetime) -> int:
    """Writes `survey.sent` for what has gone, and marks what could not. Returns how many have gone."""
    rows = Survey.objects.filter(organization=organization).select_related(
        "organization", "customer", "delivery__account"
    )
    over = [Delivery.State.FAILED, Delivery.State.DROPPED]
    for survey in rows.filter(state=State.HANDED, delivery__state__in=over).order_by("pk")[:HANDED_AT_ONCE]:
        if not _falls_back_to_mail(survey, at=at):
            mine = Survey.objects.filter(pk=survey.pk, state=State.HANDED, delivery=survey.delivery)
            mine.update(state=State.FAILED, reason=reasons.NOT_SENT)
    gone = rows.filter(has_gone(at), state__in=[State.HANDED, State.FAILED])
    told = list(gone.order_by("pk")[:HANDED_AT_ONCE])
    for survey in told:
        assert survey.delivery is not None, "What has gone has a delivery."
        tell_sent(survey, sent_at=survey.delivery.done_at or at, at=at)
    return len(told)


def _falls_back_to_mail(survey: Survey, *, at: datetime) -> bool:
    """What did not reach her by text or messenger goes by mail, once, where she can and may be written to so."""
    assert survey.delivery is not None, "It was handed over."
    failed = survey.delivery
    if not may_go_by_mail(failed) or survey.customer is None:
        return False
    with transaction.atomic():
        settings = locked_settings(survey.organization)
        members = reach.members_of(survey.customer)
        if at > survey.due_at + GIVEN_UP_AFTER or reach.has_opted_out(survey.organization, members):
            return False
        if not plan_of(survey.organization, survey.occasion).is_on or is_open_again(survey):
            return False
        by_then = next_allowed(
            at, zone=survey.organization.zone, quiet_from=settings.quiet_from, quiet_until=settings.quiet_until
        )
        if survey.is_advertising and "mail" not in advertised_by(survey.organization, members, at=by_then):
            return False
        delivery = announce_by_mail(failed, members, center_id=_center_of(survey), language=survey.language, at=at)
        mine = Survey.objects.filter(pk=survey.pk, state=State.HANDED, delivery=failed)
        return bool(delivery and mine.update(delivery=delivery, account=delivery.account, recipient=delivery.recipient))


def _center_of(survey: Survey) -> int | None:
    ticket = _ticket_of(survey)
    return ticket.center_id if ticket else None


def _ticket_of(survey: Survey) -> Ticket | None:
    if not survey.thread:
        return None
    rows = Ticket.objects.filter(organization=survey.organization_id, thread=survey.thread)
    return rows.order_by("-opened_at", "-pk").first()


def tell_sent(survey: Survey, *, sent_at: datetime, at: datetime) -> None:
    """The event first, then the row: what is cut off in between is told again, under the same id."""
    receive(survey.organization, [sent_event(survey, sent_at)], sender=hub_sender(), at=at)
    Survey.objects.filter(pk=survey.pk).exclude(state=State.SENT).update(
        state=State.SENT, sent_at=sent_at, due_at=sent_at, reason=""
    )


def sent_event(survey: Survey, sent_at: datetime) -> dict[str, Any]:
    told: dict[str, Any] = {**place_of(survey), "survey": survey.kind}
    if survey.agent_email:
        told["agent"] = survey.agent_email
    return envelope("survey.sent", told, at=sent_at, key=survey.sent_id)


def place_of(survey: Survey) -> dict[str, Any]:
    """Where its events belong: its conversation, else its customer."""
    if survey.thread:
        return {"thread": survey.thread}
    if survey.customer is None:
        return {}
    try:
        return {"customer": naming(survey.customer)}
    except CannotBeNamed:
        return {}


# What the deliveries ask this room -------------------------------------------------------------------------------


def announcement_for(delivery: Delivery) -> Announcement | None:
    survey = Survey.objects.filter(organization=delivery.organization_id, delivery=delivery).first()
    if survey is None:
        return None
    return Announcement(
        subject=survey.subject,
        words=survey.words,
        link=links.answer_url(survey.key),
        stop_words=stop_words(survey.language, is_advertising=survey.is_advertising),
        stop_link=links.stop_url(survey.key),
        fills_template=not survey.is_advertising,
    )


def look_before_it_goes(delivery: Delivery, at: datetime) -> Verdict:
    """Right before each attempt: a provider that was away in the evening is not made up for at night."""
    survey = Survey.objects.filter(organization=delivery.organization_id, delivery=delivery).first()
    if survey is None or survey.customer is None:
        return Verdict(drops=True, cause="not_wanted")
    members = reach.members_of(survey.customer)
    if reach.has_opted_out(delivery.organization, members):
        return Verdict(drops=True, cause="not_wanted")
    if survey.is_advertising:
        medium = reach.medium_of(delivery.account.adapter)
        # At night it waits for the day below; what counts then is what she allows by day.
        by_then = by_day(at, delivery.organization.zone)
        if medium not in advertised_by(delivery.organization, members, at=by_then):
            return Verdict(drops=True, cause="not_wanted")
    if delivery.account.adapter == "mail" and delivery.may_have_gone():
        return Verdict(drops=True, cause="interrupted")  # asked twice is worse than not at all
    settings = SurveySettings.objects.get(organization=delivery.organization_id)
    hours = {"quiet_from": settings.quiet_from, "quiet_until": settings.quiet_until}
    allowed = next_allowed(at, zone=delivery.organization.zone, **hours)
    return Verdict(until=allowed) if allowed > at else Verdict()


# One survey ------------------------------------------------------------------------------------------------------


def _hand_over(organization: Organization, survey_id: int, *, at: datetime) -> bool:
    with transaction.atomic():
        settings = locked_settings(organization)
        survey = Survey.objects.select_related("customer").filter(pk=survey_id, state=State.PLANNED).first()
        if survey is None or survey.due_at > at:
            return False  # another was quicker
        mine = Survey.objects.filter(pk=survey_id, state=State.PLANNED)
        hours = {"quiet_from": settings.quiet_from, "quiet_until": settings.quiet_until}
        if is_quiet(at, zone=organization.zone, **hours):
            mine.update(due_at=next_allowed(at, zone=organization.zone, **hours))
            return False
        reason = _reason_against(survey, settings, at=at)
        if reason:
            mine.update(state=State.DROPPED, reason=reason)
            return False
        return _give_to_deliveries(survey, organization, settings, at=at)


def _reason_against(survey: Survey, settings: SurveySettings, *, at: datetime) -> str:
    if survey.customer is None:
        return reasons.NO_CUSTOMER
    members = reach.members_of(survey.customer)
    if reach.has_opted_out(settings.organization, members):
        return reasons.OPTED_OUT
    if not plan_of(settings.organization, survey.occasion).is_on:
        return reasons.SWITCHED_OFF
    if at > survey.due_at + GIVEN_UP_AFTER:
        return reasons.TOO_LATE
    if is_open_again(survey):
        return reasons.OPEN_AGAIN
    gone = (State.HANDED, State.SENT)
    if reach.is_too_soon(settings, members, survey.kind, at=at, states=gone, apart_from=survey.pk):
        return reasons.TOO_SOON
    return ""


def _give_to_deliveries(survey: Survey, organization: Organization, settings: SurveySettings, *, at: datetime) -> bool:
    assert survey.customer is not None, "Looked at before."
    mine = Survey.objects.filter(pk=survey.pk, state=State.PLANNED)
    ticket = _ticket_of(survey)
    way, reason = reach.way_for(
        organization,
        reach.members_of(survey.customer),
        thread=survey.thread,
        channel=ticket.channel if ticket else "",
        center_id=ticket.center_id if ticket else None,
        advertises_at=at if survey.is_advertising else None,
    )
    if way is None:
        mine.update(state=State.DROPPED, reason=reason)
        return False
    plan = plan_of(organization, survey.occasion)
    texts = texts_of(survey.occasion, plan.texts, survey.language, shop=organization.name)
    words = texts.message
    if survey.is_advertising:
        words = marked(words, shop=organization.name, contact=settings.contact, language=survey.language)
    try:
        delivery = announce(way.account, Delivery.Kind.SURVEY, way.recipient, language=survey.language, at=at)
    except CannotSend:
        mine.update(state=State.DROPPED, reason=reasons.NO_WAY)
        return False
    given = mine.update(
        state=State.HANDED,
        due_at=at,
        delivery=delivery,
        account=way.account,
        recipient=way.recipient,
        subject=texts.subject[:100],
        words=words,
    )
    assert given, "Held by the settings' lock."
    return True
