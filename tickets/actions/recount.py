"""Counts the clocks of open tickets anew after their hours, targets or zone have changed: by folding their threads."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import CenterSchedule, Organization
from customers.actions.locking import lock_intake
from tickets.actions.refold import refold_threads
from tickets.actions.rows import BEGINNING
from tickets.events import announce_tickets
from tickets.models import Ticket

# Intake waits while one of these is folded: some 50 ms.
THREADS_AT_ONCE = 25
# An event may be this much ahead, and a delivery that had read the schedules before may still be at work.
UNDER_WAY = timedelta(minutes=1)


def recount_changed(organization: Organization, *, at: datetime) -> int:
    """Does what changes of hours, targets and zone have left to do. Returns how many threads were folded.

    A change is ticked off only after all its tickets are done; cut off, the next call does them again.
    """
    changed_at = organization.clocks_changed_at
    count = 0
    if changed_at is not None:
        count += _recount(organization, Ticket.objects.open().filter(organization=organization))
        Organization.objects.filter(pk=organization.pk, clocks_changed_at=changed_at).update(clocks_changed_at=None)
    # What began before a schedule keeps the one before: only what it had come too late for is counted anew.
    waiting = CenterSchedule.objects.filter(
        organization=organization, applied_at=None, created_at__lte=at - UNDER_WAY
    ).order_by("created_at", "pk")
    for schedule in waiting:
        since = Ticket.objects.open().filter(
            organization=organization, center=schedule.center_id, last_event_at__gte=schedule.effective_from
        )
        count += _recount(organization, since)
        CenterSchedule.objects.filter(pk=schedule.pk, applied_at=None).update(applied_at=at)
    return count


def _recount(organization: Organization, tickets: QuerySet[Ticket]) -> int:
    """Folds the threads of these tickets from their beginning, a few in each transaction."""
    count, after = 0, 0
    while True:
        some = list(tickets.filter(pk__gt=after).order_by("pk").values_list("pk", "thread")[:THREADS_AT_ONCE])
        if not some:
            return count
        after = some[-1][0]
        threads = {thread: BEGINNING for _pk, thread in some}
        with transaction.atomic():
            lock_intake(organization.pk, exclusive=True)
            announce_tickets(organization, refold_threads(organization, threads, arrived={}).changes)
        count += len(threads)
