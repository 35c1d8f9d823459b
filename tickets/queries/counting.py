"""Counts several lists in one statement, none beyond what a person would still read.

Each list is counted up to a limit by the index that serves it. Under filters that leave few, each would look through
all that are open for those few; so these few are looked through once for all lists, where they are few indeed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from cxhub.plain_sql import fetch
from cxhub.prepared import Prepared, filled
from tickets.models import Ticket

# Beyond, a count says only that there are more: nobody works through so many by looking at their number, and counting a
# hundred thousand takes longer than everything else on the page.
COUNTED_UP_TO = 1_000
# Of more, a thousand of each view are met among some ten thousand rows; so many are read in a few milliseconds.
FEW = 4_000


class Counting:
    """A statement that is put together once and asked with other values ever after, as `Prepared` is."""

    def __init__(self, statement: str, parameters: Sequence[Any]) -> None:
        self._statement, self._parameters = statement, parameters

    def __call__(self, **values: Any) -> list[int]:
        """How many tickets each list has, `COUNTED_UP_TO` at most. One statement."""
        rows = fetch(self._statement, filled(self._parameters, values))
        return [min(count, COUNTED_UP_TO) for count in rows[0]]


def counting(rows: QuerySet[Ticket], lists: Sequence[Q], *, few: QuerySet[Ticket] | None = None) -> Counting:
    """Counts `lists`, conditions on `rows`; `few` are all that stand in any of them, where they may be few."""
    counts: list[str] = []
    parameters: list[Any] = []
    for place, condition in enumerate(lists):
        kept = _kept(rows.filter(condition).values_list("pk")[:COUNTED_UP_TO])
        one = f"(SELECT count(*) FROM ({kept.statement}) AS counted)"  # noqa: S608 - Django's own text
        # The branch that is not taken is not looked up.
        counts.append(one if few is None else f"CASE WHEN few.everything <= {FEW} THEN few.list_{place} ELSE {one} END")
        parameters += kept.parameters
    statement = f"SELECT {', '.join(counts)}"
    if few is not None:
        held = {f"list_{place}": _holds(condition) for place, condition in enumerate(lists)}
        kept = _kept(few.annotate(**held).values_list(*held)[: FEW + 1])
        sums = ", ".join(f"count(*) FILTER (WHERE {name}) AS {name}" for name in held)
        statement += f" FROM (SELECT count(*) AS everything, {sums} FROM ({kept.statement}) AS some_rows) AS few"  # noqa: S608
        parameters += kept.parameters
    return Counting(statement, parameters)


def _holds(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _kept(rows: QuerySet[Any, Any]) -> Any:
    return Prepared(lambda: rows).kept
