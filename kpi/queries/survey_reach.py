"""How a customer can be asked: her proven number or address, over the account that can send to it; and whether she may be."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import Organization
from channels_app.deliveries.accounts import account_of_center
from channels_app.deliveries.adapter import Way
from channels_app.deliveries.queries import mail_account_for
from customers.email_addresses import is_masked_email
from customers.models import Customer, Event, Identity
from customers.models.identity import IdentityKind
from customers.queries.history import member_ids
from kpi.models import Survey, SurveyOptOut, SurveySettings
from kpi.surveys.occasions import NPS, Occasion

KOREAN_MOBILE = "+8210"
# 망법 §50: whoever has bought the same kind of goods may be advertised to for six months.
DEAL_DAYS = 180
OPTED_OUT, OPTED_IN = "survey.opted_out", "survey.opted_in"
WISHES = (OPTED_OUT, OPTED_IN)
ASKED = (Survey.State.PLANNED, Survey.State.HANDED, Survey.State.SENT)
NPS_OCCASIONS = (Occasion.PURCHASE, Occasion.CONTACT)


def members_of(customer: Customer) -> list[int]:
    return member_ids(customer)


def way_to(
    organization: Organization, members: Collection[int], *, center_id: int | None, prefers_mail: bool = False
) -> Way | None:
    """By text message where she has a Korean mobile number, else by mail; the other way round after a mail."""
    rows = Identity.objects.filter(
        organization=organization, customer__in=members, kind__in=[IdentityKind.PHONE, IdentityKind.EMAIL]
    )
    told = list(rows.order_by("kind", "created_at", "pk").values_list("kind", "value"))
    phone = next((v for kind, v in told if kind == IdentityKind.PHONE and v.startswith(KOREAN_MOBILE)), "")
    email = next((v for kind, v in told if kind == IdentityKind.EMAIL and not is_masked_email(v)), "")
    sms_account = account_of_center(organization.pk, "sms", center_id) if phone else None
    mail_account = mail_account_for(organization.pk, center_id) if email else None
    ways = [
        Way(sms_account, phone) if sms_account else None,
        Way(mail_account, email) if mail_account else None,
    ]
    return next((way for way in (reversed(ways) if prefers_mail else ways) if way), None)


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


def has_bought(organization: Organization, members: Collection[int], *, at: datetime) -> bool:
    """Whether what advertises may be sent to her without a consent of its own."""
    rows = Event.objects.filter(
        organization=organization, customer__in=members, type="pos.sale", time__gt=at - timedelta(days=DEAL_DAYS)
    )
    return rows.filter(customer__isnull=False, time__lte=at).exists()
