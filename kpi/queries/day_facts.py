"""All facts of a day as columns, for packing it: read as numbers, without an object for each instant and each row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.models import Organization
from cxhub.plain_sql import as_instant, fetch_binary
from kpi.figures.columns import CUTS, KINDS, NEVER_US, Columns, coded, epoch_us

_SELECT = """
SELECT name, at, {until}, COALESCE(ticket_id, 0), ordinal, event_id, COALESCE(calendar_us, 0), COALESCE(business_us, 0),
  outcome, customer_id, channel, topic, agent_email, center_id, store_id
FROM kpi_factrow WHERE organization_id = %s AND day = %s
"""
# PostgreSQL sends instants as microseconds since 2000, and what is never as the largest number.
_SINCE_2000_US, _INFINITY_US = 946_684_800_000_000, 2**63 - 1


def columns_of_day(organization: Organization, day: date) -> Columns:
    """In an order that hangs on nothing but the facts themselves. One statement."""
    import numpy as np

    parameters = [organization.pk, connection.ops.adapt_datefield_value(day)]
    is_binary = connection.vendor == "postgresql"
    statement = _SELECT.format(until="COALESCE(until, 'infinity')" if is_binary else "until")
    rows = fetch_binary(statement, parameters, instants_as_numbers=True)
    told: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) if rows else [()] * (len(_NUMBERS) + len(CUTS) + 1)
    names, at, until, *numbers = told
    read: dict[str, Iterable[int]] = dict(zip(_NUMBERS, (at, until, *numbers), strict=False))
    if not is_binary:
        read |= {"at_us": map(_instant_us, at), "until_us": map(_instant_us, until)}
    cuts = dict(zip(CUTS, numbers[-len(CUTS) :], strict=True))
    columns = coded({"name": map(KINDS.__getitem__, names), **read}, cuts, len(rows))
    found = columns.numbers
    if is_binary:
        is_never = found["until_us"] == _INFINITY_US
        found["at_us"] += _SINCE_2000_US
        found["until_us"] = np.where(is_never, NEVER_US, found["until_us"] + (~is_never) * _SINCE_2000_US)
    order = np.lexsort([found[name] for name in ("event", "ordinal", "ticket", "at_us", "name")])
    return Columns({name: column[order] for name, column in found.items()}, columns.values)


# As they are selected, after the name.
_NUMBERS = ("at_us", "until_us", "ticket", "ordinal", "event", "calendar_us", "business_us", "outcome", "customer")


def _instant_us(instant: datetime | str | None) -> int:
    told = as_instant(instant)
    return NEVER_US if told is None else epoch_us(told)
