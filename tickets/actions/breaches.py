"""Keeps the recorded breaches of tickets in line with what has been folded: what came too late, and what was in time
after all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import Organization
from cxhub.bulk import Insert
from tickets.actions.rows import TicketRow
from tickets.clocks import Breached, Clocks
from tickets.models import Breach


@dataclass(slots=True)
class Clocked:
    """A ticket whose clocks have been folded: all of its events if it `is_whole`, else those that followed."""

    ticket: TicketRow
    clocks: Clocks
    is_whole: bool
    is_new: bool  # then nothing can have been recorded of it


def keep_breaches(organization: Organization, clocked: Sequence[Clocked], *, gone: Collection[TicketRow]) -> None:
    """Records what was missed and takes back what was not; nothing to do for most events, then without a statement.

    Call in the transaction that has written the tickets, after it has: somebody who records a breach holds the row.
    """
    known = [each for each in clocked if not each.is_new]
    _take_back(organization, [each for each in known if not each.is_whole])
    _take_back_whole(organization, [each for each in known if each.is_whole], gone)
    record_breaches(organization, ((each.ticket.pk, breached) for each in clocked for breached in each.clocks.breached))


_INSERT = Insert(
    Breach,
    ("organization_id", "ticket_id", "kind", "ordinal", "started_at", "due_at", "target_seconds"),
    then="ON CONFLICT (organization_id, ticket_id, kind, ordinal) DO NOTHING",
)


def record_breaches(organization: Organization, found: Iterable[tuple[int, Breached]]) -> None:
    """Records breaches by their tickets' keys; those that are recorded already stay as they are."""
    _INSERT([(organization.pk, ticket_id, *breached) for ticket_id, breached in found])


def _take_back(organization: Organization, clocked: Sequence[Clocked]) -> None:
    """Of waits that ended in time, and of which somebody may have thought otherwise before their end was known."""
    now = timezone.now()
    refuted = {
        (each.ticket.pk, str(kept.kind), kept.ordinal)
        for each in clocked
        for kept in each.clocks.kept
        if kept.due_at is None or kept.due_at <= now
    }
    if not refuted:
        return
    recorded = Breach.objects.filter(organization=organization, ticket__in={pk for pk, _, _ in refuted})
    wrong = [breach.pk for breach in recorded if (breach.ticket_id, breach.kind, breach.ordinal) in refuted]
    if wrong:
        Breach.objects.filter(organization=organization, pk__in=wrong).delete()


def _take_back_whole(organization: Organization, whole: Sequence[Clocked], gone: Collection[TicketRow]) -> None:
    """Where a ticket was folded from its beginning, all that is recorded and does not follow from it."""
    holds: set[tuple[int, str, int, datetime]] = set()
    for each in whole:
        holds |= {(each.ticket.pk, missed.kind, missed.ordinal, missed.due_at) for missed in each.clocks.breached}
        holds |= {(each.ticket.pk, clock.kind, clock.ordinal, clock.due_at) for clock in each.clocks.running}
    keys = {each.ticket.pk for each in whole} | {ticket.pk for ticket in gone}
    if not keys:
        return
    recorded = Breach.objects.filter(organization=organization, ticket__in=keys)
    wrong = [
        breach.pk for breach in recorded if (breach.ticket_id, breach.kind, breach.ordinal, breach.due_at) not in holds
    ]
    if wrong:
        Breach.objects.filter(organization=organization, pk__in=wrong).delete()
