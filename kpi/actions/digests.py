"""Mails with the figures: who wants them, the intention to send each, and its sending.

Intended first, once for each person and morning; sent as every mail to the hub's people is, and each attempt written down.
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from accounts.actions.mails import NotWanted, send_due
from accounts.models import Organization, Person, Role
from kpi.actions.following import catch_up
from kpi.digest import message_of
from kpi.models import DigestAttempt, DigestMail, DigestSettings, Rhythm
from kpi.policies import may_see_figures

DUE = time(9)
MONDAY = 0
CAUGHT_UP_SECONDS = 30.0


def set_digests(person: Person, *, is_weekly: bool, is_daily: bool) -> None:
    """What she wants to get from now on."""
    DigestSettings.objects.update_or_create(
        organization=person.organization, person=person, defaults={"is_weekly": is_weekly, "is_daily": is_daily}
    )


def wishes_of(person: Person) -> tuple[bool, bool]:
    """Whether she gets Monday's mail, and the daily one. An owner who has said nothing gets Monday's."""
    row = DigestSettings.objects.filter(organization=person.organization_id, person=person).first()
    return (row.is_weekly, row.is_daily) if row else (person.role == Role.OWNER, False)


def plan_digests(organization: Organization, *, at: datetime) -> int:
    """Intends the mails of this morning, from 9 on, once each; returns how many are new. What a hub that was off has
    missed is made up for on the same day."""
    local = at.astimezone(organization.zone)
    if not settings.SENDS_MAIL or local.time() < DUE:
        return 0
    today = local.date()
    due_at = datetime.combine(today, DUE, organization.zone)
    told = set(DigestMail.objects.filter(organization=organization, day=today).values_list("person_id", "rhythm"))
    wanted = [
        DigestMail(organization=organization, person=person, rhythm=rhythm, day=today, due_at=due_at)
        for person in _readers(organization)
        for rhythm in _rhythms(person, today)
        if (person.pk, rhythm) not in told
    ]
    # Another worker may plan the same: the constraint decides.
    DigestMail.objects.bulk_create(wanted, ignore_conflicts=True)
    return len(wanted)


def _readers(organization: Organization) -> list[Person]:
    people = Person.objects.filter(organization=organization, is_active=True, role__in=[Role.OWNER, Role.LEAD])
    return [person for person in people.order_by("pk") if may_see_figures(person)]


def _rhythms(person: Person, today: date) -> list[str]:
    is_weekly, is_daily = wishes_of(person)
    weekly = [Rhythm.WEEKLY] if is_weekly and today.weekday() == MONDAY else []
    return [*weekly, *([Rhythm.DAILY] if is_daily else [])]


def send_digests(organization: Organization) -> int:
    """Sends what is due; returns how many were handed to the mail server."""
    return send_due(DigestMail.objects.filter(organization=organization), _message, note=_note)


def _message(mail: DigestMail) -> EmailMultiAlternatives:
    """The mail with what came in last night. Raises NotWanted."""
    if not _is_wanted(mail):
        raise NotWanted("not wanted any more")
    catch_up(mail.organization, at=timezone.now(), seconds=CAUGHT_UP_SECONDS)
    message = message_of(mail)
    if message is None:
        raise NotWanted("nothing to tell")
    return message


def _is_wanted(mail: DigestMail) -> bool:
    """Whether she still sees figures, and still wants this mail."""
    person = mail.person
    is_weekly, is_daily = wishes_of(person)
    is_wished = is_weekly if mail.rhythm == Rhythm.WEEKLY else is_daily
    return person.organization_id == mail.organization_id and may_see_figures(person) and is_wished


def _note(mail: DigestMail, at: datetime, failure: str) -> None:
    DigestAttempt.objects.create(organization=mail.organization, mail=mail, at=at, failure=failure)
