"""Facts of a period: from packed days; from the facts themselves where a day is not packed or was otherwise then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from accounts.models import Organization
from customers.models import Customer
from cxhub.plain_sql import fetch_binary
from cxhub.prepared import Prepared, Told
from kpi.facts.fact import Name
from kpi.facts.row import COLUMNS
from kpi.figures.columns import Table, columns_of, epoch_day, epoch_us
from kpi.figures.packing import OldForm
from kpi.figures.parts import OF_PEOPLE
from kpi.figures.table import Facts, Gathering
from kpi.models import FactRow
from kpi.queries.as_of import AsOf
from kpi.queries.question import Period

if TYPE_CHECKING:
    from kpi.figures.columns import Column

# So many facts are turned into columns at once.
CHUNK = 20_000
# So many packed days are in memory at once, beside what is kept of them.
DAYS_AT_ONCE = 100


def facts_of(
    organization: Organization,
    period: Period,
    *,
    now: datetime,
    as_of: AsOf | None,
    names: Collection[Name] | None = None,
) -> Facts:
    """The facts of a period that had come by `now`, with customers as merged. `names` leaves the others out."""
    found = Gathering(names)
    touched = as_of.days(period) if as_of else set()
    loose: list[date] = []
    for day, is_stale, content in _days(organization, period):
        if is_stale or day in touched:
            loose.append(day)
            continue
        try:
            found.add_packed(content, epoch_day(day))
        except OldForm:
            loose.append(day)
    if loose:
        _add_rows(found, organization, loose, names, as_of)
    if as_of:
        found.add(columns_of([row for row in as_of.rows if row.day in period]))
    return with_roots(organization, found.facts(epoch_us(now)), as_of)


_DAYS = "SELECT day, is_stale, content FROM kpi_day WHERE organization_id = %s AND day >= %s AND day < %s ORDER BY day"


def _days(organization: Organization, period: Period) -> Iterable[tuple[date, bool, bytes]]:
    first, most = period.first, timedelta(days=DAYS_AT_ONCE)
    while first < period.end:
        end = min(first + most, period.end)
        days = map(connection.ops.adapt_datefield_value, (first, end))
        for day, is_stale, content in fetch_binary(_DAYS, [organization.pk, *days]):
            yield (day if isinstance(day, date) else date.fromisoformat(day)), bool(is_stale), content
        first = end


def _add_rows(
    found: Gathering,
    organization: Organization,
    days: Sequence[date],
    names: Collection[Name] | None,
    as_of: AsOf | None,
) -> None:
    rows = FactRow.objects.filter(organization=organization, day__in=days)
    if names is not None:
        rows = rows.filter(name__in=names)
    for some in _chunks(rows.values_list(*COLUMNS).iterator(chunk_size=CHUNK)):
        found.add(columns_of([row for row in some if as_of is None or row[TICKET] not in as_of.tickets]))


TICKET = COLUMNS.index("ticket_id")


def _chunks(rows: Iterable[tuple[Any, ...]]) -> Iterable[list[tuple[Any, ...]]]:
    some: list[tuple[Any, ...]] = []
    for row in rows:
        some.append(row)
        if len(some) == CHUNK:
            yield some
            some = []
    if some:
        yield some


def with_roots(organization: Organization, facts: Facts, as_of: AsOf | None) -> Facts:
    """With each customer's root for her row, 0 for claims alone. They are looked up once, and only where customers are
    counted."""
    import numpy as np

    looked_up: list[tuple[Column, Column]] = []

    def roots() -> tuple[Column, Column]:
        if not looked_up:
            told = _few_unlike(organization)
            if told is None:
                rows = np.unique(np.concatenate([facts[name]["customer"] for name in OF_PEOPLE]))
                told = roots_of(organization, rows.tolist()) if len(rows) else {}
            pairs = np.array(sorted((told | (as_of.roots if as_of else {})).items()), dtype=np.int64).reshape(-1, 2)
            looked_up.append((pairs[:, 0], pairs[:, 1]))
        return looked_up[0]

    def rooted(table: Table) -> Table:
        def read(column: str) -> Column:
            found = table[column]
            if column != "customer" or not len(found):
                return found
            rows, known = roots()
            if not len(rows):
                return found
            place = np.minimum(np.searchsorted(rows, found), len(rows) - 1)
            return np.where(rows[place] == found, known[place], found)

        return Table(len(table), read)

    return facts.each(rooted)


# So many are read without being asked for by their keys: a shop has few, and a month has customers by the thousand.
FEW = 2000


def _few_unlike(organization: Organization) -> dict[int, int] | None:
    """All customers' rows of an organization that do not stand for themselves, as `roots_of`; None where they are many."""
    rows = _ALL_UNLIKE(organization_id=organization.pk)
    return None if len(rows) > FEW else _roots(rows)


_IS_UNLIKE = Q(merged_into__isnull=False) | Q(is_unconfirmed=True)
_TOLD = ("pk", "merged_into_id", "is_unconfirmed", "merged_into__is_unconfirmed")
_ALL_UNLIKE = Prepared(
    lambda: (
        Customer.objects.filter(organization_id=Told("organization_id"))
        .filter(_IS_UNLIKE)
        .values_list(*_TOLD)[: FEW + 1]
    )
)
# Of many customers; a list of as many places would take longer to read than to answer.
_UNLIKE = Prepared(
    lambda: (
        Customer.objects.filter(organization_id=Told("organization_id"), pk__any_of=Told("rows"))
        .filter(_IS_UNLIKE)
        .values_list(*_TOLD)
    )
)


def roots_of(organization: Organization, rows: Sequence[int]) -> dict[int, int]:
    """Of these customers' rows those that do not stand for themselves: their root, or 0 where nobody is known."""
    return _roots(_UNLIKE(organization_id=organization.pk, rows=rows))


def _roots(rows: Iterable[tuple[int, int | None, bool, bool | None]]) -> dict[int, int]:
    return {
        pk: 0 if (is_root_unknown if root else is_unknown) else root or pk
        for pk, root, is_unknown, is_root_unknown in rows
    }
