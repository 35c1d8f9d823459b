"""The figures, for everybody who asks: dashboard, API, exports and mails.

`figures_for` answers in the form of METRICS.md; `Asked` answers several questions about one period and reads it once.
Both count what the follower has worked out; who must not miss what was told a moment ago catches up first
(`kpi.actions.catch_up`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.timezone import now as clock

from accounts.models import Center, Organization, Store
from kpi.figures.answer import FIGURES, NOTHING, Family, count, families_for, names_of
from kpi.figures.arithmetic import Figure, Figures
from kpi.figures.columns import epoch_us
from kpi.figures.table import Facts, Groups, filtered, grouped
from kpi.queries.as_of import AsOf, as_of
from kpi.queries.facts import facts_of
from kpi.queries.question import Period, Question

# Facts of a longer period are not held all at once, but those of one family of figures after the other.
WHOLE_DAYS = 100


def figures_for(organization: Organization, question: Question) -> dict[str, Any]:
    """The answer to a question, as the API gives it: `from`, `to`, `now`, `computed_at`, `groups`, `previous` if asked for."""
    zone = organization.zone
    then = as_of(organization, question.now)
    slugs = slugs_of(organization)

    def groups_of(period: Period) -> list[Figure]:
        asked = Asked(organization, period, question.now, then, slugs)
        return asked.groups(by=question.by, filters=question.filters, figures=question.figures)

    start, end = question.period.instants(zone)
    answer: dict[str, Any] = {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "now": question.now.astimezone(zone).isoformat(),
        "computed_at": clock().astimezone(zone).isoformat(),
        "groups": groups_of(question.period),
    }
    if question.previous:
        before = question.period.before
        start, end = before.instants(zone)
        answer["previous"] = {
            "from": start.isoformat(),
            "to": end.isoformat(),
            "groups": groups_of(before),
        }
    return answer


def ask(organization: Organization, period: Period, now: datetime, figures: Collection[str] = FIGURES) -> Asked:
    """Makes ready to answer questions about a period as of an instant. Of `figures` alone it will be asked: less is read."""
    return Asked(organization, period, now, as_of(organization, now), slugs_of(organization), figures)


@dataclass(slots=True)
class Asked:
    """Answers about one period. What of it is short enough is read once, with the first answer."""

    organization: Organization
    period: Period
    now: datetime
    then: AsOf | None
    slugs: dict[str, dict[int, str]]
    figures: Collection[str] = FIGURES
    _whole: Facts | None = field(default=None, repr=False)
    _kept: tuple[dict[str, tuple[str, ...]], Facts] | None = field(default=None, repr=False)

    def groups(
        self,
        *,
        by: str = "none",
        filters: Mapping[str, Sequence[str]] | None = None,
        figures: Collection[str] = FIGURES,
    ) -> list[Figure]:
        """The groups with their `key` and the figures asked for, in the form of METRICS.md."""
        groups = Groups.of_period(by, self.period.first, self.period.end, self.slugs.get(by, {}))
        families = families_for(figures)
        counted: dict[str, Figures] = {}
        for some in [families] if self._is_short else [[family] for family in families]:
            facts = grouped(self._filtered(some, filters or {}), groups, names_of(some))
            counted |= count(some, facts, now_us=epoch_us(self.now))
        wanted = [name for name in NOTHING if name in figures]
        return [
            {"key": key, **{name: counted[name].get(groups.places[key], NOTHING[name]) for name in wanted}}
            for key in groups.in_order()
        ]

    def _filtered(self, families: Collection[Family], filters: Mapping[str, Sequence[str]]) -> Facts:
        """The facts within filters. Those of a short period are kept for the next question under the same filters."""
        told = {name: tuple(values) for name, values in filters.items()}
        if self._kept is not None and self._kept[0] == told:
            return self._kept[1]
        facts = filtered(self._facts(families), filters, self.slugs)
        if self._is_short:
            self._kept = told, facts
        return facts

    def facts(self, filters: Mapping[str, Sequence[str]] | None = None) -> Facts | None:
        """The facts that the answers count; None for a period too long to be held at once."""
        return self._filtered((), filters or {}) if self._is_short else None

    @property
    def _is_short(self) -> bool:
        return self.period.days <= WHOLE_DAYS

    def _facts(self, families: Collection[Family]) -> Facts:
        if self._whole is not None:
            return self._whole
        if self._is_short:
            self._whole = self._read(families_for(self.figures))
            return self._whole
        return self._read(families)

    def _read(self, families: Collection[Family]) -> Facts:
        return facts_of(self.organization, self.period, now=self.now, as_of=self.then, names=names_of(families))


def slugs_of(organization: Organization) -> dict[str, dict[int, str]]:
    """The short names of centers and stores by their keys."""
    return {
        "center": dict(Center.objects.filter(organization=organization).values_list("pk", "slug")),
        "store": dict(Store.objects.filter(organization=organization).values_list("pk", "slug")),
    }
