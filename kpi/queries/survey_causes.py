"""What has happened that a survey may be about: tickets resolved, calls ended, purchases. Reads only.

Found by when it happened, some days back: a worker that was away loses nothing, and nobody is asked about last month.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import Organization
from channels_app.models import WidgetConversation
from customers.models import Event
from kpi.models import Survey, SurveyPlan
from kpi.surveys.occasions import Occasion
from kpi.surveys.sampling import is_sampled
from tickets.models import Ticket

LOOKED_BACK = timedelta(days=3)
# More names in one statement than SQLite takes would be an error.
ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Cause:
    """`key` is what makes it one. `is_in_chat` where the widget asks by itself."""

    key: str
    happened_at: datetime
    customer_id: int | None
    thread: str = ""
    agent_email: str = ""
    center_id: int | None = None
    channel: str = ""
    is_in_chat: bool = False


def causes_of(plan: SurveyPlan, *, at: datetime, at_most: int) -> list[Cause]:
    """What this plan asks about and nobody has been planned for yet, the oldest first."""
    wait = timedelta(minutes=plan.wait_minutes)
    since = at - wait - LOOKED_BACK
    since = max(since, plan.on_since) if plan.on_since else since
    found = _FOUND[Occasion(plan.occasion)](plan.organization, since, at - wait)
    drawn = [one for one in found if is_sampled(plan.occasion, one.key, plan.sample_percent)]
    return _not_planned(plan, drawn)[:at_most]


def are_planned(organization_id: int, occasion: str, keys: list[str]) -> set[str]:
    rows = Survey.objects.filter(organization=organization_id, occasion=occasion, cause__in=keys)
    return set(rows.values_list("cause", flat=True))


def is_open_again(survey: Survey) -> bool:
    """Whether the ticket that it is about is not resolved any more."""
    if survey.occasion not in (Occasion.RESOLVED, Occasion.EASE):
        return False
    rows = Ticket.objects.filter(organization=survey.organization_id, public_id=UUID(survey.cause))
    return rows.filter(status=Ticket.Status.OPEN).exists()


def _not_planned(plan: SurveyPlan, causes: list[Cause]) -> list[Cause]:
    left: list[Cause] = []
    for start in range(0, len(causes), ASKED_AT_ONCE):
        part = causes[start : start + ASKED_AT_ONCE]
        known = are_planned(plan.organization_id, plan.occasion, [one.key for one in part])
        left += [one for one in part if one.key not in known]
    return left


def _tickets(rows: Any) -> list[Cause]:
    fields = ("public_id", "resolved_at", "customer_id", "thread", "agent_email", "center_id", "channel")
    return [Cause(told[0].hex, *told[1:]) for told in rows.values_list(*fields)]


def _resolved(organization: Organization, since: datetime, until: datetime) -> list[Cause]:
    """By a person: what a rule or a bot closed is nothing to thank for. A call is asked about as a call."""
    rows = Ticket.objects.shown().filter(
        organization=organization,
        status=Ticket.Status.RESOLVED,
        resolved_by="agent",
        last_event_at__gt=since,
        resolved_at__gt=since,
        resolved_at__lte=until,
    )
    rows = rows.exclude(channel__in=["ticket", *(["call"] if _asks_after_calls(organization) else [])])
    return _tickets(rows.order_by("resolved_at", "pk"))


def _resolved_outside(organization: Organization, since: datetime, until: datetime) -> list[Cause]:
    """As `_resolved`; of chats whether the widget has asked, or will."""
    causes = _resolved(organization, since, until)
    chats = [one.thread for one in causes if one.channel == "chat"]
    asked: set[str] = set()
    for start in range(0, len(chats), ASKED_AT_ONCE):
        part = chats[start : start + ASKED_AT_ONCE]
        widgets = WidgetConversation.objects.filter(organization_id=organization.pk, thread_key__in=part)
        asked |= set(widgets.filter(visitor__widget__asks_satisfaction=True).values_list("thread_key", flat=True))
        sent = Event.objects.filter(organization=organization, thread__in=part, type="survey.sent", time__gt=since)
        asked |= set(sent.values_list("thread", flat=True))
    return [
        Cause(one.key, one.happened_at, *_rest(one), is_in_chat=one.thread in asked) if one.channel == "chat" else one
        for one in causes
    ]


def _rest(one: Cause) -> tuple[int | None, str, str, int | None, str]:
    return one.customer_id, one.thread, one.agent_email, one.center_id, one.channel


def _calls(organization: Organization, since: datetime, until: datetime) -> list[Cause]:
    """Calls in which somebody was spoken to."""
    ends = Event.objects.filter(organization=organization, type="call.ended", time__gt=since, time__lte=until)
    told = dict(ends.order_by("time", "pk").values_list("thread", "time"))
    threads, causes = list(told), []
    for start in range(0, len(threads), ASKED_AT_ONCE):
        part = threads[start : start + ASKED_AT_ONCE]
        rows = Ticket.objects.shown().filter(organization=organization, thread__in=part, call_seconds__gt=0)
        for ticket in rows.order_by("opened_at", "pk"):
            causes.append(
                Cause(
                    ticket.public_id.hex,
                    told[ticket.thread],
                    ticket.customer_id,
                    ticket.thread,
                    ticket.agent_email,
                    ticket.center_id,
                    "call",
                )
            )
    return causes


def _purchases(organization: Organization, since: datetime, until: datetime) -> list[Cause]:
    rows = Event.objects.filter(organization=organization, type="pos.sale", time__gt=since, time__lte=until)
    rows = rows.filter(customer__isnull=False).order_by("time", "pk")
    told = rows.values_list("public_id", "time", "customer_id", "store__center_id")
    return [Cause(key.hex, time, customer, center_id=center) for key, time, customer, center in told]


def _contacts(organization: Organization, since: datetime, until: datetime) -> list[Cause]:
    """No thread: that she would recommend us is no word on this conversation alone, and asked of her as a customer."""
    return [
        Cause(one.key, one.happened_at, one.customer_id, center_id=one.center_id, channel=one.channel)
        for one in _resolved(organization, since, until)
    ]


def _asks_after_calls(organization: Organization) -> bool:
    return SurveyPlan.objects.filter(organization=organization, occasion=Occasion.CALL, is_on=True).exists()


_FOUND: dict[Occasion, Callable[[Organization, datetime, datetime], list[Cause]]] = {
    Occasion.RESOLVED: _resolved_outside,
    Occasion.CALL: _calls,
    Occasion.EASE: _resolved,
    Occasion.PURCHASE: _purchases,
    Occasion.CONTACT: _contacts,
}
