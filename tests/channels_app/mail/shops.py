"""A shop that sends and takes mails: its account, a customer's letters, a worker's rounds."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from django.utils import timezone

from accounts.models import Center
from channels_app.deliveries.sending import send_due
from channels_app.mail.account_actions import AccountContent, create_mail_account
from channels_app.mail.inbound import Taken, sender_for, take_mail
from channels_app.mail.reading import read_mail
from channels_app.mail.settings import MailSettings
from channels_app.models import ChannelAccount
from tests.cast import SETUP, Cast
from tickets.models import Ticket

HELP = "help@haneul.example"
HERS = "seoyeon@mail.example"


def make_account(cast: Cast, *, center: Center | None = None, address: str = HELP, **settings: Any) -> ChannelAccount:
    """An account that takes answers, of seoul unless said otherwise."""
    content = AccountContent(
        name="하늘상회",
        address=address,
        center=center or cast.seoul,
        settings=MailSettings(**{"takes_answers": True, **settings}),
    )
    return create_mail_account(cast.organization, content, by=SETUP, at=timezone.now())


def letter(
    text: str = "언제 도착하나요?",
    *,
    subject: str = "배송 문의",
    sender: str = f"김서연 <{HERS}>",
    to: str = HELP,
    message_id: str = "<first@mail.example>",
    **headers: str,
) -> bytes:
    """A raw mail of a customer; headers by keyword, `_` for `-`."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def comes_in(account: ChannelAccount, raw: bytes) -> Taken:
    return take_mail(account, read_mail(raw), sender=sender_for(account), at=timezone.now())


def asked_by_mail(account: ChannelAccount, raw: bytes | None = None) -> Ticket:
    """The ticket that a customer's mail opens."""
    taken = comes_in(account, raw or letter())
    assert taken.outcome is not None
    return Ticket.objects.select_related("organization", "center", "customer").get(public_id=taken.outcome.ticket)


def work(cast: Cast) -> int:
    """One round of the worker."""
    return send_due(cast.organization)
