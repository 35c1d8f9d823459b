"""What will happen if this file is imported: counted before it does, without writing anything.

Every event goes through the door's own check, so that what the door would refuse is seen here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Q

from accounts.models import Organization
from channels_app.envelope import parse
from channels_app.intake import Sender
from channels_app.problems import Refused
from channels_app.sales_file.lines import REFUND, SALE
from channels_app.sales_file.plan import Plan
from channels_app.sales_file.receipts import Planned
from customers.incoming import IdentityKey, IncomingEvent
from customers.models import Event, Identity

BATCH = 500
SHOWN_REFUSED = 20
SHOWN_STORES = 50


def batches(events: Iterable[Planned]) -> Iterator[list[Planned]]:
    """Yields lists of up to 500, what the door takes at once."""
    iterator = iter(events)
    while batch := list(islice(iterator, BATCH)):
        yield batch


class Forecast:
    """Adds up a plan, batch by batch; `as_json` is what the screen and the command show."""

    def __init__(self, organization: Organization, *, source: str, sender: Sender, at: datetime) -> None:
        self._organization, self._source, self._sender, self._at = organization, source, sender, at
        self._seen: set[IdentityKey] = set()
        self._counts: Counter[str] = Counter()
        self._totals = {SALE: Decimal(0), REFUND: Decimal(0)}
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._reasons: Counter[str] = Counter()
        self._at_door: list[dict[str, Any]] = []

    def add(self, batch: list[Planned]) -> None:
        """Counts one batch; two statements, however large it is."""
        taken: list[tuple[Planned, IncomingEvent]] = []
        for planned in batch:
            try:
                envelope = planned.envelope(self._source)
                taken.append((planned, parse(envelope, now=self._at, may_write=self._sender.may_write)))
            except Refused as refusal:
                self._refuse(planned, refusal)
        there = set(
            Event.objects.filter(
                organization=self._organization,
                source=self._source,
                event_id__in=[planned.id for planned, _incoming in taken],
            ).values_list("event_id", flat=True)
        )
        known = self._known(incoming for _planned, incoming in taken)
        for planned, incoming in taken:
            self._first = min(self._first or planned.time, planned.time)
            self._last = max(self._last or planned.time, planned.time)
            if planned.id in there:
                self._counts["duplicates"] += 1
            else:
                self._count(planned, incoming, known)

    def _count(self, planned: Planned, incoming: IncomingEvent, known: set[IdentityKey]) -> None:
        self._counts[planned.kind] += 1
        self._totals[planned.kind] += planned.total
        self._counts["unused"] += any(line.unused for line in planned.lines)
        if not incoming.identities:
            self._counts["anonymous"] += 1
        elif not self._seen.intersection(incoming.identities):
            is_known = not known.isdisjoint(incoming.identities)
            self._counts["customers_known" if is_known else "customers_new"] += 1
        self._seen.update(incoming.identities)

    def _known(self, events: Iterable[IncomingEvent]) -> set[IdentityKey]:
        wanted: dict[str, set[str]] = {}
        for event in events:
            for key in event.identities:
                if key not in self._seen:
                    wanted.setdefault(key.kind, set()).add(key.value)
        if not wanted:
            return set()
        condition = Q()
        for kind, told in wanted.items():
            condition |= Q(kind=kind, account="", value__in=told)
        rows = Identity.objects.filter(condition, organization=self._organization)
        return {IdentityKey(*row) for row in rows.values_list("kind", "account", "value")}

    def _refuse(self, planned: Planned, refusal: Refused) -> None:
        self._reasons["door"] += len(planned.lines)
        for line in planned.lines[: SHOWN_REFUSED - len(self._at_door)]:
            self._at_door.append(
                {"row": line.row, "code": "door", "params": {"problem": refusal.problem.as_json()}, "cells": line.cells}
            )

    def _day(self, instant: datetime | None) -> str:
        return f"{instant.astimezone(self._organization.zone):%Y-%m-%d}" if instant else ""

    def as_json(self, plan: Plan) -> dict[str, Any]:
        """Returns all figures as plain JSON; call it when the plan's events are through."""
        shown = list(self._at_door)
        stores: list[str] = []
        for line in plan.refused():
            self._reasons[line.code] += 1
            if line.code == "store_not_known" and len(stores) < SHOWN_STORES:
                name = str(line.params["value"])
                stores += [name] if name not in stores else []
            if len(shown) < SHOWN_REFUSED:
                shown.append({"row": line.row, "code": line.code, "params": line.params, "cells": line.cells})
        return {
            "rows": plan.rows,
            "total_rows": plan.total_rows,
            "sales": self._counts[SALE],
            "refunds": self._counts[REFUND],
            "sales_total": str(self._totals[SALE]),
            "refunds_total": str(self._totals[REFUND]),
            "anonymous": self._counts["anonymous"],
            "customers_new": self._counts["customers_new"],
            "customers_known": self._counts["customers_known"],
            "unused": self._counts["unused"],
            "duplicates": self._counts["duplicates"],
            "first": self._day(self._first),
            "last": self._day(self._last),
            "refused": sum(self._reasons.values()),
            "reasons": dict(self._reasons.most_common()),
            "shown": sorted(shown, key=lambda line: line["row"]),
            "unknown_stores": sorted(stores),
        }
