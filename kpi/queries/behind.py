"""The tickets behind a number: those whose facts it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accounts.models import Organization
from kpi.facts.row import COLUMNS
from kpi.figures.columns import Table, columns_of, epoch_us
from kpi.figures.parts import PARTS
from kpi.figures.table import Facts, Gathering, Groups, Key, filtered, grouped
from kpi.models import FactRow
from kpi.queries.as_of import as_of
from kpi.queries.facts import with_roots
from kpi.queries.figures import slugs_of
from kpi.queries.question import BadQuestion, Question
from tickets.models import Ticket

if TYPE_CHECKING:
    from kpi.figures.columns import Column


@dataclass(frozen=True, slots=True)
class Behind:
    """`ticket_ids`, the latest fact first, each once; `facts` are as many as the number says. Surveys' are of events:
    `event_ids` of those of no ticket, in the same order, `events_of` the latest of each ticket."""

    ticket_ids: list[int]
    facts: int
    event_ids: list[int]
    events_of: dict[int, int]

    @property
    def without_ticket(self) -> int:
        return len(self.event_ids)


def tickets_behind(
    organization: Organization,
    question: Question,
    figure: str,
    part: str,
    *,
    key: Key = None,
    only: Callable[[Table], Column] | None = None,
) -> Behind:
    """What stands behind one number of an answer: the `part` (`kpi.figures.parts`) of a figure in the group of that key.

    `only` says of each fact of the table whether it is wanted. Raises `BadQuestion` for a figure or part that there is not.
    """
    if figure not in PARTS:
        raise BadQuestion("figure", "unknown")
    then = as_of(organization, question.now)
    names = [name for name, _ in PARTS[figure]]
    stored = FactRow.objects.filter(
        organization=organization, day__gte=question.period.first, day__lt=question.period.end, name__in=names
    )
    rows: list[Any] = list(stored.values_list(*COLUMNS))
    if then:
        rows = [row for row in rows if row[_TICKET] not in then.tickets]
        rows += [row for row in then.rows if row.name in names and row.day in question.period]
    found = Gathering()
    found.add(columns_of(rows, with_tickets=True))
    slugs = slugs_of(organization)
    facts = filtered(with_roots(organization, found.facts(epoch_us(question.now)), then), question.filters, slugs)
    if only is not None:
        facts = facts.each(lambda table: table.where(only(table)))
    groups = Groups.of_period(question.by, question.period.first, question.period.end, slugs.get(question.by, {}))
    return _behind(grouped(facts, groups, names), figure, part, groups, key, question)


_TICKET = COLUMNS.index("ticket_id")


def _behind(facts: Facts, figure: str, part: str, groups: Groups, key: Key, question: Question) -> Behind:
    found: list[tuple[int, int, int]] = []
    is_known = False
    for name, parts in PARTS[figure]:
        some = facts[name]
        masks = parts(some, epoch_us(question.now))
        if part in masks:
            is_known = True
            told = some.where(masks[part] & (some["group"] == groups.place(key)))
            found += zip(*(told[column].tolist() for column in ("at_us", "ticket", "event")), strict=True)
    if not is_known:
        raise BadQuestion("part", "unknown")
    found.sort(reverse=True)
    return Behind(
        ticket_ids=list(dict.fromkeys(ticket for _, ticket, _event in found if ticket)),
        facts=len(found),
        event_ids=[event for _, ticket, event in found if not ticket],
        # The latest comes first, and so stands last here.
        events_of={ticket: event for _, ticket, event in reversed(found) if ticket and event},
    )


def in_order(organization: Organization, behind: Behind) -> list[Ticket]:
    """The tickets themselves, in that order; for a page, cut `ticket_ids` first."""
    rows = Ticket.objects.filter(organization=organization).in_bulk(behind.ticket_ids)
    return [rows[pk] for pk in behind.ticket_ids if pk in rows]
