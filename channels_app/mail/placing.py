"""Which conversation a mail belongs to, who wrote it, and so which event it is.

By the mails it refers to, the newest first; then by the key in our plus address. Never by its subject: two customers
write “문의드립니다” on one day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from channels_app.mail.addresses import without_plus
from channels_app.mail.reading import ReadMail
from channels_app.mail.settings import settings_of
from channels_app.models import ChannelAccount, Delivery, MailReference, WidgetConversation
from channels_app.widget.delivery import customer_data

# A mail that waited somewhere happened when it was written; a clock that says anything else is wrong.
OLDEST_DATE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Place:
    """`written_to` are the addresses at which we have answered in this conversation: who answers from one has had our mail.

    A transcript goes to whoever is named, so that it says nothing of who answers it.
    """

    thread: str
    is_new: bool
    written_to: frozenset[str] = frozenset()


def place_of(account: ChannelAccount, mail: ReadMail) -> Place:
    thread = _thread_referred_to(account, mail) or _thread_of_key(account, mail)
    if not thread:
        # From the mail's own name: the same mail twice is one conversation.
        mark = sha256(mail.message_id.encode("utf-8", "replace")).hexdigest()[:32]
        return Place(f"mail:{account.public_id.hex}:{mark}", is_new=True)
    deliveries = Delivery.objects.filter(organization_id=account.organization_id, thread=thread)
    answers = deliveries.exclude(kind=Delivery.Kind.TRANSCRIPT)
    return Place(thread, is_new=False, written_to=frozenset(answers.values_list("recipient", flat=True)))


def source_of(account: ChannelAccount) -> str:
    return f"/{account.center.slug}/mail" if account.center else "/mail"


def event_id_of(mail: ReadMail) -> str:
    """The event's id follows from the mail's own name, so that a mail handed in twice is one event."""
    return f"mail-{sha256(mail.message_id.encode('utf-8', 'replace')).hexdigest()[:40]}"


def event_of(account: ChannelAccount, mail: ReadMail, *, at: datetime) -> dict[str, Any] | None:
    """The envelope of what the mail says, without its files; None where it says nothing to anybody: no sender."""
    if not mail.answer_to:
        return None
    place = place_of(account, mail)
    # A machine's answer to ours ends nobody's wait and begins none. To nothing of ours, it may be a shop's own form.
    author = "bot" if mail.is_automatic_answer and not place.is_new else "customer"
    data: dict[str, Any] = {
        "thread": place.thread,
        "from": author,
        "text": mail.text,
        "customer": _customer(account, mail, place),
        "sent_from": mail.sender,
    }
    told = {
        "subject": mail.subject,
        "history": mail.history,
        "automatic": mail.is_automatic or mail.is_automatic_answer,
    }
    return {
        "specversion": "1.0",
        "id": event_id_of(mail),
        "source": source_of(account),
        "type": "mail.message",
        "time": _time(mail, at).isoformat(),
        "data": data | {name: value for name, value in told.items() if value},
    }


def _customer(account: ChannelAccount, mail: ReadMail, place: Place) -> dict[str, Any]:
    """A From alone proves nothing. In a chat, who answers from the address that we wrote to is the visitor."""
    if not place.is_new and mail.sender in place.written_to and not mail.reply_to:
        rows = WidgetConversation.objects.filter(
            organization_id=account.organization_id, thread_key=place.thread
        ).select_related("visitor__widget")
        conversation = rows.first()
        if conversation is not None:
            return customer_data(conversation.visitor)
    name = {"name": mail.sender_name} if mail.sender_name and "@" not in mail.sender_name else {}
    server = settings_of(account).vouching_server.lower()
    is_vouched = bool(server) and not mail.reply_to and server in mail.vouched_by
    return {"email": mail.answer_to, **name} | ({} if is_vouched else {"verified": False})


def _thread_referred_to(account: ChannelAccount, mail: ReadMail) -> str:
    if not mail.references:
        return ""
    rows = MailReference.objects.filter(
        organization_id=account.organization_id, message_id__in=mail.references
    ).values_list("message_id", "thread")
    known = dict(rows)
    return next((known[one] for one in reversed(mail.references) if known.get(one)), "")


def _thread_of_key(account: ChannelAccount, mail: ReadMail) -> str:
    keys = [key for address in mail.recipients if (key := without_plus(address)[1])]
    rows = Delivery.objects.filter(organization_id=account.organization_id, key__in=keys[:5]) if keys else None
    return (rows.exclude(thread="").values_list("thread", flat=True).first() or "") if rows is not None else ""


def _time(mail: ReadMail, at: datetime) -> datetime:
    told = mail.sent_at
    return told if told is not None and at - OLDEST_DATE <= told <= at else at
