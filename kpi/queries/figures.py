"""The figures, for everybody who asks: dashboard, API, exports and mails.

`figures_for` answers in the form of METRICS.md. It counts what the follower has worked out; who must not miss what was
told a moment ago catches up first (`kpi.actions.catch_up`).
"""

from __future__ import annotations

from typing import Any

from django.utils.timezone import now as clock

from accounts.models import Center, Organization, Store
from kpi.figures.answer import FAMILIES, NOTHING, Family, count, families_for
from kpi.figures.packing import epoch_us
from kpi.figures.table import Figure, Groups, keep_of, table_of
from kpi.queries.as_of import AsOf, as_of
from kpi.queries.facts import facts_of
from kpi.queries.question import Period, Question

# Facts of a longer period are not held all at once, but those of one family of figures after the other.
WHOLE_DAYS = 100


def figures_for(organization: Organization, question: Question) -> dict[str, Any]:
    """The answer to a question, as the API gives it: `from`, `to`, `now`, `computed_at`, `groups`, `previous` if asked for."""
    zone = organization.zone
    then = as_of(organization, question.now)
    start, end = question.period.instants(zone)
    answer: dict[str, Any] = {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "now": question.now.astimezone(zone).isoformat(),
        "computed_at": clock().astimezone(zone).isoformat(),
        "groups": _groups(organization, question, question.period, then),
    }
    if question.previous:
        before = question.period.before
        start, end = before.instants(zone)
        answer["previous"] = {
            "from": start.isoformat(),
            "to": end.isoformat(),
            "groups": _groups(organization, question, before, then),
        }
    return answer


def _groups(organization: Organization, question: Question, period: Period, then: AsOf | None) -> list[Figure]:
    slugs = slugs_of(organization)
    groups = Groups.of_period(question.by, period.first, period.end, slugs.get(question.by, {}))
    families = families_for(question.figures)
    counted: dict[str, dict[int, Figure]] = {}
    for some in [families] if period.days <= WHOLE_DAYS else [[family] for family in families]:
        counted |= _counted(organization, question, period, then, groups, some, slugs)
    return [
        {
            "key": key,
            **{
                name: counted[name].get(groups.places[key], NOTHING[name])
                for name in NOTHING
                if name in question.figures
            },
        }
        for key in groups.in_order()
    ]


def _counted(
    organization: Organization,
    question: Question,
    period: Period,
    then: AsOf | None,
    groups: Groups,
    families: list[Family],
    slugs: dict[str, dict[int, str]],
) -> dict[str, dict[int, Figure]]:
    names = None if len(families) == len(FAMILIES) else {name for family in families for name in family.names}
    columns = facts_of(organization, period, now=question.now, as_of=then, names=names)
    table = table_of(columns, groups, keep_of(columns, question.filters, slugs))
    return count(families, table, now_us=epoch_us(question.now))


def slugs_of(organization: Organization) -> dict[str, dict[int, str]]:
    """The short names of centers and stores by their keys."""
    return {
        "center": dict(Center.objects.filter(organization=organization).values_list("pk", "slug")),
        "store": dict(Store.objects.filter(organization=organization).values_list("pk", "slug")),
    }
