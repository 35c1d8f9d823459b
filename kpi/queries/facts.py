"""Facts of a period, as columns: from packed days; from the facts themselves where a day is not packed or was otherwise then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from accounts.models import Organization
from customers.models import Customer
from cxhub.prepared import Prepared, Told
from kpi.facts.fact import Name
from kpi.facts.row import COLUMNS
from kpi.figures.packing import Columns, Unpacking, columns_of, epoch_us
from kpi.models import Day, FactRow
from kpi.queries.as_of import AsOf
from kpi.queries.question import Period

# So many facts are turned into columns at once.
CHUNK = 20_000


def facts_of(
    organization: Organization,
    period: Period,
    *,
    now: datetime,
    as_of: AsOf | None,
    names: Collection[Name] | None = None,
) -> Columns:
    """The facts of a period that had come by `now`, with customers as merged. `names` leaves the others out."""
    found = Unpacking(names)
    days = Day.objects.filter(organization=organization, day__gte=period.first, day__lt=period.end)
    touched = as_of.days(period) if as_of else set()
    loose: list[date] = []
    for day, is_stale, content in (
        days.order_by("day").values_list("day", "is_stale", "content").iterator(chunk_size=50)
    ):
        if is_stale or day in touched:
            loose.append(day)
        else:
            found.add_packed(bytes(content))
    if loose:
        _add_rows(found, organization, loose, names, as_of)
    if as_of:
        found.add(columns_of([row for row in as_of.rows if row.day in period]))
    columns = found.columns()
    return with_roots(organization, come(columns, now), as_of)


def _add_rows(
    found: Unpacking,
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


def come(columns: Columns, now: datetime) -> Columns:
    """Without what is later than `now`: it had not come."""
    has_come = columns.numbers["at_us"] <= epoch_us(now)
    if has_come.all():
        return columns
    return Columns({name: column[has_come] for name, column in columns.numbers.items()}, columns.texts)


def with_roots(organization: Organization, columns: Columns, as_of: AsOf | None) -> Columns:
    """With each customer's root for her row, 0 for claims alone."""
    import numpy as np

    rows, where = np.unique(columns.numbers["customer"], return_inverse=True)
    if not len(rows):
        return columns
    roots = roots_of(organization, rows.tolist())
    if as_of:
        roots |= as_of.roots
    if roots:
        columns.numbers["customer"] = np.array([roots.get(pk, pk) for pk in rows.tolist()], dtype=np.int64)[where]
    return columns


# Of many customers; a list of as many places would take longer to read than to answer.
_UNLIKE = Prepared(
    lambda: (
        Customer.objects.filter(organization_id=Told("organization_id"), pk__any_of=Told("rows"))
        .filter(Q(merged_into__isnull=False) | Q(is_unconfirmed=True))
        .values_list("pk", "merged_into_id", "is_unconfirmed", "merged_into__is_unconfirmed")
    )
)


def roots_of(organization: Organization, rows: Sequence[int]) -> dict[int, int]:
    """Of these customers' rows those that do not stand for themselves: their root, or 0 where nobody is known."""
    return {
        pk: 0 if (is_root_unknown if root else is_unknown) else root or pk
        for pk, root, is_unknown, is_root_unknown in _UNLIKE(organization_id=organization.pk, rows=rows)
    }
