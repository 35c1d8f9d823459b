"""Which goals hold and held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from accounts.models import Organization
from kpi.models import Goal, Openness


def goals_on(organization: Organization, day: date) -> dict[str, int]:
    """The goals in force on a day, by figure; those that were taken back are not among them."""
    rows = Goal.objects.filter(organization=organization, effective_from__lte=day).order_by("effective_from")
    latest = dict(rows.values_list("figure", "value"))
    return {figure: value for figure, value in latest.items() if value is not None}


def goal_steps(organization: Organization, figure: str, days: Sequence[date]) -> list[int | None]:
    """The goal of each day, in the order of the days."""
    rows = Goal.objects.filter(organization=organization, figure=figure).order_by("effective_from")
    steps = list(rows.values_list("effective_from", "value"))
    return [next((value for start, value in reversed(steps) if start <= day), None) for day in days]


def goal_history(organization: Organization) -> list[Goal]:
    """All that was ever set, the latest first."""
    rows = Goal.objects.filter(organization=organization).select_related("set_by")
    return list(rows.order_by("-effective_from", "figure"))


def shows_people(organization: Organization) -> bool:
    """Whether colleagues see each other's figures by name."""
    return Openness.objects.filter(organization=organization, shows_people=True).exists()
