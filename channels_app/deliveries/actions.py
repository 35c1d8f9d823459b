"""Writes the intention to send: beside an answer in its own transaction, or because somebody asked for it.

Nothing is sent here. `outgoing` gives the part of an answer's transaction; the others own theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.models import Organization, Person
from channels_app import rate_limits
from channels_app.adapters import ADAPTERS, adapter_for_channel
from channels_app.deliveries.accounts import account_of_center
from channels_app.deliveries.adapter import DeliveryFailed
from channels_app.deliveries.events import announce_delivery, announce_work
from channels_app.intake import Check
from channels_app.mail.settings import settings_of
from channels_app.models import ChannelAccount, Delivery, MailReference, WidgetConversation
from channels_app.rate_limits import Bucket
from customers.actions import Recording
from customers.email_addresses import is_masked_email, normal_email
from customers.models import Event
from tickets.models import Ticket

# A transcript is asked for once; more is a script, or somebody who fills another's mailbox.
TRANSCRIPTS_OF_CONVERSATION, TRANSCRIPTS_TO_ADDRESS = 3, 10
HOUR_SECONDS, DAY_SECONDS = 3600.0, 86_400.0
# One statement's worth; the rest with the next click.
RESENT_AT_ONCE = 500


class CannotSend(Exception):
    """Nothing was put on its way; `str()` is fit for the person's screen."""


@dataclass(frozen=True, slots=True)
class _Intent:
    account: ChannelAccount
    kind: str
    recipient: str
    wait: timedelta = timedelta(0)


def outgoing(ticket: Ticket, *, by: Person, at: datetime) -> Check | None:
    """Returns what writes the intention to send an answer, to be run in the answer's transaction; None where it goes
    nowhere but into the history. At most three statements."""
    intent = _intent_for(ticket)
    if intent is None:
        return None

    def check(recording: Recording) -> None:
        for recorded in recording.recorded:
            if recorded.is_new:
                _intend(ticket, intent, recorded.event.thread_seq or 0, by=by, at=at)

    return check


def outgoing_by_rules(tickets: Mapping[str, Ticket], *, at: datetime) -> Check:
    """Returns what writes the intentions to send the answers of rules, to be run in the transaction that writes them.

    `tickets` are the answered, by the id of the event that answers, as they are known by then. A chat's answer stays
    in the chat: mails follow a visitor for what a person has written.
    """

    def check(recording: Recording) -> None:
        for recorded in recording.recorded:
            ticket = tickets.get(recorded.event.event_id)
            if ticket is None or ticket.channel == "chat" or not recorded.is_new:
                continue
            intent = _intent_for(ticket)
            if intent is not None:
                _intend(ticket, intent, recorded.event.thread_seq or 0, by=None, at=at)

    return check


def carry_on_unseen(conversation: WidgetConversation, *, at: datetime) -> Delivery | None:
    """She has left an address: answers that she has not seen are to follow her there, as if she had left it before."""
    ticket = _ticket_of(conversation.organization_id, conversation.thread_key)
    intent = _intent_for(ticket) if ticket else None
    if ticket is None or intent is None or intent.kind != Delivery.Kind.CARRY_ON:
        return None
    unseen = _unseen_answers(ticket.organization_id, ticket.thread, conversation.visitor_seen_seq)
    if not unseen:
        return None
    with transaction.atomic():
        return _intend(ticket, intent, unseen[0], last_seq=unseen[-1], by=None, at=at)


