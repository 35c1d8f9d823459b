"""Tells who keeps a promise before it falls due, and her lead as well when it was not kept: found by state, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from accounts import audit
from accounts.in_force import Schedules, schedules_of
from accounts.models import Organization, Person
from customers.models import Promise
from tickets.actions.alarms import leads_of, tell
from tickets.events import announce_alarms
from tickets.models import Alarm, PromiseSettings, Ticket
from tickets.queries.promises import lead_of, tickets_of_promises

# As many as fall due on a busy evening; the rest with the next look, a moment later.
WATCHED_AT_ONCE = 500
# What history brings in later than this was broken long ago: it stands in the list, and alarms nobody.
ALARMED_WITHIN = timedelta(days=7)
DUE, BROKEN = Alarm.Kind.PROMISE_DUE, Alarm.Kind.PROMISE_BROKEN


def watch_promises(organization: Organization, *, at: datetime) -> int:
    """Raises what alarms are due by `at` and says how many. What is cut off is found again by the next call."""
    with transaction.atomic():
        schedules, lead = schedules_of(organization), lead_of(organization)
        promises = _run_out(organization, _latest(schedules, lead, at), at)
        tickets = tickets_of_promises(organization.pk, promises)
        alarms = [
            Alarm(
                organization=organization,
                ticket=tickets[promise.pk],
                promise=promise,
                kind=kind,
                ordinal=0,
                due_at=promise.due_at,
                raised_at=at,
            )
            for promise in promises
            if promise.pk in tickets
            and promise.due_at is not None
            and (kind := _kind(promise, tickets[promise.pk], schedules, lead, at))
        ]
        if not alarms:
            return 0
        raised = Alarm.objects.bulk_create(alarms)
        told = tell(organization, list(_whom(organization, raised).items()), at=at)
        announce_alarms(told)
    return len(raised)


def set_promise_lead(organization: Organization, minutes: int, *, by: Person, at: datetime) -> None:
    """How long before, for promises that nobody has been told of yet."""
    with transaction.atomic():
        before = int(lead_of(organization).total_seconds()) // 60
        PromiseSettings.objects.update_or_create(organization=organization, defaults={"lead_minutes": minutes})
        audit.record(
            organization,
            action="tickets.promises.set_lead",
            by=by,
            at=at,
            obj="promises",
            before={"minutes": before},
            after={"minutes": minutes},
        )


def _run_out(organization: Organization, latest: datetime, at: datetime) -> list[Promise]:
    """Open ones that fall due by `latest` and have not been told of for this very time, locked."""
    told = Alarm.objects.filter(organization=organization, promise=OuterRef("pk"), due_at=OuterRef("due_at"))
    soon = Q(due_at__gte=at) & ~Q(Exists(told.filter(kind=DUE)))
    broken = Q(due_at__lt=at) & ~Q(Exists(told.filter(kind=BROKEN)))
    rows = Promise.objects.open().filter(
        soon | broken, organization=organization, due_at__lte=latest, due_at__gte=at - ALARMED_WITHIN
    )
    locked = rows.select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
    return list(locked.order_by("due_at", "pk")[:WATCHED_AT_ONCE])


def _latest(schedules: Schedules, lead: timedelta, at: datetime) -> datetime:
    """The latest due time of which somebody is to be told now, in whichever center."""
    hours = [schedules.without_center.hours]
    hours += [schedules.at(center, at).hours for center in schedules.by_center]
    return max(one.after(at, lead) or at for one in hours)


def _kind(promise: Promise, ticket: Ticket, schedules: Schedules, lead: timedelta, at: datetime) -> str:
    assert promise.due_at is not None, "Only what has a time falls due."
    if promise.due_at < at:
        return BROKEN
    hours = schedules.at(promise.center_id or ticket.center_id, at).hours
    return DUE if lead and hours.between(at, promise.due_at) <= lead else ""


def _whom(organization: Organization, alarms: Sequence[Alarm]) -> Mapping[Alarm, set[int]]:
    """Who keeps it; the leads besides once it is broken, or where nobody who has a bell keeps it."""
    promises = {alarm: alarm.promise for alarm in alarms if alarm.promise is not None}
    owners = {
        person.email: person.pk
        for person in Person.objects.filter(
            organization=organization, email__in={one.owner_email for one in promises.values()}, is_active=True
        )
        if person.is_alarmed
    }
    of_center = {alarm: one.center_id or alarm.ticket.center_id for alarm, one in promises.items()}
    leads = leads_of(organization, set(of_center.values()))
    found: dict[Alarm, set[int]] = {}
    for alarm, one in promises.items():
        owner = owners.get(one.owner_email)
        found[alarm] = {owner} if owner else set()
        if alarm.kind == BROKEN or owner is None:
            found[alarm] |= leads[of_center[alarm]]
    return found
