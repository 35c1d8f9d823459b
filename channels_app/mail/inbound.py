"""A mail comes in: read, put in its conversation, and stored once through the one door.

What may not be answered by a machine (lists, automatic mails) is marked as such; our own mails that come back are left,
and a report that one could not be delivered is noted at that delivery.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Organization
from channels_app.deliveries.bouncing import note_bounce
from channels_app.intake import Sender, receive
from channels_app.mail.addresses import without_plus
from channels_app.mail.keeping import keep_files
from channels_app.mail.placing import event_of, source_of
from channels_app.mail.reading import ReadMail, known_as
from channels_app.models import ChannelAccount, Delivery, MailReference
from channels_app.outcomes import Outcome
from customers.actions import Recording
from tickets.actions.attachments import bind

logger = logging.getLogger(__name__)


class NoSuchMailbox(Exception):
    """No active account has any of the addresses that the mail went to."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail. Without `outcome` nothing was stored, and `reason` says why: own, bounce, nobody."""

    outcome: Outcome | None = None
    reason: str = ""


def mailbox_of(organization: Organization, addresses: Sequence[str]) -> ChannelAccount:
    """The account that one of these addresses belongs to, the first of them that does. Raises NoSuchMailbox."""
    written = [without_plus(address)[0] for address in addresses]
    rows = ChannelAccount.objects.filter(
        organization=organization, adapter="mail", is_active=True, address__in=[*written, *addresses][:200]
    ).select_related("center", "organization")
    by_address = {account.address: account for account in rows}
    for address in [one for pair in zip(addresses, written, strict=True) for one in pair]:
        if address in by_address:
            return by_address[address]
    raise NoSuchMailbox


def take_mail(account: ChannelAccount, mail: ReadMail, *, sender: Sender, at: datetime) -> Taken:
    """Stores the mail, once, as the hub's event. Call it outside of any transaction.

    A mail that the intake refuses is kept there, as every event is; the outcome tells.
    """
    organization = account.organization
    if mail.bounce is not None:
        return _take_bounce(account, mail, at=at)
    known = MailReference.objects.filter(organization=organization, message_id=mail.message_id, is_ours=True)
    if known.exists() or mail.sender == account.address:
        # A copy to ourselves, or a loop between two mailboxes of ours.
        return Taken(reason="own")
    envelope = event_of(account, mail, at=at)
    if envelope is None:
        return Taken(reason="nobody")
    files, told = keep_files(account, mail, envelope, at=at)
    if told:
        envelope["data"]["attachments"] = told

    def remember(recording: Recording) -> None:
        """In the same transaction: an answer to this mail must find the conversation that it is in, and its files are its own."""
        for recorded in recording.recorded:
            if recorded.is_new:
                bind(files, event=recorded.event.public_id, thread=recorded.event.thread)
                MailReference.objects.get_or_create(
                    organization=organization,
                    message_id=mail.message_id,
                    defaults={"thread": recorded.event.thread, "is_ours": False},
                )

    (outcome,) = receive(organization, [envelope], sender=sender, at=at, check=remember)
    if outcome.is_refused:
        logger.warning("A mail was refused by the intake", extra={"problem": str(outcome.problem)[:200]})
    return Taken(outcome)


def sender_for(account: ChannelAccount) -> Sender:
    """Who hands a mail in where no key does: the hub's own command or poll."""
    return Sender(label=f"mail {account.address}", sources=(source_of(account),))


def _take_bounce(account: ChannelAccount, mail: ReadMail, *, at: datetime) -> Taken:
    bounce = mail.bounce
    assert bounce is not None, "Asked before."
    names = [known_as(one) for one in (bounce.message_id, *mail.references) if one]
    rows = Delivery.objects.filter(organization_id=account.organization_id, message_id__in=names)
    delivery = rows.select_related("organization").first() if names else None
    if delivery is not None and bounce.is_final:
        note_bounce(delivery, status=bounce.status, diagnosis=bounce.diagnosis, at=at)
    elif delivery is None:
        # Somebody wrote in our name, or from elsewhere with our address.
        logger.info("A report about a mail that the hub did not send was left", extra={"account": account.pk})
    return Taken(reason="bounce")