def send_transcript(
    organization: Organization,
    thread: str,
    recipient: str,
    *,
    last_seq: int,
    account: ChannelAccount,
    by: Actor | None,
    at: datetime,
    customer_id: UUID | None = None,
    language: str = "",
) -> Delivery:
    """Puts the conversation up to that number on its way to an address. `by` is None for the customer herself.

    Raises CannotSend: no such address, no mail server, too often.
    """
    address = normal_email(recipient)
    if not address or is_masked_email(address):
        raise CannotSend(_("Write a mail address such as name@example.com."))
    if not ADAPTERS[account.adapter].is_set_up:
        raise CannotSend(_("This hub has no mail server yet."))
    if rate_limits.take_from_each(
        [
            Bucket(f"transcript:{organization.pk}:{thread}", TRANSCRIPTS_OF_CONVERSATION, HOUR_SECONDS),
            Bucket(f"transcript to:{address}", TRANSCRIPTS_TO_ADDRESS, DAY_SECONDS),
        ]
    ):
        raise CannotSend(_("It was sent several times already. Please try again later."))
    delivery = _new(organization, account, Delivery.Kind.TRANSCRIPT, address, at=at, by=by, language=language)
    delivery.thread, delivery.first_seq, delivery.last_seq = thread, min(1, last_seq), last_seq
    with transaction.atomic():
        _write(delivery)
        if by is not None:
            audit.record(
                organization,
                by=by,
                at=at,
                action="channels.transcript.send",
                obj=f"delivery:{delivery.public_id}",
                customer_id=customer_id,
            )
    return delivery


def send_trial(account: ChannelAccount, *, by: Person, at: datetime) -> Delivery:
    """A mail to herself, to see whether the account works. Raises CannotSend."""
    if not ADAPTERS[account.adapter].is_set_up:
        raise CannotSend(_("This hub has no mail server yet."))
    if rate_limits.take(f"trial:{by.pk}", limit=5, per_seconds=HOUR_SECONDS):
        raise CannotSend(_("It was sent several times already. Please try again later."))
    delivery = _new(account.organization, account, Delivery.Kind.TEST, by.email, at=at, by=by, language=by.language)
    with transaction.atomic():
        _write(delivery)
    return delivery


def announce(account: ChannelAccount, kind: str, recipient: str, *, language: str = "", at: datetime) -> Delivery:
    """Writes the intention to send what a room has registered for this kind (deliveries.announcements).

    In the caller's transaction. Raises CannotSend: nothing can be sent from this account.
    """
    assert transaction.get_connection().in_atomic_block, "The caller's row and this one stand together or not at all."
    delivery = _new(account.organization, account, kind, recipient, at=at, by=None, language=language)
    _write(delivery)
    return delivery


def resend(organization: Organization, deliveries: Collection[Delivery], *, by: Actor, at: datetime) -> int:
    """Puts failed deliveries in the queue again, those that wait for their next attempt to its front.

    Returns how many; others are under way or done. The provider is told the same names as before.
    """
    ids = [delivery.pk for delivery in deliveries][:RESENT_AT_ONCE]
    rows = Delivery.objects.filter(organization=organization, pk__in=ids)
    with transaction.atomic():
        chosen = list(
            rows.filter(state__in=[Delivery.State.FAILED, Delivery.State.WAITING]).select_for_update().order_by("pk")
        )
        for delivery in chosen:
            Delivery.objects.filter(pk=delivery.pk, state=delivery.state).update(
                state=Delivery.State.WAITING, due_at=at, queued_at=at, done_at=None
            )
            announce_delivery(delivery)
        if chosen:
            audit.record(
                organization,
                by=by,
                at=at,
                action="channels.delivery.resend",
                obj=f"delivery:{chosen[0].public_id}",
                after={"deliveries": [str(delivery.public_id) for delivery in chosen]},
            )
            announce_work([delivery.pk for delivery in chosen])
    return len(chosen)


def _intent_for(ticket: Ticket) -> _Intent | None:
    """How an answer in this ticket goes out, if it does."""
    if ticket.channel == "chat":
        return _carrying_on(ticket)
    adapter = adapter_for_channel(ticket.channel)
    way = adapter.way_to(ticket.organization_id, ticket.thread, ticket.center_id) if adapter else None
    return _Intent(way.account, Delivery.Kind.REPLY, way.recipient) if way else None


