"""How a customer can be asked: her proven number or address, over the account that can send to it; and whether she may be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import Organization
from channels_app.adapters import adapter_for_channel
from channels_app.deliveries.adapter import Way
from channels_app.deliveries.ways import ways_to
from customers.models import Customer, Event
from customers.queries.consents import advertised_by
from customers.queries.history import member_ids
from kpi.models import Survey, SurveyOptOut, SurveySettings
from kpi.surveys import reasons
from kpi.surveys.occasions import NPS, Occasion

OPTED_OUT, OPTED_IN = "survey.opted_out", "survey.opted_in"
WISHES = (OPTED_OUT, OPTED_IN)
ASKED = (Survey.State.PLANNED, Survey.State.HANDED, Survey.State.SENT)
NPS_OCCASIONS = (Occasion.PURCHASE, Occasion.CONTACT)


def members_of(customer: Customer) -> list[int]:
    return member_ids(customer)


def way_for(
    organization: Organization,
    members: Sequence[int],
    *,
    thread: str = "",
    channel: str = "",
    center_id: int | None = None,
    advertises_at: datetime | None = None,
) -> tuple[Way | None, str]:
    """How she is asked; None with the reason why not.

    In the messenger where the ticket was one of a messenger that can be written to; else by text message, or by mail,
    which comes first after a mail. `advertises_at` is when a text that advertises would go: then only by a medium that
    she allows.
    """
    ways = _ways(organization, members, thread=thread, channel=channel, center_id=center_id)
    if not ways:
        return None, reasons.NO_WAY
    if advertises_at is None:
        return ways[0], ""
    media = advertised_by(organization, members, at=advertises_at)
    way = next((way for way in ways if medium_of(way.account.adapter) in media), None)
    return way, "" if way else reasons.NO_DEAL


def _ways(
    organization: Organization, members: Collection[int], *, thread: str, channel: str, center_id: int | None
) -> list[Way]:
    found = ways_to(organization, members, center_id=center_id)
    order = ("mail", "sms") if channel == "mail" else ("sms", "mail")
    ways = [found[medium] for medium in order if medium in found]
    adapter = adapter_for_channel("message") if channel == "message" and thread else None
    there = adapter.way_to(organization.pk, thread, center_id) if adapter else None
    return [there, *ways] if there else ways


def medium_of(adapter: str) -> str:
    """The medium of consents by which an account sends."""
    return {"sms": "sms", "mail": "mail"}.get(adapter, "kakao")


def has_opted_out(organization: Organization, members: Collection[int]) -> bool:
    """What she said last, in the row or in a history that no follower has looked at yet."""
    rows = SurveyOptOut.objects.filter(organization=organization, customer__in=members)
    out_since = rows.order_by("-opted_at").values_list("opted_at", flat=True).first()
    wishes = Event.objects.filter(organization=organization, customer__in=members, type__in=WISHES)
    last = wishes.filter(customer__isnull=False).order_by("-time", "-rank", "-source", "-event_id").first()
    if last is None or (out_since is not None and out_since >= last.time):
        return out_since is not None
    return last.type == OPTED_OUT


def is_too_soon(
    settings: SurveySettings,
    members: Collection[int],
    kind: str,
    *,
    at: datetime,
    states: Collection[str] = ASKED,
    apart_from: int | None = None,
) -> bool:
    """Whether another survey of hers lies nearer to this instant than the caps allow."""
    near = Q(due_at__gt=at - timedelta(days=settings.days_between))
    near &= Q(due_at__lt=at + timedelta(days=settings.days_between))
    if kind == NPS:
        wide = timedelta(days=settings.nps_days_between)
        near |= Q(due_at__gt=at - wide, due_at__lt=at + wide, occasion__in=NPS_OCCASIONS)
    rows = Survey.objects.filter(near, organization=settings.organization_id, customer__in=members, state__in=states)
    rows = rows.exclude(occasion=Occasion.COUNTER)
    rows = rows.exclude(pk=apart_from) if apart_from else rows
    return rows.exists() or _was_asked_elsewhere(settings, members, kind, at=at)


def _was_asked_elsewhere(settings: SurveySettings, members: Collection[int], kind: str, *, at: datetime) -> bool:
    """In the chat, or by whatever else told us so."""
    asked = Q(time__gt=at - timedelta(days=settings.days_between))
    if kind == NPS:
        asked |= Q(time__gt=at - timedelta(days=settings.nps_days_between), qualifier=NPS)
    rows = Event.objects.filter(asked, organization=settings.organization_id, customer__in=members, type="survey.sent")
    return rows.filter(customer__isnull=False, time__lte=at).exists()
