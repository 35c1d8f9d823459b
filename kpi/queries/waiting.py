"""Who waits for a first answer at this moment: `waiting` of METRICS.md, read from the facts themselves.

It is asked for every few seconds by open pages. Days are named one by one, so that each is a look into the index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Organization
from kpi.facts.fact import Name
from kpi.figures.table import NONE
from kpi.models import FactRow
from kpi.queries.figures import slugs_of
from kpi.queries.question import Period

# Whoever has waited longer is no figure of this morning; the inbox shows her.
DAYS = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    n: int
    oldest_at: datetime | None


def waiting_period(organization: Organization, now: datetime) -> Period:
    today = now.astimezone(organization.zone).date()
    return Period(today - timedelta(days=DAYS - 1), today + timedelta(days=1))


def waiting_now(organization: Organization, filters: Mapping[str, Sequence[str]], now: datetime) -> Waiting:
    """Those whose clock started in the last 30 days. Three statements at most."""
    period = waiting_period(organization, now)
    days = [period.first + timedelta(days=number) for number in range(period.days)]
    rows = FactRow.objects.filter(organization=organization, day__in=days, name=Name.WAITING, at__lte=now)
    columns = {"channel": "channel", "topic": "topic", "agent": "agent_email"}
    slugs = slugs_of(organization) if {"center", "store"} & filters.keys() else {}
    for name, wanted in filters.items():
        if name in columns:
            rows = rows.filter(**{f"{columns[name]}__in": ["" if value == NONE else value for value in wanted]})
        else:
            keys = [key for key, slug in slugs[name].items() if slug in wanted] + ([0] if NONE in wanted else [])
            rows = rows.filter(**{f"{name}_id__in": keys})
    found = list(rows.order_by("at").values_list("at", flat=True))
    return Waiting(len(found), found[0] if found else None)
