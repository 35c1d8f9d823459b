"""Sends mails to the hub's own people: each claimed first, sent outside of any transaction, then ticked off."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Person
from accounts.models.person_mail import PersonMail

logger = logging.getLogger(__name__)

# A worker that holds a mail for longer has died: several times as long as a mail server may take (EMAIL_TIMEOUT).
CLAIM_SECONDS = 120
SENT_AT_ONCE = 50
# With ever longer pauses, half a day in all.
MOST_ATTEMPTS = 9
FIRST_PAUSE = timedelta(minutes=2)

Mail = TypeVar("Mail", bound=PersonMail)


class NotWanted(Exception):
    """Nobody needs the mail any more; `str()` says why, for whoever looks through the rows."""


def send_due(
    mails: QuerySet[Mail],
    message_of: Callable[[Mail], EmailMultiAlternatives],
    *,
    note: Callable[[Mail, datetime, str], object] | None = None,
) -> int:
    """Sends those of `mails` that are due, at most `SENT_AT_ONCE`; returns how many were handed to the mail server.

    `message_of` makes the mail, or raises `NotWanted`. `note` is told of each try: when it began, and what failed ("" where
    the server has taken it).
    """
    waiting = mails.filter(done_at=None, due_at__lte=timezone.now())
    count = 0
    for mail in waiting.select_related("person", "organization").order_by("due_at", "pk")[:SENT_AT_ONCE]:
        if _claim(mails, mail):
            count += _send(mails, mail, message_of, note)
    return count


def message_to(
    person: Person, subject: str, body: str, *, mail: PersonMail, kind: str, html: str = ""
) -> EmailMultiAlternatives:
    """The mail as it goes out. `kind` is a word of the room's own, for the Message-ID."""
    message = EmailMultiAlternatives(
        # A line's end in a name would end the header.
        subject=" ".join(f"[{mail.organization.name}] {subject}".split()),
        body=body,
        to=[person.email],
        headers={
            # The same for each attempt, so that a mail server that has taken it already can tell.
            "Message-ID": f"<{kind}-{mail.public_id.hex}@{urlsplit(settings.HUB_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    if html:
        message.attach_alternative(html, "text/html")
    return message


def _claim(mails: QuerySet[Mail], mail: Mail) -> bool:
    """Takes a mail for this worker alone; False where another has it or has sent it."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - timedelta(seconds=CLAIM_SECONDS))
    mine = mails.filter(free, pk=mail.pk, done_at=None, due_at__lte=now)
    return mine.update(claimed_at=now, attempts=F("attempts") + 1) == 1


def _send(
    mails: QuerySet[Mail],
    mail: Mail,
    message_of: Callable[[Mail], EmailMultiAlternatives],
    note: Callable[[Mail, datetime, str], object] | None,
) -> bool:
    open_still = mails.filter(pk=mail.pk, done_at=None)
    try:
        message = message_of(mail)
    except NotWanted as reason:
        open_still.update(done_at=timezone.now(), failure=str(reason))
        return False
    at, failure = timezone.now(), ""
    try:
        message.send()
    except (SMTPException, OSError) as error:
        failure = f"{type(error).__name__}: {error}"[:200]
        logger.warning("A mail was not sent", extra={"mail": f"{mail._meta.label} {mail.pk}", "cause": failure})
    if note is not None:
        note(mail, at, failure)
    if failure:
        _put_off(open_still, mail, failure)
    else:
        open_still.update(done_at=timezone.now(), failure="")
    return not failure


def _put_off(open_still: QuerySet[Mail], mail: Mail, failure: str) -> None:
    now = timezone.now()
    # As it was read: without the claim that has just been made.
    attempts = mail.attempts + 1
    open_still.update(
        claimed_at=None,
        failure=failure,
        due_at=now + FIRST_PAUSE * 2 ** (attempts - 1),
        done_at=now if attempts >= MOST_ATTEMPTS else None,
    )
