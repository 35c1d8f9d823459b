"""What an organization has decided about surveys, with the defaults where it has not."""

from __future__ import annotations

from accounts.models import Organization
from kpi.models import SurveyPlan, SurveySettings
from kpi.surveys.occasions import RULES, Occasion


def settings_of(organization: Organization) -> SurveySettings:
    """Unsaved where there is none yet."""
    found = SurveySettings.objects.filter(organization=organization).first()
    return found or SurveySettings(organization=organization)


def plan_of(organization: Organization, occasion: str) -> SurveyPlan:
    """Unsaved, and off, where nobody has decided yet."""
    found = SurveyPlan.objects.filter(organization=organization, occasion=occasion).first()
    return found or default_plan(organization, occasion)


def plans_of(organization: Organization) -> list[SurveyPlan]:
    """All occasions in their order. One statement."""
    known = {plan.occasion: plan for plan in SurveyPlan.objects.filter(organization=organization)}
    return [known.get(occasion) or default_plan(organization, occasion) for occasion in Occasion.values]


def default_plan(organization: Organization, occasion: str) -> SurveyPlan:
    rule = RULES[Occasion(occasion)]
    return SurveyPlan(
        organization=organization,
        occasion=occasion,
        wait_minutes=rule.wait_minutes,
        sample_percent=rule.sample_percent,
    )
