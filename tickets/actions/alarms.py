"""Sees that nothing stays unseen: records what has run out, raises the alarms, and marks them as read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Center, Organization, Person, Role
from cxhub.bulk import Update
from tickets.actions.breaches import record_breaches
from tickets.clocks import TARGETS, Breached, Running
from tickets.events import announce_alarms, announce_breaches
from tickets.models import Alarm, AlarmMail, AlarmNotice, AlarmSettings, RuleRun, Ticket

# Short enough that an answer to one of them never waits noticeably for the rows.
WATCHED_AT_ONCE = 200
_LOOK_AGAIN = Update(Ticket, ("next_alarm_at",))


def watch_clocks(organization: Organization, *, at: datetime) -> int:
    """Looks after the clocks that have run out by `at`, at most `WATCHED_AT_ONCE` tickets in one transaction.

    Each breach is recorded and each alarm raised once, with who is to be told; whatever is cut off is found again by
    the next call. Returns how many tickets it has looked at: call again while there are as many as fit.
    """
    with transaction.atomic():
        tickets = _run_out(organization, at)
        if not tickets:
            return 0
        passed = {ticket: [clock for clock in ticket.clocks if clock.late_at < at] for ticket in tickets}
        record_breaches(
            organization,
            (
                (ticket.pk, Breached(clock.kind, clock.ordinal, clock.started_at, clock.due_at, clock.target_seconds))
                for ticket, clocks in passed.items()
                for clock in clocks
                if clock.kind in TARGETS
            ),
        )
        raised = _raise_alarms(organization, passed, at=at)
        _LOOK_AGAIN([(ticket.pk, _next_alarm_at(ticket, at)) for ticket in tickets])
        leads = leads_of(organization, {alarm.ticket.center_id for alarm in raised}) if raised else {}
        told = tell(organization, [(alarm, leads[alarm.ticket.center_id]) for alarm in raised], at=at)
        announce_breaches(tickets)
        announce_alarms(told)
    return len(tickets)


def raise_by_rules(
    organization: Organization, told: Sequence[tuple[RuleRun, Collection[int]]], *, at: datetime
) -> None:
    """Raises an alarm for each run of a rule that tells somebody. Call in the transaction that has written the runs."""
    alarms = Alarm.objects.bulk_create(
        [
            Alarm(
                organization=organization,
                ticket_id=run.ticket_id,
                kind=Alarm.Kind.RULE,
                rule_id=run.rule_id,
                ordinal=run.pk,
                due_at=run.happened_at,
                raised_at=at,
            )
            for run, _people in told
        ]
    )
    people = [some for _run, some in told]
    announce_alarms(tell(organization, list(zip(alarms, people, strict=True)), at=at))


def mark_read(person: Person, notices: Collection[UUID] | None, *, at: datetime) -> int:
    """Marks a person's own alarms as read, all of them without `notices`. Returns how many had not been."""
    return mark_notices_read(AlarmNotice.objects.all(), person, notices, at=at)


def mark_notices_read(rows: QuerySet[Any], person: Person, notices: Collection[UUID] | None, *, at: datetime) -> int:
    """As `mark_read`, of whichever room's list of what people were told: all of them make the one bell count anew."""
    mine = rows.filter(organization=person.organization_id, person=person, read_at=None)
    if notices is not None:
        mine = mine.filter(public_id__in=notices)
    with transaction.atomic():
        count = mine.update(read_at=at)
        if count:
            announce_alarms([person.pk])
    return count


def set_mailed(person: Person, *, is_mailed: bool) -> None:
    """Switches a person's alarm mails on or off; of those not sent yet none goes out any more when off."""
    assert person.organization is not None, "Only who belongs to an organization is alarmed."
    AlarmSettings.objects.update_or_create(
        organization=person.organization, person=person, defaults={"is_mailed": is_mailed}
    )


def _next_alarm_at(ticket: Ticket, at: datetime) -> datetime | None:
    return min((clock.late_at for clock in ticket.clocks if clock.late_at >= at), default=None)


def _run_out(organization: Organization, at: datetime) -> list[Ticket]:
    rows = Ticket.objects.open().filter(organization=organization, next_alarm_at__lt=at)
    # Another worker's rows are in good hands; intake waits for these, and then knows better.
    locked = rows.select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
    return list(locked.order_by("next_alarm_at", "pk")[:WATCHED_AT_ONCE])


def _raise_alarms(
    organization: Organization, passed: Mapping[Ticket, Sequence[Running]], *, at: datetime
) -> list[Alarm]:
    """Raises the alarms that have not been; the tickets' rows are locked, so nobody else does meanwhile."""
    known = set(
        Alarm.objects.filter(organization=organization, ticket__in=passed.keys()).values_list(
            "ticket_id", "kind", "ordinal"
        )
    )
    return Alarm.objects.bulk_create(
        [
            Alarm(
                organization=organization,
                ticket=ticket,
                kind=clock.kind,
                ordinal=clock.ordinal,
                due_at=clock.due_at,
                raised_at=at,
            )
            for ticket, clocks in passed.items()
            for clock in clocks
            if (ticket.pk, clock.kind, clock.ordinal) not in known
        ]
    )


def tell(organization: Organization, alarms: Sequence[tuple[Alarm, Collection[int]]], *, at: datetime) -> list[int]:
    """Puts each alarm into the lists of its people (by key), and one mail each on its way. Returns who is told."""
    told = {person for _alarm, people in alarms for person in people}
    if not told:
        return []
    unmailed = set(
        AlarmSettings.objects.filter(organization=organization, person__in=told, is_mailed=False).values_list(
            "person_id", flat=True
        )
    )
    mailed = [
        AlarmMail(organization=organization, person_id=person, created_at=at, due_at=at)
        for person in (sorted(told - unmailed) if settings.SENDS_MAIL else ())
    ]
    mails = {mail.person_id: mail for mail in AlarmMail.objects.bulk_create(mailed)}
    AlarmNotice.objects.bulk_create(
        [
            AlarmNotice(organization=organization, alarm=alarm, person_id=person, mail=mails.get(person), raised_at=at)
            for alarm, people in alarms
            for person in sorted(people)
        ]
    )
    return sorted(told)


def leads_of(organization: Organization, centers: Iterable[int | None]) -> dict[int | None, set[int]]:
    """Who is to be told of a center's tickets: its leads, those of a head office where it has none, else the owners.

    A ticket that no center has claimed concerns all leads.
    """
    active = Person.objects.filter(organization=organization, is_active=True)
    of_center: dict[int | None, set[int]] = defaultdict(set)
    head_office: set[int] = set()
    leads = active.filter(role=Role.LEAD, centers__organization=organization)
    for person, led, kind in leads.values_list("pk", "centers__pk", "centers__kind"):
        of_center[led].add(person)
        of_center[None].add(person)
        if kind == Center.Kind.HEAD_OFFICE:
            head_office.add(person)
    found: dict[int | None, set[int]] = {}
    for center in centers:
        found[center] = (
            of_center.get(center) or head_office or set(active.filter(role=Role.OWNER).values_list("pk", flat=True))
        )
    return found
