"""Envelopes for the worker: queues and calls, rules, clocks that have run out, mails, snoozes that end, and recounting."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache
from django.utils.timezone import now

from accounts.models import Center, Organization, Person
from channels_app.hub import routing
from channels_app.hub.callbacks import settle_missed
from channels_app.hub.rules import follow_rules
from channels_app.telephony.following import follow_requests
from cxhub.presence import connected_among
from tickets.actions import availability
from tickets.actions.alarm_mails import send_alarm_mails
from tickets.actions.alarms import WATCHED_AT_ONCE, watch_clocks
from tickets.actions.attachments import DROPPED_AT_ONCE, drop_expired
from tickets.actions.message_texts import COPIED_AT_ONCE, copy_messages
from tickets.actions.promise_alarms import watch_promises
from tickets.actions.recount import recount_changed
from tickets.actions.stray_files import drop_strays
from tickets.models import Availability, Rule, RuleWork
from tickets.models.availability import State
from tickets.queries.availability import on_call_among
from tickets.routing import Mode
from tickets.waking import (
    FOLLOW_CALLS,
    FOLLOW_RULES,
    ROUTE,
    SETTLE_CALLS,
    begin_to_ask_rules,
    begin_to_look,
    begin_to_settle,
)
from tickets.woken import announce_woken_tickets

# A hundred thousand threads take some twenty minutes; what is cut off begins again.
RECOUNT_LIMIT_SECONDS = 60 * 60


@shared_task(name="tickets.watch_clocks", time_limit=60, max_retries=0)  # type: ignore[untyped-decorator]
def watch_all_clocks(**_unknown: object) -> None:
    """Every few seconds: where nothing has run out it costs one look into an index for each organization."""
    for organization in Organization.objects.order_by("pk"):
        while watch_clocks(organization, at=now()) == WATCHED_AT_ONCE:
            pass


@shared_task(name="tickets.copy_messages", time_limit=600, max_retries=0)  # type: ignore[untyped-decorator]
def copy_all_messages(**_unknown: object) -> None:
    """Every few seconds: what was said is found soon after."""
    for organization in Organization.objects.order_by("pk"):
        while copy_messages(organization, at=now()) == COPIED_AT_ONCE:
            pass


@shared_task(name="tickets.watch_promises", time_limit=60, max_retries=0)  # type: ignore[untyped-decorator]
def watch_all_promises(**_unknown: object) -> None:
    """Every quarter of a minute: nobody promises to the second."""
    for organization in Organization.objects.order_by("pk"):
        watch_promises(organization, at=now())


@shared_task(name="tickets.send_alarm_mails", time_limit=240, max_retries=0)  # type: ignore[untyped-decorator]
def send_all_alarm_mails(**_unknown: object) -> None:
    for organization in Organization.objects.order_by("pk"):
        send_alarm_mails(organization)


@shared_task(name="tickets.recount_clocks", time_limit=RECOUNT_LIMIT_SECONDS, max_retries=0)  # type: ignore[untyped-decorator]
def recount_all_clocks(**_unknown: object) -> None:
    """Every minute; one at a time, for the one before may still be at it."""
    if not cache.add("tickets.recount_clocks", 1, timeout=RECOUNT_LIMIT_SECONDS):
        return
    try:
        for organization in Organization.objects.order_by("pk"):
            recount_changed(organization, at=now())
    finally:
        cache.delete("tickets.recount_clocks")


@shared_task(name="tickets.announce_woken", time_limit=60, max_retries=0)  # type: ignore[untyped-decorator]
def announce_woken(**_unknown: object) -> None:
    """Every quarter of a minute. A list tells who is awake by the instant; this only tells open pages to look."""
    announce_woken_tickets(at=now())


@shared_task(name="tickets.drop_expired_uploads", time_limit=120, max_retries=0)  # type: ignore[untyped-decorator]
def drop_expired_uploads(**_unknown: object) -> None:
    """Every quarter of an hour: files that were put to a message which never came, and files that nobody knows of."""
    for organization in Organization.objects.order_by("pk"):
        while drop_expired(organization, at=now()) == DROPPED_AT_ONCE:
            pass
        drop_strays(organization, at=now())


@shared_task(name=ROUTE, max_retries=0)  # type: ignore[untyped-decorator]
def route_center(*, center_id: int, **_unknown: object) -> None:
    begin_to_look(center_id)
    center = Center.objects.select_related("organization").filter(pk=center_id).first()
    if center is not None:
        routing.route_center(center, at=now())


@shared_task(name=FOLLOW_CALLS, max_retries=0)  # type: ignore[untyped-decorator]
def follow_calls(*, organization_id: int, email: str, **_unknown: object) -> None:
    person = Person.objects.filter(organization_id=organization_id, email=email).first()
    if person is not None:
        availability.follow_calls(person, at=now())


@shared_task(name=FOLLOW_RULES, max_retries=0)  # type: ignore[untyped-decorator]
def follow_rules_of(*, organization_id: int, **_unknown: object) -> None:
    begin_to_ask_rules(organization_id)
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is not None:
        follow_rules(organization, at=now())


@shared_task(name="tickets.follow_all_rules", time_limit=120, max_retries=0)  # type: ignore[untyped-decorator]
def follow_all_rules(**_unknown: object) -> None:
    """Every few seconds: times that have passed, targets that were missed, and what nobody was asked of."""
    with_rules = Rule.objects.filter(is_on=True).values("organization_id")
    left = RuleWork.objects.values("organization_id")
    for organization in Organization.objects.filter(pk__in=with_rules.union(left)).order_by("pk"):
        follow_rules(organization, at=now())


@shared_task(name=SETTLE_CALLS, time_limit=60, max_retries=0)  # type: ignore[untyped-decorator]
def settle_calls(*, organization_id: int, **_unknown: object) -> None:
    """How calls stand that the hub has asked for comes first: what they reached settles what was missed."""
    begin_to_settle(organization_id)
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is not None:
        follow_requests(organization, at=now())
        settle_missed(organization, at=now())


@shared_task(name="tickets.settle_all_calls", time_limit=60, max_retries=0)  # type: ignore[untyped-decorator]
def settle_all_calls(**_unknown: object) -> None:
    """Every minute: what nobody was asked to look at. One look into an index for each organization."""
    for organization in Organization.objects.order_by("pk"):
        follow_requests(organization, at=now())
        settle_missed(organization, at=now())


@shared_task(name="tickets.go_round", time_limit=60, max_retries=0)  # type: ignore[untyped-decorator]
def go_round(**_unknown: object) -> None:
    """Every few seconds: who is no longer connected, whose calls were missed, and every queue that routes."""
    look_after_people()
    centers = Center.objects.filter(routing__isnull=False).exclude(routing__mode=Mode.MANUAL)
    for center in centers.select_related("organization").order_by("pk"):
        routing.route_center(center, at=now())


def look_after_people() -> None:
    present = list(Availability.objects.exclude(state=State.OFFLINE).select_related("person").order_by("pk"))
    connected = connected_among(row.person_id for row in present)
    for row in present:
        is_connected = None if connected is None else row.person_id in connected
        availability.look_after(row.person, is_connected=is_connected, at=now())
    emails: dict[int, list[str]] = {}
    for row in present:
        emails.setdefault(row.organization_id, []).append(row.person.email)
    on_call = {organization: on_call_among(organization, names) for organization, names in emails.items()}
    for row in present:
        is_talking = row.person.email in on_call[row.organization_id]
        if is_talking != (row.state == State.BUSY):
            availability.follow_calls(row.person, at=now())
