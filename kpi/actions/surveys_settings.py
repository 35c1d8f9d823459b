"""What an owner decides about surveys: caps and quiet hours, each occasion, each place with a QR code. All of it audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit, policies
from accounts.actors import Actor
from accounts.models import Organization, Person, Store
from accounts.policies import Permission
from kpi.actions.surveys_planning import locked_settings
from kpi.models import SurveyPlan, SurveyPoint, SurveySettings
from kpi.queries.survey_settings import plan_of
from kpi.surveys.occasions import RULES, Occasion


class SurveyRefused(Exception):
    """Nothing was changed. `str()` is fit for the screen, `field` what is to be mended."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Caps:
    """What holds for all surveys."""

    quiet_from: time
    quiet_until: time
    days_between: int
    nps_days_between: int
    low_csat: int
    low_nps: int
    low_ces: int
    opens_tickets: bool
    contact: str = ""
    looked_after_by: Person | None = None


@dataclass(frozen=True)
class PlanContent:
    is_on: bool
    wait_minutes: int
    sample_percent: int
    is_advertising: bool
    texts: Mapping[str, Mapping[str, str]]


def set_caps(organization: Organization, caps: Caps, *, by: Actor, at: datetime) -> SurveySettings:
    """Raises NotAllowed, SurveyRefused."""
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=organization.pk)
    person = caps.looked_after_by
    if person is not None and person.organization_id != organization.pk:
        raise SurveyRefused(_("That does not exist here."), field="looked_after_by")
    advertises = SurveyPlan.objects.filter(organization=organization, is_on=True, is_advertising=True)
    if not caps.contact and advertises.exists():
        told = _("An advertisement names a contact by which it can be refused. Write it here.")
        raise SurveyRefused(told, field="contact")
    names = list(Caps.__dataclass_fields__)
    with transaction.atomic():
        row = locked_settings(organization)
        before = _told(row, names)
        for name in names:
            setattr(row, name, getattr(caps, name))
        after = _told(row, names)
        if after != before:
            row.save(update_fields=names)
            audit.record(
                organization, by=by, action="kpi.surveys.set_caps", obj="surveys", before=before, after=after, at=at
            )
    return row


def set_plan(organization: Organization, occasion: str, content: PlanContent, *, by: Actor, at: datetime) -> SurveyPlan:
    """Switched on, it asks about what happens from then on. Raises NotAllowed, SurveyRefused."""
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=organization.pk)
    names = ("is_on", "wait_minutes", "sample_percent", "is_advertising", "texts")
    with transaction.atomic():
        settings = locked_settings(organization)
        if content.is_on and content.is_advertising and not settings.contact:
            told = _("Write the contact of advertisements first, on the page before this one.")
            raise SurveyRefused(told, field="is_advertising")
        row = plan_of(organization, occasion)
        before = _told(row, names)
        if content.is_on and not row.is_on:
            row.on_since = at
        for name in names:
            setattr(row, name, getattr(content, name))
        row.texts = {language: dict(texts) for language, texts in content.texts.items()}
        if not RULES[Occasion(occasion)].is_sent:
            row.wait_minutes = 0
        after = _told(row, names)
        if after != before:
            row.save()
            audit.record(
                organization,
                by=by,
                action="kpi.surveys.set_plan",
                obj=f"survey:{occasion}",
                before=before,
                after=after,
                at=at,
            )
    return row


def make_point(
    organization: Organization, *, store: Store, label: str = "", person: Person | None = None, by: Actor, at: datetime
) -> SurveyPoint:
    """A QR code and a tablet page for a store, a till or a member of staff. Raises NotAllowed, SurveyRefused."""
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=organization.pk)
    for row, field in ((store, "store"), (person, "person")):
        if row is not None and row.organization_id != organization.pk:
            raise SurveyRefused(_("That does not exist here."), field=field)
    point = SurveyPoint(
        organization=organization, store=store, label=" ".join(label.split()), person=person, created_at=at
    )
    try:
        with transaction.atomic():
            point.save()
            told = {"store": store.slug, "label": point.label, "person": person.email if person else ""}
            audit.record(
                organization,
                by=by,
                action="kpi.surveys.make_point",
                obj=f"survey-point:{point.public_id}",
                after=told,
                at=at,
            )
    except IntegrityError as error:
        raise SurveyRefused(_("There is a code for this place already."), field="label") from error
    return point


def switch_point(point: SurveyPoint, *, is_active: bool, by: Actor, at: datetime) -> None:
    """A code that hangs somewhere still, and is to take no more answers; or takes them again."""
    policies.require(by, Permission.MANAGE_CHANNELS, organization_id=point.organization_id)
    with transaction.atomic():
        changed = SurveyPoint.objects.filter(pk=point.pk, is_active=not is_active).update(is_active=is_active)
        if changed:
            audit.record(
                point.organization,
                by=by,
                action="kpi.surveys.switch_point",
                obj=f"survey-point:{point.public_id}",
                after={"is_active": is_active},
                at=at,
            )


def _told(row: SurveySettings | SurveyPlan, names: list[str] | tuple[str, ...]) -> dict[str, object]:
    def plain(value: object) -> object:
        if isinstance(value, Person):
            return value.email
        return value.strftime("%H:%M") if isinstance(value, time) else value

    return {name: plain(getattr(row, name)) for name in names}
