"""Today's figures as people at the desk see them: first responses and resolutions, of a team and of one person.

Defined as everywhere (METRICS): a first response counts on the day of the answer and for who answered, a resolution for
who resolved. Read from the tickets' own columns and the very events these point at, so that they are right at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery

from customers.models import Event
from tickets.fold import MESSAGES
from tickets.models import Ticket
from tickets.models.ticket import TicketQuerySet


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts, and the median of the first responses in calendar seconds; None where there was none."""

    answered: int = 0
    resolved: int = 0
    median_seconds: float | None = None


NONE_YET = Figures()


class Done(NamedTuple):
    """What was done today in one ticket. `answered_by` and `resolved_by` are "" where that was not today, or nobody's."""

    center_id: int | None
    channel: str
    answered_by: str
    response_seconds: float | None
    resolved_by: str


def midnight_before(at: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the day there."""
    return datetime.combine(at.astimezone(zone).date(), time.min, tzinfo=zone)


def done_since(rows: TicketQuerySet, since: datetime) -> list[Done]:
    """What was answered and resolved in these tickets from then on. One statement.

    Whatever was done since then has an event of since then: that column has the index. Resolved and reopened is not
    resolved; what bots and rules resolved is not counted among people's.
    """
    answered = Q(first_response_at__gte=since, response_started_at__isnull=False)
    resolved = Q(resolved_at__gte=since, status=Ticket.Status.RESOLVED, resolved_by="agent")
    said = Q(type__in=MESSAGES, author="agent") | Q(type="call.answered")
    found = (
        rows.filter(answered | resolved, last_event_at__gte=since)
        .annotate(
            answerer=_author_at("first_response_at", said),
            resolver=_author_at("resolved_at", Q(type="ticket.resolved")),
        )
        .values_list(
            *("center_id", "channel", "status", "response_started_at", "first_response_at", "resolved_at"),
            *("resolved_by", "answerer", "resolver"),
        )
    )
    return [_done(since, *values) for values in found]


def _author_at(column: str, of_type: Q) -> Subquery:
    events = Event.objects.filter(
        of_type, organization_id=OuterRef("organization_id"), thread=OuterRef("thread"), time=OuterRef(column)
    )
    return Subquery(events.exclude(agent_email="").values("agent_email")[:1])


def _done(
    since: datetime,
    center_id: int | None,
    channel: str,
    status: str,
    started_at: datetime | None,
    answered_at: datetime | None,
    resolved_at: datetime | None,
    resolved_by: str,
    answerer: str | None,
    resolver: str | None,
) -> Done:
    is_answered = started_at is not None and answered_at is not None and answered_at >= since
    is_resolved = (
        status == Ticket.Status.RESOLVED and resolved_by == "agent" and resolved_at is not None and resolved_at >= since
    )
    seconds = (answered_at - started_at).total_seconds() if is_answered and answered_at and started_at else None
    return Done(
        center_id, channel, (is_answered and answerer) or "", seconds, (is_resolved and (resolver or "?")) or ""
    )


def figures_of(done: Iterable[Done]) -> Figures:
    """All of these together. Pure."""
    rows = list(done)
    seconds = [row.response_seconds for row in rows if row.response_seconds is not None]
    return Figures(
        answered=len(seconds),
        resolved=sum(1 for row in rows if row.resolved_by),
        median_seconds=median(seconds) if seconds else None,
    )


def figures_by_agent(done: Iterable[Done]) -> dict[str, Figures]:
    """Each person's own, by e-mail: what she answered, what she resolved."""
    rows = list(done)
    people = {row.answered_by for row in rows} | {row.resolved_by for row in rows}
    return {email: figures_of(_of_person(rows, email)) for email in people - {"", "?"}}


def _of_person(rows: Iterable[Done], email: str) -> list[Done]:
    return [
        row._replace(
            response_seconds=row.response_seconds if row.answered_by == email else None,
            resolved_by=row.resolved_by if row.resolved_by == email else "",
        )
        for row in rows
        if email in (row.answered_by, row.resolved_by)
    ]