def _carrying_on(ticket: Ticket) -> _Intent | None:
    """By mail to a visitor who has left an address, some time after an answer that she has not seen by then."""
    if not ADAPTERS["mail"].is_set_up:
        return None
    rows = WidgetConversation.objects.filter(organization_id=ticket.organization_id, thread_key=ticket.thread)
    about = rows.values_list("visitor__about", flat=True).first() or {}
    recipient = normal_email(str(about.get("email", "")))
    if not recipient or is_masked_email(recipient):
        return None
    account = account_of_center(ticket.organization_id, "mail", ticket.center_id)
    minutes = settings_of(account).carries_on_after_minutes if account else 0
    return (
        _Intent(account, Delivery.Kind.CARRY_ON, recipient, timedelta(minutes=minutes)) if account and minutes else None
    )


def _intend(
    ticket: Ticket, intent: _Intent, seq: int, *, by: Person | None, at: datetime, last_seq: int = 0
) -> Delivery | None:
    """Returns the delivery that was begun; None where a waiting one carries the answers along."""
    last_seq = last_seq or seq
    delivery = _new(ticket.organization, intent.account, intent.kind, intent.recipient, at=at, by=by)
    delivery.thread, delivery.first_seq, delivery.last_seq = ticket.thread, seq, last_seq
    delivery.due_at = at + intent.wait
    if intent.kind != Delivery.Kind.CARRY_ON:
        _write(delivery)
        return delivery
    if _joins(delivery, wait=intent.wait):
        return None
    try:
        with transaction.atomic():
            _write(delivery)
    except IntegrityError:
        # An answer, and she who leaves her address, in one moment: whoever was quicker carries both.
        if not _joins(delivery, wait=intent.wait):
            raise
        return None
    return delivery


def _joins(new: Delivery, *, wait: timedelta) -> bool:
    """One mail for all that she has not seen: the next answer joins it and puts it off, but not for ever. To her latest address."""
    waiting = Delivery.objects.filter(
        organization_id=new.organization_id,
        thread=new.thread,
        kind=Delivery.Kind.CARRY_ON,
        state=Delivery.State.WAITING,
        attempts=0,
    )
    wider = {
        "first_seq": Least("first_seq", new.first_seq),
        "last_seq": Greatest("last_seq", new.last_seq),
        "recipient": new.recipient,
    }
    put_off = waiting.filter(queued_at__gt=new.created_at - 2 * wait)
    return bool(put_off.update(due_at=new.due_at, **wider) or waiting.update(**wider))


def _new(
    organization: Organization,
    account: ChannelAccount,
    kind: str,
    recipient: str,
    *,
    at: datetime,
    by: Actor | None,
    language: str = "",
) -> Delivery:
    return Delivery(
        organization=organization,
        account=account,
        kind=kind,
        recipient=recipient,
        agent_email=by.email if isinstance(by, Person) else "",
        language=language or organization.language,
        created_at=at,
        queued_at=at,
        due_at=at,
    )


def _write(delivery: Delivery) -> None:
    """The row, the name by which an answer finds back, and word to a worker. Within a transaction."""
    try:
        delivery.message_id = ADAPTERS[delivery.account.adapter].message_id(delivery, delivery.account)
    except DeliveryFailed as error:
        raise CannotSend(_("Nothing can be sent from this account: its address cannot be used.")) from error
    delivery.save(force_insert=True)
    if delivery.thread:
        MailReference.objects.create(
            organization_id=delivery.organization_id,
            message_id=delivery.message_id,
            thread=delivery.thread,
            is_ours=True,
        )
    announce_delivery(delivery)
    if delivery.due_at <= delivery.created_at:
        announce_work([delivery.pk])


def _ticket_of(organization_id: int, thread: str) -> Ticket | None:
    rows = Ticket.objects.standing().filter(organization_id=organization_id, thread=thread)
    return rows.select_related("organization").order_by("-opened_at", "-pk").first()


def _unseen_answers(organization_id: int, thread: str, seen: int) -> list[int]:
    rows = Event.objects.filter(organization_id=organization_id, thread=thread, thread_seq__gt=seen, author="agent")
    return [seq for seq in rows.order_by("thread_seq").values_list("thread_seq", flat=True) if seq]
