"""Facts of one customer's tickets together, as merged when they are made: first contact resolution, issues, returns. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from kpi.facts.fact import Fact, Issue, Name, Whose

# METRICS.md fixes these for everybody. Half-open: an instant so much later is outside.
FCR_WINDOW = timedelta(days=7)
ISSUE_WINDOW = timedelta(days=7)
DROPOUT_WINDOW = timedelta(days=7)
RETURN_WINDOW = timedelta(days=30)


class Resolve(NamedTuple):
    """A resolution, as customers' figures need it."""

    ordinal: int
    at: datetime
    agent: str
    is_by_person: bool
    reopened_at: datetime | None


class TicketSummary(NamedTuple):
    """A ticket, as customers' figures need it. `resolves` are in order; `thread` parts those that start together."""

    key: int
    thread: str
    opened_at: datetime
    is_by_customer: bool
    is_open: bool
    last_event_at: datetime
    whose: Whose
    resolves: Sequence[Resolve] = ()


@dataclass(slots=True)
class Joined:
    """Tickets of one customer that are about one thing, in order of their start."""

    topic: str
    tickets: list[TicketSummary] = field(default_factory=list)

    @property
    def first(self) -> TicketSummary:
        return self.tickets[0]

    @property
    def latest(self) -> TicketSummary:
        return self.tickets[-1]


def facts_of_customer(
    tickets: Sequence[TicketSummary], sales: Sequence[datetime]
) -> Iterator[tuple[TicketSummary, Fact]]:
    """The facts of one customer's tickets, each with the ticket it is of; `sales` are her purchases in order of time."""
    in_order = sorted(tickets, key=lambda ticket: (ticket.opened_at, ticket.thread))
    for ticket in in_order:
        yield from _fcr(ticket, in_order)
        yield from _returns(ticket, sales)
    yield from _issues(in_order)


def _fcr(ticket: TicketSummary, in_order: Sequence[TicketSummary]) -> Iterator[tuple[TicketSummary, Fact]]:
    if not ticket.is_by_customer or not ticket.resolves or not ticket.resolves[0].is_by_person:
        return
    first = ticket.resolves[0]
    end = first.at + FCR_WINDOW
    failed_at = [first.reopened_at] if first.reopened_at is not None and first.reopened_at < end else []
    begin = bisect_left(in_order, first.at, key=lambda other: other.opened_at)
    for other in in_order[begin:]:
        if other.opened_at >= end:
            break
        if other.is_by_customer and other.key != ticket.key and _is_same(ticket.whose.topic, other.whose.topic):
            failed_at.append(other.opened_at)
            break
    yield ticket, Fact(Name.FCR, 1, first.at, ticket.whose, first.agent, until=min(failed_at, default=None))


def _returns(ticket: TicketSummary, sales: Sequence[datetime]) -> Iterator[tuple[TicketSummary, Fact]]:
    for resolve in ticket.resolves:
        place = bisect_left(sales, resolve.at)
        bought_at = sales[place] if place < len(sales) and sales[place] < resolve.at + RETURN_WINDOW else None
        yield ticket, Fact(Name.RETURN, resolve.ordinal, resolve.at, ticket.whose, resolve.agent, until=bought_at)


def issues_of(in_order: Sequence[TicketSummary]) -> list[Joined]:
    """Joins one customer's tickets, in order of their start, into issues (METRICS.md, `channel_switch_dropout`)."""
    issues: list[Joined] = []
    alive: list[Joined] = []
    for ticket in in_order:
        topic = ticket.whose.topic
        alive = [issue for issue in alive if ticket.opened_at < issue.latest.opened_at + ISSUE_WINDOW]
        place = max(
            (number for number, issue in enumerate(alive) if _is_same(issue.topic, topic)),
            key=lambda number: (alive[number].latest.opened_at, alive[number].latest.thread),
            default=None,
        )
        if place is None:
            issue = Joined(topic)
            issues.append(issue)
            alive.append(issue)
        else:
            issue = alive[place]
            issue.topic = issue.topic or topic
        issue.tickets.append(ticket)
    return issues


def _issues(in_order: Sequence[TicketSummary]) -> Iterator[tuple[TicketSummary, Fact]]:
    for issue in issues_of(in_order):
        if len({ticket.whose.channel for ticket in issue.tickets}) < 2:
            continue
        latest = issue.latest
        outcome = Issue(0) if latest.is_open else Issue.RESOLVED
        last_event_at = latest.last_event_at if latest.is_open else None
        whose = issue.first.whose._replace(topic=issue.topic)
        yield issue.first, Fact(Name.ISSUE, 1, issue.first.opened_at, whose, "", outcome, until=last_event_at)


def _is_same(one: str, other: str) -> bool:
    """No topic matches any topic."""
    return one == other or not one or not other
