"""Keeps stored facts in line with what they should be: writes only what differs, and marks the days it touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from accounts.models import Organization
from cxhub.bulk import Insert
from kpi.facts.row import COLUMNS, Row
from kpi.models import Day, FactRow

_INSERT = Insert(FactRow, ("organization_id", *COLUMNS))


def stored_rows(
    organization: Organization, *, tickets: Collection[int] = (), events: Collection[int] = ()
) -> dict[int, Row]:
    """The stored facts of these tickets and of these surveys' events, by their rows' keys."""
    facts = FactRow.objects.filter(organization=organization)
    found: dict[int, Row] = {}
    # Each as an index has it: those of tickets and those of events are unique apart.
    for which in (
        facts.filter(ticket__in=tickets, event_id=0) if tickets else None,
        facts.filter(ticket__in=tickets).exclude(event_id=0) if tickets else None,
        facts.filter(event_id__in=events).exclude(event_id=0) if events else None,
    ):
        if which is not None:
            found |= {pk: Row(*columns) for pk, *columns in which.values_list("pk", *COLUMNS)}
    return found


def keep(organization: Organization, wanted: Iterable[Row], stored: Mapping[int, Row]) -> set[date]:
    """Brings the `stored` rows in line with those wanted; returns the days of what differed, which are stale now."""
    missing = {row.key: row for row in wanted}
    gone: list[int] = []
    days: set[date] = set()
    for pk, row in stored.items():
        if missing.get(row.key) == row:
            del missing[row.key]
        else:
            gone.append(pk)
            days.add(row.day)
    if gone:
        FactRow.objects.filter(organization=organization, pk__in=gone).delete()
    if missing:
        _INSERT([(organization.pk, *row) for row in missing.values()])
        days |= {row.day for row in missing.values()}
    mark_stale(organization, days)
    return days


_MARK = Insert(
    Day,
    ("organization_id", "day", "is_stale"),
    then="ON CONFLICT (organization_id, day) DO UPDATE SET is_stale = true WHERE kpi_day.is_stale = false",
)


def mark_stale(organization: Organization, days: Collection[date]) -> None:
    """Says of days that they must be packed again; those that there never was are added. One statement."""
    _MARK([(organization.pk, day, True) for day in sorted(days)])
