"""Sends the mails in which leads are told of alarms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions.mails import NotWanted, message_to, send_due
from accounts.models import Organization, Person
from tickets.models import Alarm, AlarmMail, AlarmNotice
from tickets.policies import may_be_alarmed
from tickets.queries.alarms import is_mailed
from tickets.templatetags.clocks import alarm_words
from tickets.templatetags.inbox import channel_label

# A mail names so many tickets; after an outage there may be hundreds.
LINES_SHOWN = 20


def send_alarm_mails(organization: Organization) -> int:
    """Sends what is due. Returns how many mails were handed to the mail server."""
    return send_due(AlarmMail.objects.filter(organization=organization), _message)


def _is_wanted(mail: AlarmMail) -> bool:
    """Whether she is still alarmed, still by mail, and has not read it all on her screen meanwhile."""
    person = mail.person
    return (
        person.organization_id == mail.organization_id
        and may_be_alarmed(person)
        and is_mailed(person)
        and AlarmNotice.objects.filter(organization=mail.organization_id, mail=mail, read_at=None).exists()
    )


def _message(mail: AlarmMail) -> EmailMultiAlternatives:
    """The mail in the person's language. Raises NotWanted."""
    if not _is_wanted(mail):
        raise NotWanted("not needed any more")
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
        body = "\n".join(_lines(mail.person, [notice.alarm for notice in notices]))
        return message_to(mail.person, subject, body, mail=mail, kind="alarm")


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
