"""Sends what people are told by mail: alarms at once, the digest of the week on Monday morning. Each once.

Written first (with the alarm, or for the week), claimed, sent outside of any transaction, then ticked off. A worker that
dies in between leaves a claim that grows old; the mail that is sent then has the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization, Person, Role
from tickets.queries.alarms import is_mailed
from voc.alarm_words import alarm_place, alarm_words
from voc.models import DigestSettings, VoiceMail, VoiceNotice
from voc.queries.digest import RisingTopic, rising_for
from voc.queries.notices import told_of
from voc.queries.slices import period

logger = logging.getLogger(__name__)

# Several times as long as a mail server may take (EMAIL_TIMEOUT): who holds a mail for longer has died.
CLAIM_SECONDS = 120
SENT_AT_ONCE = 50
# With ever longer pauses, half a day in all.
MOST_ATTEMPTS = 9
FIRST_PAUSE = timedelta(minutes=2)
LINES_SHOWN = 20
DIGEST_AT = time(9)
# A hub that was off on Monday still sends it on Tuesday; later it is old.
DIGEST_WITHIN = timedelta(days=2)
HTML = "voc/mail/digest.html"


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
    """Sends what is due, at most `SENT_AT_ONCE` mails. Returns how many were handed to the mail server."""
    now = timezone.now()
    waiting = VoiceMail.objects.filter(organization=organization, done_at=None, due_at__lte=now)
    count = 0
    for mail in waiting.select_related("person", "organization").order_by("due_at", "pk")[:SENT_AT_ONCE]:
        if _claim(mail):
            count += _send(mail)
    return count


def _claim(mail: VoiceMail) -> bool:
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - timedelta(seconds=CLAIM_SECONDS))
    mine = VoiceMail.objects.filter(free, pk=mail.pk, done_at=None, due_at__lte=now)
    return mine.update(claimed_at=now, attempts=F("attempts") + 1) == 1


def _send(mail: VoiceMail) -> bool:
    if not mail.person.is_active or mail.person.organization_id != mail.organization_id:
        _done(mail, failure="not needed any more")
        return False
    with (
        translation.override(mail.person.language or mail.organization.language),
        timezone.override(mail.organization.zone),
    ):
        message = _alarms(mail) if mail.week is None else _digest(mail)
    if message is None:
        _done(mail, failure="not needed any more")
        return False
    try:
        message.send()
    except (SMTPException, OSError) as error:
        _put_off(mail, error)
        return False
    _done(mail)
    return True


def _done(mail: VoiceMail, *, failure: str = "") -> None:
    VoiceMail.objects.filter(pk=mail.pk, done_at=None).update(done_at=timezone.now(), failure=failure)


def _put_off(mail: VoiceMail, error: Exception) -> None:
    logger.warning("A mail about voices was not sent", extra={"mail": mail.pk, "cause": type(error).__name__})
    now = timezone.now()
    attempts = mail.attempts + 1
    VoiceMail.objects.filter(pk=mail.pk, done_at=None).update(
        claimed_at=None,
        failure=f"{type(error).__name__}: {error}"[:200],
        due_at=now + FIRST_PAUSE * 2 ** (attempts - 1),
        done_at=now if attempts >= MOST_ATTEMPTS else None,
    )


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
    return _message(mail, subject % {"count": len(alarms)}, "\n".join(lines))


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
    message = _message(mail, _subject(rising), "\n".join(_digest_lines(context, rising)))
    message.attach_alternative(render_to_string(HTML, context), "text/html")
    return message


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


def _message(mail: VoiceMail, subject: str, body: str) -> EmailMultiAlternatives:
    return EmailMultiAlternatives(
        # A line's end in a name would end the header.
        subject=" ".join(f"[{mail.organization.name}] {subject}".split()),
        body=body,
        to=[mail.person.email],
        headers={
            "Message-ID": f"<voices-{mail.public_id.hex}@{urlsplit(settings.HUB_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
