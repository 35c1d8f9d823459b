"""Packs days whose facts have changed, so that a month is read as thirty rows."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from accounts.models import Organization
from cxhub.plain_sql import change
from cxhub.prepared import Prepared, Told
from kpi.actions.following import hold
from kpi.figures.packing import pack
from kpi.models import Day
from kpi.queries.day_facts import columns_of_day

PACKED_AT_ONCE = 20


def pack_days(organization: Organization) -> int:
    """Packs all stale days, the latest first, some in each transaction; returns how many."""
    count, some = 0, PACKED_AT_ONCE
    # Every two seconds nothing is stale: that costs a look into an index, and no transaction.
    while some == PACKED_AT_ONCE and _STALE(organization_id=organization.pk):
        with transaction.atomic():
            # Whoever changes facts holds it too: nothing changes between reading and saying that a day is packed.
            hold(organization)
            days = _STALE(organization_id=organization.pk)
            for day in days:
                pack_day(organization, day)
        some = len(days)
        count += some
    return count


_STALE = Prepared(
    lambda: (
        Day.objects.filter(organization_id=Told("organization_id"), is_stale=True)
        .order_by("-day")
        .values_list("day", flat=True)[:PACKED_AT_ONCE]
    )
)


def pack_day(organization: Organization, day: date) -> None:
    """Packs one day from its facts; one without facts is no more. Call while holding the organization's facts."""
    columns = columns_of_day(organization, day)
    told = [organization.pk, connection.ops.adapt_datefield_value(day)]
    if len(columns):
        change(_PACKED, [len(columns), pack(columns), *told])
    else:
        change("DELETE FROM kpi_day WHERE organization_id = %s AND day = %s", told)


_PACKED = "UPDATE kpi_day SET facts = %s, content = %s, is_stale = false WHERE organization_id = %s AND day = %s"
