"""What was sold, beside the figures: sales less refunds, in the organization's currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from accounts.models import Organization
from customers.models import Event
from customers.money import sold_in
from kpi.figures.table import NONE
from kpi.queries.question import midnight

SALE, REFUND = "pos.sale", "pos.refund"


@dataclass(frozen=True, slots=True)
class Sales:
    """`hundredths` of the currency; `n` sales, without refunds."""

    n: int
    hundredths: int


def sales_by_day(
    organization: Organization, first: date, end: date, filters: Mapping[str, Sequence[str]]
) -> dict[date, Sales]:
    """Of the days `[first, end)` of its zone on which anything was sold or brought back, of the centers and stores that are
    filtered by: other filters say nothing about a sale. One statement."""
    start, stop = midnight(first, organization.zone), midnight(end, organization.zone)
    rows = Event.objects.filter(organization=organization, type__in=[REFUND, SALE], time__gte=start, time__lt=stop)
    rows = rows.filter(sold_in(organization.currency))
    for name in ("center", "store"):
        if name in filters:
            wanted = filters[name]
            place = Q(**{f"{name}__slug__in": wanted})
            rows = rows.filter(place | Q(**{f"{name}": None}) if NONE in wanted else place)
    sold = (
        rows.order_by()
        .values(day=TruncDate("time", tzinfo=organization.zone))
        .annotate(
            n=Count("type", filter=Q(type=SALE)),
            # A refund's amount stands below zero.
            hundredths=Sum("amount_hundredths", default=0),
        )
    )
    return {row["day"]: Sales(row["n"], row["hundredths"]) for row in sold}
