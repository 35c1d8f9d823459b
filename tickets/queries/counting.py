"""Counts several lists in one statement, none beyond what a person would still read.

Each list is counted up to a limit by the index that serves it. Under filters that leave few, each would look through
all that are open for those few; so these few are looked through once for all lists, where they are few indeed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When

from accounts.models import Person
from cxhub.plain_sql import fetch
from cxhub.prepared import Prepared, filled
from tickets.models import Ticket
from tickets.policies import Reach
from tickets.queries.lists import (
    SOMEBODY,
    Asked,
    Say,
    View,
    counted_in,
    in_view,
    is_answered,
    later,
    shape,
    told,
    within,
)
from tickets.queries.places import Text, by_place, count, is_narrow, is_of_few, looked_up, plain

# Beyond, a count says only that there are more: nobody works through so many by looking at their number, and counting a
# hundred thousand takes longer than everything else on the page.
COUNTED_UP_TO = 1_000
# Of more, a thousand of each view are met among some ten thousand rows; so many are read in ten milliseconds at most.
FEW = 8_000
# What is counted for itself; open is who waits and who has been answered, all is what is open and what was resolved.
_TOGETHER = (View.MINE, View.UNASSIGNED, View.BREACHED, View.SNOOZED)
_APART = (View.ANGRY, View.RESOLVED)


class Counting:
    """A statement that is put together once and asked with other values ever after, as `Prepared` is."""

    def __init__(self, statement: str, parameters: Sequence[Any]) -> None:
        self._statement, self._parameters = statement, parameters

    def __call__(self, **values: Any) -> list[int]:
        """How many tickets each list has, `COUNTED_UP_TO` at most. One statement."""
        rows = fetch(self._statement, filled(self._parameters, values))
        return [min(found, COUNTED_UP_TO) for found in rows[0]]


# Every hint that concerns a list asks these. There is one text for each kind of reach and each set of filters.
_views_kept: dict[tuple[Any, ...], Counting] = {}


def counts_of_views(reach: Reach, person: Person, asked: Asked) -> tuple[dict[View, int], bool]:
    """How many tickets each view but that of mentions has, `COUNTED_UP_TO` at most. One statement.

    And whether more than `FEW` open ones have what is asked for, where that may be few.
    """
    key = shape(reach, asked)
    if key not in _views_kept:
        _views_kept[key] = _views(reach, asked)
    are_many, waiting, answered, *others = _views_kept[key](**told(reach, asked, person))
    found = {View.WAITING: waiting, **dict(zip((*_TOGETHER, *_APART), others, strict=True))}
    found[View.OPEN] = min(waiting + answered, COUNTED_UP_TO)
    found[View.ALL] = min(found[View.OPEN] + found[View.SNOOZED] + found[View.RESOLVED], COUNTED_UP_TO)
    return {view: found[view] for view in View if view in found}, bool(are_many)


def count_of(reach: Reach, asked: Asked, say: Say) -> Text:
    """One list's count as a sub-select, `COUNTED_UP_TO` at most; of mentions, the unread."""
    return _count(reach, asked, asked.view, counted_in(asked.view, asked, say, who=SOMEBODY), say)


def _views(reach: Reach, asked: Asked) -> Counting:
    conditions = {view: in_view(view, asked, later, who=SOMEBODY) for view in View}
    answered = is_answered(asked, later)
    told_apart = [
        (View.WAITING, conditions[View.WAITING]),
        # By the index of those who wait, as they stand behind them in it.
        (View.WAITING, answered),
        *((view, conditions[view]) for view in _TOGETHER),
    ]
    counts = [_count(reach, asked, view, condition, later) for view, condition in told_apart]
    apart = [_count(reach, asked, view, conditions[view], later) for view in _APART]
    if not is_of_few(asked):
        return counting([Text("1", ()), *counts, *apart])
    held = {f"list_{place}": _holds(condition) for place, (_view, condition) in enumerate(told_apart)}
    few = within(reach, asked, later).filter(status=Ticket.Status.OPEN).annotate(**held).values_list(*held)[: FEW + 1]
    kept = Prepared(lambda: few).kept
    # The branch that is not taken is not looked up.
    counts = [
        Text(f"CASE WHEN few.everything <= {FEW} THEN few.list_{place} ELSE {one.statement} END", one.parameters)
        for place, one in enumerate(counts)
    ]
    sums = ", ".join(f"count(*) FILTER (WHERE {name}) AS {name}" for name in held)
    source = f"(SELECT count(*) AS everything, {sums} FROM ({kept.statement}) AS some_rows) AS few"  # noqa: S608
    are_many = Text(f"CASE WHEN few.everything > {FEW} THEN 1 ELSE 0 END", ())
    return counting([are_many, *counts, *apart], Text(source, kept.parameters))


def _count(reach: Reach, asked: Asked, view: View, condition: Q, say: Say) -> Text:
    rows = Ticket.objects.shown().filter(condition)
    return count(_looked_up(reach, asked, view)(reach, asked, rows, say, by="", limit=COUNTED_UP_TO))


def _looked_up(reach: Reach, asked: Asked, view: View) -> Callable[..., Text]:
    if view in (View.UNASSIGNED, View.BREACHED):
        # Their indexes hold them for all places; where few are meant, those few are sooner looked through.
        return by_place if is_narrow(reach, asked) and not is_of_few(asked) else plain
    return looked_up(asked, view)


def counting(counts: Sequence[Text], source: Text | None = None) -> Counting:
    """One statement for all of these, from `source` where they speak of it."""
    statement = f"SELECT {', '.join(one.statement for one in counts)}"
    parameters = [value for one in counts for value in one.parameters]
    if source is None:
        return Counting(statement, parameters)
    return Counting(f"{statement} FROM {source.statement}", [*parameters, *source.parameters])


def _holds(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
