"""Sentences that customers wrote when they were asked, for a mail: without names, numbers and addresses."""

from __future__ import annotations

from dataclasses import dataclass

from customers.models import Event
from customers.sight import MASKED
from kpi.facts.fact import Name
from kpi.models import FactRow
from kpi.queries.figures import slugs_of
from kpi.queries.wanted import Wanted

SHOWN = 3
# A sentence that can be read in passing, and says something.
SHORTEST, LONGEST = 6, 160
READ = 400
# Score at most so: something is wrong. By the kind of survey.
LOW = {Name.CSAT: 2, Name.CES: 3, Name.NPS: 6}
HIGHEST = {Name.CSAT: 5, Name.CES: 7, Name.NPS: 10}


@dataclass(frozen=True, slots=True)
class Said:
    """`is_low`: with a score that says something is wrong. `label` is the place it was about."""

    text: str
    score: int
    figure: str
    label: str
    is_low: bool

    @property
    def highest(self) -> int:
        """The best score that could be given."""
        return HIGHEST[Name(self.figure)]


def said_in(wanted: Wanted) -> list[Said]:
    """Three at most: what went wrong first, the latest before others, and a kind word where there is one."""
    rows = FactRow.objects.filter(
        organization=wanted.organization,
        day__gte=wanted.period.first,
        day__lt=wanted.period.end,
        name__in=list(LOW),
    ).exclude(event_id=0)
    centers = wanted.filters.get("center")
    if centers is not None:
        keys = [key for key, slug in slugs_of(wanted.organization)["center"].items() if slug in centers]
        rows = rows.filter(center_id__in=keys)
    facts = {row.event_id: row for row in rows.order_by("-at")[:READ]}
    events = Event.objects.filter(organization=wanted.organization, pk__in=facts).select_related("customer")
    names = wanted.choices.center
    slugs = slugs_of(wanted.organization)["center"]
    found = []
    for event in events.order_by("-time", "-pk"):
        text = " ".join(str(event.data.get("comment") or "").split())
        if not SHORTEST <= len(text) <= LONGEST:
            continue
        fact = facts[event.pk]
        masked = MASKED.text(text, [event.customer.name] if event.customer and event.customer.name else ())
        label = names.get(slugs.get(fact.center_id, ""), "")
        found.append(Said(masked, fact.outcome, fact.name, label, fact.outcome <= LOW[Name(fact.name)]))
    return _chosen(found)


def _chosen(found: list[Said]) -> list[Said]:
    """No sentence twice."""
    apart = list({said.text: said for said in reversed(found)}.values())[::-1]
    low, rest = [said for said in apart if said.is_low], [said for said in apart if not said.is_low]
    kind = rest[:1]
    return (low[: SHOWN - len(kind)] + kind + low[SHOWN - len(kind) :] + rest[1:])[:SHOWN]
