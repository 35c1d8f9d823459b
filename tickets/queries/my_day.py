"""What somebody has done today: her own figures, the tickets she has worked on, and how long she was in which state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from accounts.models import Person
from accounts.queries import organization_for
from customers.models import Event
from tickets.models import AvailabilityChange
from tickets.models.availability import State
from tickets.policies import tickets_reached
from tickets.queries.figures import NONE_YET, Figures, done_since, figures_by_agent, midnight_before
from tickets.queries.inbox import Row, listed, rows_of
from tickets.queries.team import Work, work_of

# A busy day; what was before lunch stands in the history.
TICKETS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Day:
    """`tickets` are those in which she did something today, the latest first; `states` in the order of State."""

    figures: Figures
    work: Work
    tickets: list[Row]
    states: list[tuple[State, timedelta]]


def day_of(person: Person, *, at: datetime) -> Day:
    """Her own day until now. Ten statements at most, however much she has done."""
    organization = organization_for(person)
    since = midnight_before(at, organization.zone)
    rows = tickets_reached(person).standing()
    hers = Event.objects.filter(organization=organization, time__gte=since, agent_email=person.email)
    worked_on = rows.filter(last_event_at__gte=since, thread__in=hers.exclude(thread="").values("thread"))
    tickets = listed(worked_on.order_by("-last_event_at", "-pk")[:TICKETS_SHOWN])
    return Day(
        figures=figures_by_agent(done_since(rows, since)).get(person.email, NONE_YET),
        work=work_of(organization.pk, [person.email], at=at).get(person.email, Work()),
        tickets=rows_of(person, tickets),
        states=_states(person, since, at),
    )


def _states(person: Person, since: datetime, until: datetime) -> list[tuple[State, timedelta]]:
    changes = AvailabilityChange.objects.filter(organization=organization_for(person), person=person)
    before = changes.filter(at__lt=since).order_by("-at", "-pk").values_list("at", "state")[:1]
    today = changes.filter(at__gte=since, at__lte=until).order_by("at", "pk").values_list("at", "state")
    spent = time_in_states([*before, *today], since=since, until=until)
    return [(state, spent[state]) for state in State if spent.get(state)]


def time_in_states(
    changes: Iterable[tuple[datetime, str]], *, since: datetime, until: datetime
) -> dict[State, timedelta]:
    """How long somebody was in each state, from her changes in their order; nothing before the first. Pure."""
    spent: dict[State, timedelta] = {}
    for (at, state), (end, _next) in pairwise([*changes, (until, "")]):
        length = min(end, until) - max(at, since)
        if length > timedelta():
            spent[State(state)] = spent.get(State(state), timedelta()) + length
    return spent
