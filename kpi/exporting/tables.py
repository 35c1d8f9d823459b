"""What stands in each table that can be taken out: the same questions as on the screen, every number as it was counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from customers.policies import sight_of
from customers.queries.profiles import names_of
from kpi import shown
from kpi.figures.arithmetic import Figure
from kpi.queries.cuts import CUT_FIGURES, TREND_FIGURES, cut_for, trend_for
from kpi.queries.journey import flows_of, paths_for
from kpi.queries.numbers import Number, found_for, number_in
from kpi.queries.spread import heat_for, misses_for, spread_for
from kpi.queries.wanted import Params, Wanted, channel_names
from kpi.words import DURATIONS, FIGURES
from tickets.models import Ticket
from tickets.queries.inbox import listed
from tickets.queries.names import agent_names, topic_names

Cell = str | int | float | None
Row = list[Cell]
TICKETS = "tickets"
TABLES: dict[str, str | Promise] = {
    "cut": gettext_lazy("Side by side"),
    "trend": gettext_lazy("Course over time"),
    "heat": gettext_lazy("Hours of the week"),
    "misses": gettext_lazy("Where targets are missed"),
    "spread": gettext_lazy("How it is spread"),
    "flows": gettext_lazy("From channel to channel"),
    TICKETS: gettext_lazy("Tickets behind a number"),
}
BATCH = 500


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are made while they are read; `count` is how many there will be. `is_personal`: names of customers are in it."""

    name: str
    title: str
    heads: list[str]
    rows: Iterator[Row]
    count: int
    is_personal: bool = False
    # Places of columns that hold shares of one.
    shares: tuple[int, ...] = field(default=())


class NoSuchTable(Exception):
    """The address names no table, or no number for the tickets behind it."""


def table_for(person: Person, wanted: Wanted, name: str, params: Params) -> Table:
    """Raises `NoSuchTable` and `kpi.queries.question.BadQuestion`."""
    if name == TICKETS:
        number = number_in(params)
        if number is None:
            raise NoSuchTable
        return _tickets(person, wanted, number)
    maker = _MAKERS.get(name)
    if maker is None:
        raise NoSuchTable
    return maker(wanted, params)


def columns_of(name: str) -> list[tuple[str, Callable[[Figure], Cell], bool]]:
    """The columns of one figure: head, what of the answer stands there, and whether it is a share."""
    label = str(FIGURES[name].short)

    def part(key: str) -> Callable[[Figure], Cell]:
        return lambda figure: figure[key]

    if name in DURATIONS:
        parts = {
            "median_seconds": _("median, s"),
            "p90_seconds": _("90th percentile, s"),
            "mean_seconds": _("mean, s"),
            "n": "n",
        }
        return [(f"{label} · {words}", part(key), False) for key, words in parts.items()]
    if name == "volume":
        return [(label, lambda figure: figure["tickets"]["n"], False)]
    if name == "nps":
        return [
            (label, part("score"), False),
            (f"{label} · 9–10", part("promoters"), False),
            (f"{label} · 7–8", part("passives"), False),
            (f"{label} · 0–6", part("detractors"), False),
        ]
    of_these, pending = _("of these"), _("not over yet")
    told = [
        (label, part("ratio"), True),
        (f"{label} · {of_these}", part("numerator"), False),
        (f"{label} · n", part("denominator"), False),
    ]
    return [*told, (f"{label} · {pending}", part("pending"), False)] if name == "fcr" else told


def _cells(name: str, figure: Figure | None) -> Row:
    return [take(figure) if figure else None for _head, take, _is_share in columns_of(name)]


def _cut(wanted: Wanted, _params: Params) -> Table:
    whole, lines = cut_for(wanted, wanted.by)
    columns = [column for name in CUT_FIGURES for column in columns_of(name)]
    by = {
        "channel": _("Channel"),
        "center": _("Center"),
        "store": _("Store"),
        "agent": _("Agent"),
        "topic": _("Topic"),
    }[wanted.by]
    rows = [[line.label, *(value for cell in line.cells for value in _cells(cell.name, cell.figure))] for line in lines]
    rows.append([_("Together"), *(value for cell in whole.cells for value in _cells(cell.name, cell.figure))])
    shares = tuple(place for place, (_h, _t, is_share) in enumerate(columns, start=1) if is_share)
    return Table(
        "cut", _("Side by side"), [by, *(head for head, _t, _s in columns)], iter(rows), len(rows), shares=shares
    )


