"""Sends the mails in which leads are told of alarms: claimed first, sent outside of any transaction, then ticked off."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from accounts.models import Organization
from tickets.models import AlarmMail, AlarmNotice
from tickets.policies import may_be_alarmed
from tickets.queries.alarms import is_mailed

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
    """The mail in the person's language. No customer's name: a mailbox is no place for it."""
    notices = list(
        AlarmNotice.objects.filter(organization=mail.organization_id, mail=mail)
        .select_related("alarm__ticket__center")
        .order_by("pk")
    )
    with (
        translation.override(mail.person.language or mail.organization.language),
        timezone.override(mail.organization.zone),
    ):
        lines = [
            (notice.alarm, settings.HUB_URL + reverse("tickets:detail", args=[notice.alarm.ticket.public_id]))
            for notice in notices[:LINES_SHOWN]
        ]
        context = {
            "person": mail.person,
            "lines": lines,
            "more": len(notices) - len(lines),
            "alarms_url": settings.HUB_URL + reverse("tickets:alarms"),
        }
        subject = ngettext(
            "%(count)d ticket needs somebody now", "%(count)d tickets need somebody now", len(notices)
        ) % {"count": len(notices)}
        return EmailMessage(
            subject=f"[{mail.organization.name}] {subject}".replace("\n", " "),
            body=render_to_string("tickets/alarm_mail.txt", context),
            to=[mail.person.email],
            headers={
                # The same for each attempt, so that a mail server that has taken it already can tell.
                "Message-ID": f"<alarm-{mail.public_id.hex}@{settings.HUB_URL.split('://', 1)[1].split(':')[0]}>",
                "Auto-Submitted": "auto-generated",
            },
        )
