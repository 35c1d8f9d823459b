"""A fact as the database keeps it: its day is cut, its ticket has a key. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from kpi.facts.fact import Fact


class Row(NamedTuple):
    """The columns of a `FactRow`, in order."""

    day: date
    name: str
    ticket_id: int | None
    ordinal: int
    event_id: int
    at: datetime
    channel: str
    center_id: int
    store_id: int
    customer_id: int
    topic: str
    agent_email: str
    outcome: int
    calendar_us: int | None
    business_us: int | None
    until: datetime | None

    @property
    def key(self) -> tuple[Any, ...]:
        """What the fact is of: there is one of each (METRICS.md)."""
        return (self.name, self.event_id) if self.event_id else (self.name, self.ticket_id, self.ordinal)


COLUMNS = Row._fields


def row_of(fact: Fact, ticket_id: int | None, zone: ZoneInfo) -> Row:
    whose = fact.whose
    return Row(
        fact.at.astimezone(zone).date(),
        str(fact.name),
        ticket_id,
        fact.ordinal,
        fact.event,
        fact.at,
        whose.channel,
        whose.center_id,
        whose.store_id,
        whose.customer_id,
        whose.topic,
        fact.agent,
        int(fact.outcome),
        fact.calendar_us,
        fact.business_us,
        fact.until,
    )
