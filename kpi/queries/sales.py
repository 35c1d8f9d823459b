"""What was sold, beside the figures: sales less refunds, in the organization's currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from accounts.models import Organization
from customers.models import Event
from customers.money import sold_in
from kpi.figures.table import NONE
from kpi.queries.question import Period

SALE, REFUND = "pos.sale", "pos.refund"


@dataclass(frozen=True, slots=True)
class Sales:
    """`hundredths` of the currency; `n` sales, without refunds."""

    n: int
    hundredths: int


def sales_in(organization: Organization, period: Period, filters: Mapping[str, Sequence[str]]) -> tuple[Sales, Sales]:
    """Of the period and of the one before, of the centers and stores that are filtered by: other filters say nothing about a
    sale. One statement."""
    start, end = period.instants(organization.zone)
    earlier, _start = period.before.instants(organization.zone)
    rows = Event.objects.filter(organization=organization, type__in=[REFUND, SALE], time__gte=earlier, time__lt=end)
    rows = rows.filter(sold_in(organization.currency))
    for name in ("center", "store"):
        if name in filters:
            wanted = filters[name]
            place = Q(**{f"{name}__slug__in": wanted})
            rows = rows.filter(place | Q(**{f"{name}": None}) if NONE in wanted else place)
    is_now, is_before, is_sale = Q(time__gte=start), Q(time__lt=start), Q(type=SALE)
    sold = rows.aggregate(
        n=Count("type", filter=is_now & is_sale),
        earlier_n=Count("type", filter=is_before & is_sale),
        # A refund's amount stands below zero.
        hundredths=Sum("amount_hundredths", filter=is_now, default=0),
        earlier=Sum("amount_hundredths", filter=is_before, default=0),
    )
    return Sales(sold["n"], sold["hundredths"]), Sales(sold["earlier_n"], sold["earlier"])
