"""Sends the mails in which leads are told of alarms: claimed first, sent outside of any transaction, then ticked off."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization, Person
from tickets.models import Alarm, AlarmMail, AlarmNotice
from tickets.policies import may_be_alarmed
from tickets.queries.alarms import is_mailed
from tickets.templatetags.clocks import alarm_words
from tickets.templatetags.inbox import channel_label

logger = logging.getLogger(__name__)

# A worker that holds a mail for longer has died: several times as long as a mail server may take (EMAIL_TIMEOUT).
CLAIM_SECONDS = 120
SENT_AT_ONCE = 50
# With ever longer pauses, half a day in all.
MOST_ATTEMPTS = 9
FIRST_PAUSE = timedelta(minutes=2)
# A mail names so many tickets; after an outage there may be hundreds.
LINES_SHOWN = 20


def send_alarm_mails(organization: Organization) -> int:
    """Sends what is due, at most `SENT_AT_ONCE` mails. Returns how many were handed to the mail server."""
    now = timezone.now()
    waiting = AlarmMail.objects.filter(organization=organization, done_at=None, due_at__lte=now)
    count = 0
    for mail in waiting.select_related("person", "organization").order_by("due_at", "pk")[:SENT_AT_ONCE]:
        if _claim(mail):
            count += _send(mail)
    return count


def _claim(mail: AlarmMail) -> bool:
    """Takes a mail for this worker alone; False where another has it or has sent it."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - timedelta(seconds=CLAIM_SECONDS))
    mine = AlarmMail.objects.filter(free, pk=mail.pk, done_at=None, due_at__lte=now)
    return mine.update(claimed_at=now, attempts=F("attempts") + 1) == 1


def _send(mail: AlarmMail) -> bool:
    """Sends a claimed mail, unless nobody needs it any more; says whether it was sent."""
    if not _is_wanted(mail):
        _done(mail, failure="not needed any more")
        return False
    try:
        _message(mail).send()
    except (SMTPException, OSError) as error:
        _put_off(mail, error)
        return False
    _done(mail)
    return True


def _is_wanted(mail: AlarmMail) -> bool:
    """Whether she is still alarmed, still by mail, and has not read it all on her screen meanwhile."""
    person = mail.person
    return (
        person.organization_id == mail.organization_id
        and may_be_alarmed(person)
        and is_mailed(person)
        and AlarmNotice.objects.filter(organization=mail.organization_id, mail=mail, read_at=None).exists()
    )


def _done(mail: AlarmMail, *, failure: str = "") -> None:
    AlarmMail.objects.filter(pk=mail.pk, done_at=None).update(done_at=timezone.now(), failure=failure)


def _put_off(mail: AlarmMail, error: Exception) -> None:
    logger.warning("An alarm's mail was not sent", extra={"mail": mail.pk, "cause": type(error).__name__})
    now: datetime = timezone.now()
    attempts = mail.attempts + 1
    AlarmMail.objects.filter(pk=mail.pk, done_at=None).update(
        claimed_at=None,
        failure=f"{type(error).__name__}: {error}"[:200],
        due_at=now + FIRST_PAUSE * 2 ** (attempts - 1),
        done_at=now if attempts >= MOST_ATTEMPTS else None,
    )


def _message(mail: AlarmMail) -> EmailMessage:
    """The mail in the person's language."""
    notices = list(
        AlarmNotice.objects.filter(organization=mail.organization_id, mail=mail)
        .select_related("alarm__rule", "alarm__ticket__center")
        .order_by("pk")
    )
    with (
        translation.override(mail.person.language or mail.organization.language),
        timezone.override(mail.organization.zone),
    ):
        subject = ngettext(
            "%(count)d ticket needs somebody now", "%(count)d tickets need somebody now", len(notices)
        ) % {"count": len(notices)}
        return EmailMessage(
            # A line's end in a name would end the header.
            subject=" ".join(f"[{mail.organization.name}] {subject}".split()),
            body="\n".join(_lines(mail.person, [notice.alarm for notice in notices])),
            to=[mail.person.email],
            headers={
                # The same for each attempt, so that a mail server that has taken it already can tell.
                "Message-ID": f"<alarm-{mail.public_id.hex}@{urlsplit(settings.HUB_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
        )


def _lines(person: Person, alarms: Sequence[Alarm]) -> Iterator[str]:
    """What the mail says. No customer's name: a mailbox is no place for it."""
    yield _("Hello %(name)s,") % {"name": person.name}
    yield ""
    yield _("these tickets need somebody now:")
    for alarm in alarms[:LINES_SHOWN]:
        where = [channel_label(alarm.ticket.channel), alarm.ticket.center.name if alarm.ticket.center else ""]
        due = timezone.localtime(alarm.due_at).strftime("%Y-%m-%d %H:%M")
        since = due if alarm.rule else _("due %(at)s") % {"at": due}
        yield ""
        yield "- " + " · ".join(part for part in (alarm_words(alarm), *where, since) if part)
        yield "  " + settings.HUB_URL + reverse("tickets:detail", args=[alarm.ticket.public_id])
    if len(alarms) > LINES_SHOWN:
        yield ""
        yield _("… and %(more)s more.") % {"more": len(alarms) - LINES_SHOWN}
    yield ""
    yield _("All alarms, and how to switch these mails off:")
    yield settings.HUB_URL + reverse("tickets:alarms")
