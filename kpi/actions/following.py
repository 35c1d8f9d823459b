"""The follower: finds what has changed since it last looked, and works it out. May be killed, repeated or late.

What it learns of new events costs the intake nothing: it reads the events' own keys. Those become visible in another
order than they were given out, so the ones that were passed over are looked for again for a while.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from time import monotonic
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from accounts.models import CenterSchedule, Organization
from customers.models import Customer, Event
from cxhub.prepared import Prepared, Told
from kpi.actions.working import work_customers, work_surveys, work_threads
from kpi.models import Change, Following, KnownMerge, Setting
from tickets.fold import MERGED, UNMERGED
from tickets.models import Ticket

SEEN_AT_ONCE = 5000
# How many threads or customers are worked out in one transaction.
WORKED_AT_ONCE = 250
NOTED_AT_ONCE = 10_000
# No intake lasts so long; what has not become visible by then was never written.
GAP_KEPT = timedelta(minutes=10)
MOST_GAPS = 100

SALE, CONFIRMED = "pos.sale", "identity.confirmed"
THREAD, CUSTOMER, SURVEYS = Change.Kind.THREAD, Change.Kind.CUSTOMER, Change.Kind.SURVEYS
SURVEY = Change.Kind.SURVEY

Todo = set[tuple[str, str, int]]  # kind, thread, key


class Seen(NamedTuple):
    pk: int
    organization_id: int
    type: str
    thread: str
    customer_id: int | None
    text: str


def see_events(*, at: datetime) -> int:
    """Takes note of events not seen yet, at most `SEEN_AT_ONCE`; returns how many. Call again while there are as many."""
    with transaction.atomic():
        Following.objects.get_or_create(pk=1)
        following = Following.objects.select_for_update().get(pk=1)
        gaps = [(first, last, since) for first, last, since in following.gaps]
        found = _new_events(following.upto) + _late_events(gaps)
        if not found and not gaps:
            return 0
        todo: dict[int, Todo] = {}
        customers: dict[int, set[int]] = {}
        for event in found:
            todo.setdefault(event.organization_id, set()).update(_touched(event))
            if event.customer_id:
                customers.setdefault(event.organization_id, set()).add(event.customer_id)
        for organization_id, touched in todo.items():
            touched |= _regrouped(organization_id, customers.get(organization_id, set()))
            _leave(organization_id, touched, at)
        keys = {event.pk for event in found}
        oldest = (at - GAP_KEPT).timestamp()
        gaps = [(*gap, since) for *old, since in gaps if since > oldest for gap in _missing(keys, old[0], old[1])]
        top = max(keys, default=following.upto)
        if top > following.upto:
            gaps += [(*gap, at.timestamp()) for gap in _missing(keys, following.upto + 1, top)]
        Following.objects.filter(pk=1).update(upto=max(top, following.upto), gaps=gaps)
    return len(found)


def _new_events(upto: int) -> list[Seen]:
    return _read(Q(pk__gt=upto))


def _late_events(gaps: Sequence[tuple[int, int, float]]) -> list[Seen]:
    if not gaps:
        return []
    if len(gaps) <= MOST_GAPS:
        return _read(reduce(or_, (Q(pk__range=(first, last)) for first, last, _ in gaps)))
    spans = _read(Q(pk__range=(min(gap[0] for gap in gaps), max(gap[1] for gap in gaps))), at_most=None)
    return [event for event in spans if any(first <= event.pk <= last for first, last, _ in gaps)]


def _read(which: Q, at_most: int | None = SEEN_AT_ONCE) -> list[Seen]:
    columns = ("pk", "organization_id", "type", "thread", "customer_id", "text")
    rows = Event.objects.filter(which).order_by("pk").values_list(*columns)[:at_most]
    return [Seen(*row) for row in rows]


def _missing(keys: set[int], first: int, last: int) -> list[tuple[int, int]]:
    """The spans of `[first, last]` of which no key is there."""
    spans: list[tuple[int, int]] = []
    begin = first
    for key in sorted(key for key in keys if first <= key <= last):
        if key > begin:
            spans.append((begin, key - 1))
        begin = key + 1
    return [*spans, (begin, last)] if begin <= last else spans


def _touched(event: Seen) -> Todo:
    """Whose facts an event may change."""
    touched: Todo = set()
    customer = event.customer_id or 0
    if event.thread:
        touched.add((THREAD, event.thread, 0))
        if event.type in (MERGED, UNMERGED):
            touched.add((THREAD, event.text, 0))
    elif event.type.startswith("survey.") and customer:
        touched.add((SURVEYS, "", customer))
    elif event.type.startswith("survey."):
        touched.add((SURVEY, "", event.pk))
    if event.type == SALE and customer:
        touched.add((CUSTOMER, "", customer))
    if event.type == CONFIRMED and customer:
        # What only a claim had identified has become hers, in whichever conversation.
        threads = Event.objects.filter(organization=event.organization_id, customer=customer).exclude(thread="")
        touched |= {(THREAD, thread, 0) for thread in threads.values_list("thread", flat=True).distinct()}
        touched |= {(CUSTOMER, "", customer), (SURVEYS, "", customer)}
    return touched


def _regrouped(organization_id: int, customers: Collection[int] | None = None) -> Todo:
    """Customers merged or parted since the facts were told.

    Only a delivery of events does that, to customers whom it names and the groups they are and were in: `customers`.
    """
    rows = Customer.objects.filter(organization=organization_id)
    told = KnownMerge.objects.filter(organization=organization_id)
    merged = rows.filter(merged_into__isnull=False)
    if customers is not None:
        roots = {root or pk for pk, root in rows.filter(pk__in=customers).values_list("pk", "merged_into_id")}
        roots |= set(told.filter(customer_id__in=customers).values_list("root_id", flat=True))
        known = dict(told.filter(Q(root_id__in=roots) | Q(customer_id__in=roots)).values_list("customer_id", "root_id"))
        merged = merged.filter(Q(merged_into__in=roots) | Q(pk__in=roots | known.keys()))
    else:
        known = dict(told.values_list("customer_id", "root_id"))
    now = dict(merged.values_list("pk", "merged_into_id"))
    if customers is not None:
        known |= dict(told.filter(customer_id__in=now.keys() - known.keys()).values_list("customer_id", "root_id"))
    changed = {pk for pk in now.keys() | known.keys() if now.get(pk) != known.get(pk)}
    if not changed:
        return set()
    told.filter(customer_id__in=changed).delete()
    KnownMerge.objects.bulk_create(
        [
            KnownMerge(organization_id=organization_id, customer_id=pk, root_id=now[pk])
            for pk in sorted(changed & now.keys())
        ]
    )
    concerned = changed | {groups[pk] for groups in (now, known) for pk in changed & groups.keys()}
    return {(CUSTOMER, "", pk) for pk in concerned}


def note_merges(organization: Organization, *, at: datetime) -> None:
    """Notes whatever differs from what the facts were told of merges, in the whole organization."""
    with transaction.atomic():
        Following.objects.get_or_create(pk=1)
        Following.objects.select_for_update().get(pk=1)
        _leave(organization.pk, _regrouped(organization.pk), at)


def _leave(organization_id: int, todo: Iterable[tuple[str, str, int]], at: datetime) -> None:
    Change.objects.bulk_create(
        [
            Change(organization_id=organization_id, kind=kind, thread=thread, key=key, noted_at=at)
            for kind, thread, key in sorted(todo)
        ],
        batch_size=1000,
    )


def work(organization: Organization, *, at: datetime) -> int:
    """Works out some of what was noted, threads first; returns how much. Call again until there is nothing left."""
    with transaction.atomic():
        hold(organization)
        for kind, do in _WORK.items():
            noted = Change.objects.filter(organization=organization, kind=kind).order_by("pk")
            rows = list(noted.values_list("pk", "thread", "key")[:NOTED_AT_ONCE])
            if rows:
                # The same is often noted many times. What is noted meanwhile is another row, and stays.
                some = set(list(dict.fromkeys((thread, key) for _, thread, key in rows))[:WORKED_AT_ONCE])
                do(organization, some, at)
                Change.objects.filter(pk__in=[pk for pk, *what in rows if tuple(what) in some]).delete()
                return len(some)
    return 0


Some = set[tuple[str, int]]  # threads, or keys


def _work_threads(organization: Organization, some: Some, at: datetime) -> None:
    threads = {thread for thread, _ in some}
    going_on = Ticket.objects.filter(organization=organization, thread__in=threads).exclude(merged_thread="")
    threads |= set(going_on.values_list("merged_thread", flat=True))
    customers = work_threads(organization, threads)
    _leave(organization.pk, {(CUSTOMER, "", pk) for pk in customers}, at)


def _work_customers(organization: Organization, some: Some, _at: datetime) -> None:
    work_customers(organization, {key for _, key in some})


def _work_surveys(organization: Organization, some: Some, _at: datetime) -> None:
    work_surveys(organization, customers={key for _, key in some})


def _work_survey(organization: Organization, some: Some, _at: datetime) -> None:
    work_surveys(organization, events={key for _, key in some})


# In this order: customers' facts are made of their threads'.
_WORK = {THREAD: _work_threads, SURVEYS: _work_surveys, SURVEY: _work_survey, CUSTOMER: _work_customers}


def hold(organization: Organization) -> Setting:
    """One worker at a time for each organization."""
    setting = _HELD.first(organization_id=organization.pk)
    if setting is not None:
        return setting
    Setting.objects.get_or_create(
        organization=organization,
        defaults={
            "timezone": organization.timezone,
            "reopen_days": organization.reopen_days,
            "schedules_version": organization.schedules_version,
            "schedules": _schedules(organization),
        },
    )
    return Setting.objects.select_for_update().get(organization=organization)


_HELD = Prepared(lambda: Setting.objects.select_for_update().filter(organization_id=Told("organization_id")))


def _schedules(organization: Organization) -> list[int]:
    return sorted(CenterSchedule.objects.filter(organization=organization).values_list("pk", flat=True))


def note_settings(organization: Organization, *, at: datetime) -> None:
    """Notes what changes of the zone, the reopening window or a center's schedules have moved. Usually nothing."""
    known = Setting.objects.filter(organization=organization).first()
    stands = (organization.timezone, organization.reopen_days, organization.schedules_version)
    if known is not None and (known.timezone, known.reopen_days, known.schedules_version) == stands:
        return
    with transaction.atomic():
        setting = hold(organization)
        tickets = Ticket.objects.filter(organization=organization)
        if (setting.timezone, setting.reopen_days) == stands[:2]:
            # What began before a schedule keeps the one before.
            new = CenterSchedule.objects.filter(organization=organization).exclude(pk__in=setting.schedules)
            since = [
                Q(center=center_id, last_event_at__gte=effective_from)
                for center_id, effective_from in new.values_list("center_id", "effective_from")
            ]
            tickets = tickets.filter(reduce(or_, since)) if since else tickets.none()
        else:
            surveyed = Event.objects.filter(organization=organization, type__startswith="survey.", thread="")
            customers = surveyed.exclude(customer=None).values_list("customer_id", flat=True).distinct()
            _leave(organization.pk, {(SURVEYS, "", pk) for pk in customers}, at)
        _leave(organization.pk, {(THREAD, thread, 0) for thread in tickets.values_list("thread", flat=True)}, at)
        setting.timezone, setting.reopen_days, setting.schedules_version = stands
        setting.schedules = _schedules(organization)
        setting.save(update_fields=["timezone", "reopen_days", "schedules_version", "schedules"])


def catch_up(organization: Organization, *, at: datetime, seconds: float | None = None) -> bool:
    """Follows until nothing is left to do of what was there when it began; says whether it came so far in `seconds`."""
    end = None if seconds is None else monotonic() + seconds
    while see_events(at=at):
        if end is not None and monotonic() > end:
            return False
    note_settings(organization, at=at)
    while work(organization, at=at):
        if end is not None and monotonic() > end:
            return False
    return True
