"""The live board: who waits now, where and how long; what is past its target; which calls go on; who does what.

Looked at every few seconds while a hundred thousand tickets may be open: each count goes by its index and stops at
`COUNTED_UP_TO`, the longest waiting first, and the number of statements does not grow with people, centers or tickets.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Person
from accounts.queries import organization_for
from tickets.call_states import ON_CALL
from tickets.models import Ticket
from tickets.models.ticket import TicketQuerySet
from tickets.policies import Reach
from tickets.queries.availability import LONGEST_CALL
from tickets.queries.counting import COUNTED_UP_TO
from tickets.queries.figures import NONE_YET, Done, Figures, done_since, figures_of, midnight_before
from tickets.queries.inbox import Row, listed, rows_of
from tickets.queries.lists import CHANNELS, Asked, View, at_once, in_view, within
from tickets.queries.mentions import who_is

# The oldest of those who wait; whoever works through more does it in the inbox.
QUEUE_SHOWN = 30
# More calls at once than a small center has lines.
CALLS_SHOWN = 50

Place = tuple[int | None, str]  # a center, and a channel


@dataclass(frozen=True, slots=True)
class Cell:
    """Those of one center and channel, or several together. `since` is since when the longest has been waiting."""

    waiting: int = 0
    since: datetime | None = None
    unassigned: int = 0
    past: int = 0
    queued: int = 0
    ringing: int = 0
    talking: int = 0
    today: Figures = NONE_YET


@dataclass(frozen=True, slots=True)
class Call:
    """A call that goes on. `since` is since when it has been waiting, or since when they have been talking."""

    row: Row
    since: datetime

    @property
    def is_talking(self) -> bool:
        return self.row.ticket.call_state in ON_CALL


@dataclass(frozen=True, slots=True)
class Line:
    """One center's: `center_id` is None for what no center has claimed. `cells` are in the order of CHANNELS."""

    center_id: int | None
    all: Cell
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Board:
    """`done` is what was done today, for each agent's figures; `on_call` since when each of them has been talking."""

    all: Cell
    lines: list[Line]
    queue: list[Row]
    calls: list[Call]
    done: list[Done]
    on_call: dict[str, datetime]


def board_for(reach: Reach, person: Person, asked: Asked, *, centers: Sequence[int]) -> Board:
    """What the board shows of these centers, and of no center where she reaches that. At most fourteen statements.

    `asked.center` narrows all of it, `asked.channel` the queue and the calls alone: the channels stand side by side.
    """
    rows = within(reach, Asked(center=asked.center, now=asked.now), at_once)
    calls = _calls(rows, asked.now)
    shown = [call for call in calls if asked.channel in ("", "call")][:CALLS_SHOWN]
    queue = _view(within(reach, asked, at_once), View.WAITING, asked, person).order_by("waiting_since", "pk")
    tickets = [*listed(queue[:QUEUE_SHOWN])]
    talking = listed(Ticket.objects.filter(pk__in=[call.pk for call in shown])) if shown else []
    known = {
        row.ticket.pk: row for row in rows_of(person, {ticket.pk: ticket for ticket in [*tickets, *talking]}.values())
    }
    done = done_since(rows, midnight_before(asked.now, organization_for(person).zone))
    tally = _Tally()
    for center_id, channel, since in _places(rows, View.WAITING, asked, person, "waiting_since"):
        tally.at(center_id, channel).waiting.append(since)
    for center_id, channel, _at in _places(rows, View.BREACHED, asked, person, "due_at"):
        tally.at(center_id, channel).past += 1
    for center_id, channel, _at in _places(rows, View.UNASSIGNED, asked, person, "waiting_since"):
        tally.at(center_id, channel).unassigned += 1
    for call in calls:
        tally.at(call.center_id, call.channel).states[call.state] += 1
    for one in done:
        tally.at(one.center_id, one.channel).done.append(one)
    return Board(
        all=tally.cell(),
        lines=[tally.line(center) for center in [*centers, *({None} & tally.centers)]],
        queue=[known[ticket.pk] for ticket in tickets],
        calls=[Call(known[call.pk], call.since) for call in shown if call.pk in known],
        done=done,
        on_call={call.agent_email: call.since for call in calls if call.state in ON_CALL},
    )


class _Call(NamedTuple):
    center_id: int | None
    channel: str
    pk: int
    state: str
    agent_email: str
    since: datetime


@dataclass(slots=True)
class _Here:
    """What was found at one place."""

    waiting: list[datetime] = field(default_factory=list)
    past: int = 0
    unassigned: int = 0
    states: Counter[str] = field(default_factory=Counter)
    done: list[Done] = field(default_factory=list)


class _Tally:
    """What was found, by place."""

    def __init__(self) -> None:
        self._places: defaultdict[Place, _Here] = defaultdict(_Here)

    def at(self, center_id: int | None, channel: str) -> _Here:
        return self._places[center_id, channel]

    @property
    def centers(self) -> set[int | None]:
        return {center_id for center_id, _channel in self._places}

    def line(self, center_id: int | None) -> Line:
        places = [(center_id, channel) for channel in CHANNELS]
        return Line(center_id, self.cell(places), [self.cell([place]) for place in places])

    def cell(self, places: Iterable[Place] | None = None) -> Cell:
        """These places together; None is all."""
        wanted = self._places if places is None else places
        found = [self._places[place] for place in wanted if place in self._places]
        states = sum((here.states for here in found), Counter[str]())
        return Cell(
            waiting=sum(len(here.waiting) for here in found),
            since=min(chain.from_iterable(here.waiting for here in found), default=None),
            unassigned=sum(here.unassigned for here in found),
            past=sum(here.past for here in found),
            queued=states[Ticket.CallState.QUEUED],
            ringing=states[Ticket.CallState.RINGING],
            talking=sum(states[state] for state in ON_CALL),
            today=figures_of(chain.from_iterable(here.done for here in found)),
        )


def _view(rows: TicketQuerySet, view: View, asked: Asked, person: Person) -> TicketQuerySet:
    return rows.filter(in_view(view, asked, at_once, who=who_is(person)))


def _places(
    rows: TicketQuerySet, view: View, asked: Asked, person: Person, by: str
) -> QuerySet[Ticket, tuple[int | None, str, datetime]]:
    """The places of the first of a view in the order of its index: no more are counted."""
    found = _view(rows, view, asked, person).order_by(by)
    return found.values_list("center_id", "channel", by.removeprefix("-"))[:COUNTED_UP_TO]


def _calls(rows: TicketQuerySet, at: datetime) -> list[_Call]:
    """The calls in progress, the longest first. One that the telephone system has forgotten to end is none any more."""
    found = (
        rows.on_call()
        .filter(last_event_at__gt=at - LONGEST_CALL)
        .annotate(since=Coalesce("call_since", "last_event_at"))
    )
    columns = ("center_id", "channel", "pk", "call_state", "agent_email", "since")
    return [_Call(*values) for values in found.order_by("since", "pk").values_list(*columns)]
