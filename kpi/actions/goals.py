"""Sets goals from a day on, and whether colleagues see each other's figures."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts import policies
from accounts.audit import record
from accounts.models import Organization, Person
from accounts.policies import Permission
from kpi.models import Goal, Openness


class GoalIsInThePast(Exception):
    """A goal cannot begin before today: figures of the past keep theirs."""


def set_goal(
    organization: Organization, *, figure: str, value: int | None, effective_from: date, by: Person, at: datetime
) -> Goal:
    """Sets what a figure is to be from a day on; another of the same day gives way. Raises NotAllowed, GoalIsInThePast.

    `value` is a share in per cent, or points of NPS; None takes the goal back.
    """
    policies.require(by, Permission.MANAGE_FIGURES, organization_id=organization.pk)
    if effective_from < at.astimezone(organization.zone).date():
        raise GoalIsInThePast
    with transaction.atomic():
        goal, _is_new = Goal.objects.update_or_create(
            organization=organization,
            figure=figure,
            effective_from=effective_from,
            defaults={"value": value, "set_by": by, "set_at": at},
        )
        record(
            organization,
            by=by,
            at=at,
            action="kpi.goal.set",
            obj=figure,
            after={"value": value, "from": effective_from.isoformat()},
        )
    return goal


def set_openness(organization: Organization, *, shows_people: bool, by: Person, at: datetime) -> None:
    """Whether agents and store staff see their colleagues' figures by name. Raises NotAllowed."""
    policies.require(by, Permission.MANAGE_FIGURES, organization_id=organization.pk)
    with transaction.atomic():
        row, _is_new = Openness.objects.select_for_update().get_or_create(organization=organization)
        if row.shows_people == shows_people:
            return
        row.shows_people = shows_people
        row.save(update_fields=["shows_people"])
        record(
            organization,
            by=by,
            at=at,
            action="kpi.openness.set",
            before={"shows_people": not shows_people},
            after={"shows_people": shows_people},
        )
