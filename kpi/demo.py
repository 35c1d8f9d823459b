"""What the demo's owner has decided: goals that held for all of its history, one of them raised in between."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Organization, Person, Role
from kpi.actions.goals import set_goal
from kpi.models import Goal

DAYS = 60
RAISED_AGO = 21
GOALS = {"first_response_within_target": 80, "fcr": 90, "csat": 75, "nps": 30}
RAISED = {"csat": 80}


def lay_goals(organization: Organization, *, at: datetime) -> None:
    """Sets them where none are, as of the days on which they began."""
    owner = Person.objects.filter(organization=organization, role=Role.OWNER).order_by("pk").first()
    if owner is None or Goal.objects.filter(organization=organization).exists():
        return
    for goals, ago in ((GOALS, DAYS), (RAISED, RAISED_AGO)):
        then = at - timedelta(days=ago)
        day = then.astimezone(organization.zone).date()
        for figure, value in goals.items():
            set_goal(organization, figure=figure, value=value, effective_from=day, by=owner, at=then)