def _trend(wanted: Wanted, params: Params) -> Table:
    name = params.get("figure") or ""
    name = name if name in TREND_FIGURES else TREND_FIGURES[0]
    points = trend_for(wanted, name)
    columns = columns_of(name)
    rows: list[Row] = [[point.key, *_cells(name, point.figure), point.goal] for point in points]
    heads = [_("When"), *(head for head, _t, _s in columns), _("Goal")]
    shares = tuple(place for place, (_h, _t, is_share) in enumerate(columns, start=1) if is_share)
    return Table("trend", str(FIGURES[name].label), heads, iter(rows), len(rows), shares=shares)


def _heat(wanted: Wanted, _params: Params) -> Table:
    rows: list[Row] = [
        [shown.weekday(cell.weekday), cell.hour, cell.n, cell.missed]
        for row in heat_for(wanted)
        for cell in row
        if cell.n
    ]
    heads = [_("Weekday"), _("Hour"), _("First answers due"), _("Missed")]
    return Table("heat", _("Hours of the week"), heads, iter(rows), len(rows))


def _misses(wanted: Wanted, _params: Params) -> Table:
    _all, places = misses_for(wanted)
    rows: list[Row] = [
        [
            wanted.choices.label("center", place.center),
            wanted.choices.label("channel", place.channel),
            place.missed,
            place.n,
            place.ratio,
        ]
        for place in places
    ]
    heads = [_("Center"), _("Channel"), _("Missed"), _("First answers due"), _("Share")]
    return Table("misses", _("Where targets are missed"), heads, iter(rows), len(rows), shares=(4,))


def _spread(wanted: Wanted, _params: Params) -> Table:
    told = spread_for(wanted)
    wait, csat, nps = (str(FIGURES[name].label) for name in ("first_response", "csat", "nps"))
    rows: list[Row] = [[wait, bucket.over, bucket.upto, bucket.n] for bucket in told.buckets]
    rows += [[csat, int(score), int(score), n] for score, n in told.csat.items()]
    rows += [[nps, int(score), int(score), n] for score, n in told.nps.items()]
    heads = [_("Figure"), _("Over (s), or score"), _("Up to (s), or score"), _("Count")]
    return Table("spread", _("How it is spread"), heads, iter(rows), len(rows))


def _flows(wanted: Wanted, _params: Params) -> Table:
    names = channel_names()
    rows: list[Row] = [
        [flow.step + 1, names.get(flow.start, flow.start), names.get(flow.end, flow.end), flow.n]
        for flow in flows_of(paths_for(wanted))
    ]
    heads = [_("Change"), _("From"), _("To"), _("Matters")]
    return Table("flows", _("From channel to channel"), heads, iter(rows), len(rows))


_MAKERS: dict[str, Callable[[Wanted, Params], Table]] = {
    "cut": _cut,
    "trend": _trend,
    "heat": _heat,
    "misses": _misses,
    "spread": _spread,
    "flows": _flows,
}


def _tickets(person: Person, wanted: Wanted, number: Number) -> Table:
    found = found_for(person, wanted, number)
    heads = [
        *(_("Began"), _("Channel"), _("Center"), _("Store"), _("Agent"), _("Topic"), _("Customer")),
        *(_("State"), _("Last event"), _("Ticket")),
    ]
    rows = _ticket_rows(person, wanted, found.ticket_ids)
    return Table(TICKETS, _("Tickets behind a number"), heads, rows, len(found.ticket_ids), is_personal=True)


def _ticket_rows(person: Person, wanted: Wanted, ticket_ids: list[int]) -> Iterator[Row]:
    """In batches: memory stays flat however many there are. Names as she may see them."""
    organization, zone = wanted.organization, wanted.organization.zone
    topics, channels = topic_names(organization.pk), channel_names()

    def local(at: datetime) -> str:
        return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")

    for begin in range(0, len(ticket_ids), BATCH):
        some = ticket_ids[begin : begin + BATCH]
        rows = {row.pk: row for row in listed(Ticket.objects.filter(organization=organization, pk__in=some))}
        tickets = [rows[pk] for pk in some if pk in rows]
        agents = agent_names(organization.pk, {ticket.agent_email for ticket in tickets})
        roots = [ticket.root_id for ticket in tickets if ticket.root_id]
        names = names_of(organization, roots, sight=sight_of(person))
        for ticket in tickets:
            yield [
                local(ticket.opened_at),
                channels.get(ticket.channel, ticket.channel),
                ticket.center_name or "",
                ticket.store_name or "",
                agents.get(ticket.agent_email, ticket.agent_email),
                topics.get(ticket.topic, ticket.topic),
                names.get(ticket.root_id, "") if ticket.root_id else "",
                _("Open") if ticket.is_open else _("Resolved"),
                local(ticket.last_event_at),
                str(ticket.public_id),
            ]


def told_params(params: Params, names: tuple[str, ...]) -> dict[str, Any]:
    """Those words of an address that were said, to be kept."""
    return {name: value for name in names if (value := params.get(name) or "")}
