"""Keeps stored facts in line with what they should be: writes only what differs, and marks the days it touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from accounts.models import Organization
from cxhub.bulk import Insert
from kpi.facts.row import COLUMNS, Row
from kpi.models import Day, FactRow

_INSERT = Insert(FactRow, ("organization_id", *COLUMNS))


def stored_rows(organization: Organization, column: str, values: Collection[int]) -> dict[int, Row]:
    """The stored facts whose `ticket_id` or `event_id` is among the values, by their keys."""
    if not values:
        return {}
    found = FactRow.objects.filter(organization=organization, **{f"{column}__in": values})
    if column == "event_id":
        found = found.exclude(event_id=0)
    return {pk: Row(*columns) for pk, *columns in found.values_list("pk", *COLUMNS)}


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


def mark_stale(organization: Organization, days: Collection[date]) -> None:
    """Says of days that they must be packed again; those that there never was are added."""
    if not days:
        return
    there = set(Day.objects.filter(organization=organization, day__in=days).values_list("day", flat=True))
    Day.objects.filter(organization=organization, day__in=days, is_stale=False).update(is_stale=True)
    Day.objects.bulk_create(
        [Day(organization=organization, day=day) for day in sorted(set(days) - there)], ignore_conflicts=True
    )
