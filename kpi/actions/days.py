"""Packs days whose facts have changed, so that a month is read as thirty rows."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import Organization
from kpi.actions.following import hold
from kpi.facts.row import COLUMNS
from kpi.figures.packing import columns_of, pack
from kpi.models import Day, FactRow

PACKED_AT_ONCE = 20


def pack_days(organization: Organization) -> int:
    """Packs some of the stale days, the latest first; returns how many. Call again until there is none."""
    with transaction.atomic():
        # Whoever changes facts holds it too: nothing changes between reading and saying that a day is packed.
        hold(organization)
        stale = Day.objects.filter(organization=organization, is_stale=True).order_by("-day")
        days = list(stale.values_list("day", flat=True)[:PACKED_AT_ONCE])
        for day in days:
            pack_day(organization, day)
    return len(days)


def pack_day(organization: Organization, day: date) -> None:
    """Packs one day from its facts; one without facts is no more. Call while holding the organization's facts."""
    rows = FactRow.objects.filter(organization=organization, day=day).order_by(
        "name", "at", "ticket", "ordinal", "event_id"
    )
    columns = columns_of(list(rows.values_list(*COLUMNS)))
    days = Day.objects.filter(organization=organization, day=day)
    if len(columns):
        days.update(facts=len(columns), content=pack(columns), is_stale=False)
    else:
        days.delete()
