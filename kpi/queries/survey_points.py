"""The places with a code, and who opened a public link. Views fetch through these."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Person
from accounts.queries import NotFound, organization_for
from kpi.models import Survey, SurveyPoint
from kpi.surveys.links import ANSWER, POINT, key_of


def points_for(person: Person) -> QuerySet[SurveyPoint]:
    rows = SurveyPoint.objects.filter(organization=organization_for(person)).select_related("store", "person")
    return rows.order_by("-is_active", "store__name", "label", "pk")


def point_for(person: Person, public_id: UUID) -> SurveyPoint:
    """Raises NotFound."""
    found = points_for(person).select_related("organization", "store", "person").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def point_behind(token: str) -> SurveyPoint | None:
    """The place of a link; None for a forged one."""
    key = key_of(token, POINT)
    rows = SurveyPoint.objects.select_related("organization", "store", "person")
    return rows.filter(key=key).first() if key else None


def survey_behind(token: str) -> Survey | None:
    """The survey of a link; None for a forged one. The database is asked about none of those."""
    key = key_of(token, ANSWER)
    rows = Survey.objects.select_related("organization", "customer", "point__store", "delivery")
    return rows.filter(key=key).first() if key else None
