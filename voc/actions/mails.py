"""Sends what people are told by mail: alarms at once, the digest of the week on Monday morning. Each once.

Written first (with the alarm, or for the week), then sent as every mail to the hub's people is (`accounts.actions.mails`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions.mails import NotWanted, message_to, send_due
from accounts.models import Organization, Person, Role
from tickets.queries.alarms import is_mailed
from voc.alarm_words import alarm_place, alarm_words
from voc.models import DigestSettings, VoiceMail, VoiceNotice
from voc.queries.digest import RisingTopic, rising_for
from voc.queries.notices import told_of
from voc.queries.slices import period

LINES_SHOWN = 20
DIGEST_AT = time(9)
# A hub that was off on Monday still sends it on Tuesday; later it is old.
DIGEST_WITHIN = timedelta(days=2)
HTML = "voc/mail/digest.html"
KIND = "voices"


def lay_digests(organization: Organization, *, at: datetime) -> int:
    """Writes the intention to send last week's digest to each of its readers, once; returns how many are new."""
    monday = digest_week(organization, at)
    if monday is None or not settings.SENDS_MAIL:
        return 0
    off = DigestSettings.objects.filter(organization=organization, is_mailed=False).values("person")
    readers = Person.objects.filter(
        organization=organization, is_active=True, role__in=(Role.OWNER, Role.LEAD)
    ).exclude(pk__in=off)
    has = VoiceMail.objects.filter(organization=organization, week=monday).values("person")
    lacking = list(readers.exclude(pk__in=has).order_by("pk"))
    if not lacking:
        return 0
    with transaction.atomic():
        # Another worker may be at it as well: the week's constraint decides.
        made = VoiceMail.objects.bulk_create(
            [
                VoiceMail(organization=organization, person=person, week=monday, created_at=at, due_at=at)
                for person in lacking
            ],
            ignore_conflicts=True,
        )
    return len(made)


def digest_week(organization: Organization, at: datetime) -> date | None:
    """The Monday whose digest is due at that instant (of the seven days before it); None outside of its hours."""
    local = at.astimezone(organization.zone)
    monday = local.date() - timedelta(days=local.weekday())
    begins = datetime.combine(monday, DIGEST_AT, tzinfo=organization.zone)
    return monday if begins <= local < begins + DIGEST_WITHIN else None


def set_digest(person: Person, *, is_mailed: bool) -> None:
    """Switches her weekly mail on or off."""
    assert person.organization is not None, "Only who belongs to an organization gets a digest."
    DigestSettings.objects.update_or_create(
        organization=person.organization, person=person, defaults={"is_mailed": is_mailed}
    )


def is_digest_wanted(person: Person) -> bool:
    return not DigestSettings.objects.filter(person=person, is_mailed=False).exists()


def send_voice_mails(organization: Organization) -> int:
    """Sends what is due. Returns how many mails were handed to the mail server."""
    return send_due(VoiceMail.objects.filter(organization=organization), _message)


def _message(mail: VoiceMail) -> EmailMultiAlternatives:
    """The mail in the person's language. Raises NotWanted."""
    message = None
    if mail.person.is_active and mail.person.organization_id == mail.organization_id:
        with (
            translation.override(mail.person.language or mail.organization.language),
            timezone.override(mail.organization.zone),
        ):
            message = _alarms(mail) if mail.week is None else _digest(mail)
    if message is None:
        raise NotWanted("not needed any more")
    return message


def _alarms(mail: VoiceMail) -> EmailMultiAlternatives | None:
    """What she has not read on her screen meanwhile; None where that is nothing, or she wants no mails."""
    notices = VoiceNotice.objects.filter(organization=mail.organization_id, mail=mail, read_at=None)
    if not is_mailed(mail.person) or not notices.exists():
        return None
    alarms = [notice.alarm for notice in told_of(notices).order_by("pk")]
    subject = ngettext("Customers' voices: %(count)d alarm", "Customers' voices: %(count)d alarms", len(alarms))
    lines = [_("Hello %(name)s,") % {"name": mail.person.name}, "", _("customers say what needs somebody now:")]
    for alarm in alarms[:LINES_SHOWN]:
        lines += ["", "- " + " · ".join(part for part in (alarm_words(alarm), alarm_place(alarm)) if part)]
    if len(alarms) > LINES_SHOWN:
        lines += ["", _("… and %(more)s more.") % {"more": len(alarms) - LINES_SHOWN}]
    lines += ["", _("The sentences behind each, and whose they are:"), settings.HUB_URL + reverse("voc:alarms")]
    return message_to(mail.person, subject % {"count": len(alarms)}, "\n".join(lines), mail=mail, kind=KIND)


def _digest(mail: VoiceMail) -> EmailMultiAlternatives | None:
    """What rose last week within her reach; None where she has switched it off since."""
    assert mail.week is not None, "Only a digest is of a week."
    if not is_digest_wanted(mail.person):
        return None
    first, last = mail.week - timedelta(days=7), mail.week - timedelta(days=1)
    since, until = period(mail.organization, first, last)
    rising = rising_for(mail.organization, since, until, person=mail.person)
    context = {
        "person": mail.person,
        "organization": mail.organization,
        "rising": rising,
        "first": first,
        "last": last,
        "hub": settings.HUB_URL,
        "board": f"{settings.HUB_URL}{reverse('voc:board')}?from={first}&to={last}",
        "switch": settings.HUB_URL + reverse("voc:alarms"),
    }
    body, html = "\n".join(_digest_lines(context, rising)), render_to_string(HTML, context)
    return message_to(mail.person, _subject(rising), body, mail=mail, kind=KIND, html=html)


def _digest_lines(context: dict[str, Any], rising: Sequence[RisingTopic]) -> Iterator[str]:
    """The same for who reads mails as plain text."""
    yield _("Hello %(name)s,") % {"name": context["person"].name}
    yield ""
    yield _("what customers said from %(first)s to %(last)s:") % {"first": context["first"], "last": context["last"]}
    for number, one in enumerate(rising, 1):
        told = {"count": one.count, "before": one.before}
        words = _("%(count)d conversations, %(before)d in the week before") % told
        yield ""
        yield f"{number}. {one.topic.name} · {words}" + ("" if one.is_clear else f" ({_('may be chance')})")
        if one.sentence:
            yield f"   “{one.sentence}”"
        yield f"   {context['hub']}{one.url}"
    if not rising:
        yield ""
        yield _("No topic was spoken of more than in the week before.")
    yield ""
    yield _("The board: %(url)s") % {"url": context["board"]}
    yield _("Switch this mail off: %(url)s") % {"url": context["switch"]}


def _subject(rising: list[RisingTopic]) -> str:
    if not rising:
        return _("Customers' voices last week: nothing rose")
    names = ", ".join(one.topic.name for one in rising)
    return _("Customers' voices last week: %(topics)s") % {"topics": names}
