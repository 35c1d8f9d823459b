"""A person's alarms: how many are new, and the list of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from accounts.models import Person
from accounts.queries import NotFound, organization_for
from tickets.models import AlarmNotice, AlarmSettings
from tickets.policies import may_be_alarmed, tickets_reached
from tickets.queries.cursors import read_cursor, write_cursor
from tickets.queries.inbox import Row, listed, rows_of

PAGE_SIZE = 30
# The badge says so much and no more.
MOST_COUNTED = 99
# How many of the newest a page is told at once, to show them outside of itself.
NEWEST_TOLD = 3


@dataclass(frozen=True, slots=True)
class ShownAlarm:
    """`row` is None where the ticket is outside of her reach by now: handed to another center."""

    notice: AlarmNotice
    row: Row | None


@dataclass(frozen=True, slots=True)
class AlarmPage:
    alarms: list[ShownAlarm]
    next_cursor: str = ""


def require_alarmed(person: Person) -> None:
    """Raises NotFound for those who are never alarmed."""
    if not may_be_alarmed(person):
        raise NotFound


def unread_count_for(person: Person) -> int:
    """How many alarms she has not read, `MOST_COUNTED` + 1 at most. One statement."""
    return len(_of(person).filter(read_at=None).values_list("pk", flat=True)[: MOST_COUNTED + 1])


def newest_unread_for(person: Person) -> list[AlarmNotice]:
    rows = _of(person).filter(read_at=None).select_related("alarm__rule", "alarm__ticket__center")
    return list(rows.order_by("-raised_at", "-pk")[:NEWEST_TOLD])


def alarms_for(person: Person, *, cursor: str = "", size: int = PAGE_SIZE) -> AlarmPage:
    """Her alarms, the newest first. At most eight statements."""
    organization_for(person)
    rows = _of(person).select_related("alarm__rule", "alarm__promise").order_by(F("raised_at").desc(), "-pk")
    _letter, after = read_cursor(cursor)
    if after is not None:
        at, pk = after
        rows = rows.filter(Q(raised_at__lt=at) | Q(raised_at=at, pk__lt=pk))
    found = list(rows[: size + 1])
    shown = found[:size]
    last = shown[-1] if len(found) > size else None
    by_ticket = _rows(person, shown)
    return AlarmPage(
        [ShownAlarm(notice, by_ticket.get(notice.alarm.ticket_id)) for notice in shown],
        write_cursor("a", last.raised_at, last.pk) if last else "",
    )


def notice_for(person: Person, public_id: UUID) -> AlarmNotice:
    """One of her alarms with its ticket. Raises NotFound."""
    notice = _of(person).select_related("alarm__ticket", "alarm__promise").filter(public_id=public_id).first()
    if notice is None:
        raise NotFound
    return notice


def is_mailed(person: Person) -> bool:
    """Whether alarms are sent to her by mail as well."""
    switched_off = AlarmSettings.objects.filter(organization=person.organization_id, person=person, is_mailed=False)
    return not switched_off.exists()


def _of(person: Person) -> QuerySet[AlarmNotice]:
    return AlarmNotice.objects.filter(organization=person.organization_id, person=person)


def _rows(person: Person, notices: Sequence[AlarmNotice]) -> dict[int, Row]:
    tickets = listed(tickets_reached(person).filter(pk__in={notice.alarm.ticket_id for notice in notices}))
    return {row.ticket.pk: row for row in rows_of(person, tickets)}
