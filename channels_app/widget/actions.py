"""What a visitor does: opens a session, says something, tells who she is. Both transports come through here.

Messages leave through channels_app.intake like everybody's; nothing is written to the history beside it.
"""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from channels_app import intake, rate_limits
from channels_app.models.widget import WidgetConversation, WidgetSettings, WidgetVisitor
from channels_app.outcomes import Outcome
from channels_app.rate_limits import Bucket
from channels_app.widget import contact, queries, tokens
from channels_app.widget.payloads import MAX_TEXT_CHARACTERS, Ack, OpenSession, WidgetRefusal
from customers.models.event import Thread
from cxhub import live

logger = logging.getLogger(__name__)

# A person who types fast, or comes back with a queue written offline.
MESSAGES_PER_VISITOR, MESSAGES_SECONDS = 30, 30.0
# One address may be an office or a mobile carrier's gateway with thousands behind it: these stop scripts, not people.
MESSAGES_PER_ADDRESS, ADDRESS_SECONDS = 2_400, 60.0
SESSIONS_PER_ADDRESS, SESSIONS_SECONDS = 240, 60.0


@dataclass(frozen=True)
class Session:
    conversation: WidgetConversation
    # Told once, when the visitor is new; later the hub knows its hash only.
    new_secret: str
    # Why a token that came along was not accepted; empty if it was, or if none came.
    token_problem: str


def open_session(widget: WidgetSettings, asked: OpenSession, *, address: str, at: datetime) -> Session:
    """Continues the visitor's conversation, or begins one for a new visitor.

    A token that is not valid is told and otherwise ignored: she chats as an anonymous visitor rather than not at all.
    A visitor proven by a token is continued only with a token for the same subject, so that on a shared computer
    nobody reads on after the shop's log-out. Raises WidgetRefusal "slow_down".
    """
    _spend(Bucket(f"widget:session:{address}", SESSIONS_PER_ADDRESS, SESSIONS_SECONDS))
    claims, token_problem = _claims_of(widget, asked.token, at=at)
    visitor = queries.visitor_with(widget, asked.visitor, asked.secret)
    if visitor and visitor.subject and (claims is None or claims.sub != visitor.subject):
        visitor = None
    with transaction.atomic():
        new_secret = ""
        if visitor is None:
            new_secret = tokens.new_visitor_secret()
            visitor = WidgetVisitor.objects.create(
                organization=widget.organization,
                widget=widget,
                secret_hash=tokens.hash_of(new_secret),
                subject=claims.sub if claims else "",
                about=contact.sifted(claims.about()) if claims else {},
                created_at=at,
                last_seen_at=at,
            )
        conversation = _continued(widget, visitor, at=at)
        is_newly_proven = claims is not None and not visitor.subject
        if not new_secret:
            _recognise(visitor, claims, at=at)
    # Lost if the process dies here, and then told by her next message, which carries the same proof.
    if claims and is_newly_proven:
        _announce_proof(conversation, claims, at=at)
    return Session(conversation, new_secret, token_problem)


def send_message(conversation: WidgetConversation, *, message_id: UUID, text: str, address: str, at: datetime) -> Ack:
    """Stores what the visitor says and returns its number; a resend returns the first one's.

    Raises WidgetRefusal: "empty", "too_long", "bad_text", "slow_down", "refused".
    """
    event_id = f"{conversation.public_id.hex}-{message_id}"
    if stored := queries.stored_message(conversation, event_id):
        return Ack(message_id, *stored)
    said = _checked(text)
    visitor = conversation.visitor
    _spend(
        Bucket(f"widget:messages:{visitor.pk}", MESSAGES_PER_VISITOR, MESSAGES_SECONDS),
        Bucket(f"widget:messages:{address}", MESSAGES_PER_ADDRESS, ADDRESS_SECONDS),
    )
    outcome = _deliver(
        conversation, "chat.message", event_id, {"from": "customer", "text": said}, about=customer_data(visitor), at=at
    )
    # Two tabs may send the same queue at once: the outcome is the first one's then.
    if outcome.is_refused or outcome.event is None or outcome.seq is None:
        logger.warning("A visitor's message was refused", extra={"problem": str(outcome.problem)[:200]})
        raise WidgetRefusal("refused", _("This message cannot be sent."))
    return Ack(message_id, outcome.seq, outcome.event)


def tell_about_visitor(conversation: WidgetConversation, *, name: str, phone: str, email: str, at: datetime) -> None:
    """Keeps what the visitor typed about herself; her next messages carry it as unproven.

    Says nothing new about a visitor whom the shop has proven. Raises WidgetRefusal: "bad_phone", "bad_email",
    "slow_down".
    """
    visitor = conversation.visitor
    _spend(Bucket(f"widget:about:{visitor.pk}", 10, 60.0))
    typed = contact.checked(name=_cleaned(name), phone=phone, email=email)
    about = {**visitor.about, **typed}
    changed = WidgetVisitor.objects.filter(pk=visitor.pk, subject="").update(about=about, last_seen_at=at)
    if changed:
        visitor.about = about


def tell_typing(conversation: WidgetConversation) -> None:
    """Tells the agents' pages that she is typing; nothing is stored, and nobody is told what."""
    ticket_id = queries.ticket_of(conversation)
    if ticket_id is not None:
        live.publish(f"ticket.{ticket_id.hex}", {"type": "hub.event", "kind": "typing"})


def note_seen_by_visitor(conversation: WidgetConversation, *, upto: int) -> None:
    """The messages up to that number were before her eyes. It only ever grows, and no further than the conversation."""
    if not upto:
        return
    threads = Thread.objects.filter(organization_id=conversation.organization_id, key=conversation.thread_key)
    upto = min(upto, threads.values_list("last_seq", flat=True).first() or 0)
    rows = WidgetConversation.objects.filter(pk=conversation.pk, visitor_seen_seq__lt=upto)
    if not rows.update(visitor_seen_seq=upto):
        return
    ticket_id = queries.ticket_of(conversation)
    if ticket_id is not None:
        live.publish(f"ticket.{ticket_id.hex}", {"type": "hub.event", "kind": "seen", "upto": upto})


def note_seen_by_agents(organization_id: int, thread: str, *, upto: int) -> None:
    """A person of the hub has had the conversation before her eyes up to there; the visitor is shown that."""
    rows = WidgetConversation.objects.filter(organization_id=organization_id, thread_key=thread)
    if rows.filter(agents_seen_seq__lt=upto).update(agents_seen_seq=upto):
        live.publish(live.thread_group(organization_id, thread), {"type": "hub.event", "kind": "seen"})


def customer_data(visitor: WidgetVisitor) -> dict[str, Any]:
    """Returns `data.customer` of her events: her external id always, and what is proven or claimed."""
    customer: dict[str, Any] = {**visitor.about, "external": {visitor.widget.account: visitor.public_id.hex}}
    if visitor.about and not visitor.is_verified:
        customer["verified"] = False
    return customer


def _claims_of(widget: WidgetSettings, token: str, *, at: datetime) -> tuple[tokens.Claims | None, str]:
    if not token:
        return None, ""
    try:
        return tokens.read_token(token, signing_secret=widget.signing_secret, at=at), ""
    except tokens.BadToken as error:
        logger.info("A visitor token was not accepted", extra={"widget": str(widget.public_id), "problem": error.code})
        return None, error.code


def _continued(widget: WidgetSettings, visitor: WidgetVisitor, *, at: datetime) -> WidgetConversation:
    conversation = visitor.conversations.order_by("-created_at", "-id").first()
    if conversation is None:
        conversation = WidgetConversation(organization=widget.organization, visitor=visitor, created_at=at)
        conversation.thread_key = WidgetConversation.thread_key_of(widget.public_id, conversation.public_id)
        conversation.save(force_insert=True)
    visitor.widget = widget
    conversation.visitor, conversation.organization = visitor, widget.organization
    return conversation


def _recognise(visitor: WidgetVisitor, claims: tokens.Claims | None, *, at: datetime) -> None:
    visitor.last_seen_at = at
    if claims:
        visitor.subject, visitor.about = claims.sub, contact.sifted(claims.about())
    visitor.save(update_fields=["last_seen_at", "subject", "about"])


def _announce_proof(conversation: WidgetConversation, claims: tokens.Claims, *, at: datetime) -> None:
    """She chatted first and logged in at the shop then: the agent is told who she is before her next message."""
    about = customer_data(conversation.visitor)
    if not about.keys() - {"name", "external"} or not queries.has_messages(conversation):
        return
    subject = hashlib.sha256(claims.sub.encode()).hexdigest()[:16]
    event_id = f"{conversation.public_id.hex}-proof-{subject}"
    _deliver(conversation, "identity.confirmed", event_id, {"method": "visitor_token"}, about=about, at=at)


def _deliver(
    conversation: WidgetConversation,
    event_type: str,
    event_id: str,
    data: dict[str, Any],
    *,
    about: dict[str, Any],
    at: datetime,
) -> Outcome:
    widget = conversation.visitor.widget
    source = f"/{widget.center.slug}/widget"
    envelope = {
        "specversion": "1.0",
        "id": event_id,
        "source": source,
        "type": event_type,
        "time": at.isoformat(),
        "data": {"thread": conversation.thread_key, "customer": about, **data},
    }
    sender = intake.Sender(label=f"widget {widget.name}", sources=(source,))
    (outcome,) = intake.receive(conversation.organization, [envelope], sender=sender, at=at)
    return outcome


def _checked(text: str) -> str:
    said = _cleaned(text)
    if not said:
        raise WidgetRefusal("empty", _("The message is empty."))
    if len(said) > MAX_TEXT_CHARACTERS:
        limit = MAX_TEXT_CHARACTERS
        raise WidgetRefusal("too_long", _("A message may have %(limit)d characters.") % {"limit": limit}, status=413)
    return said


def _cleaned(text: str) -> str:
    """Composes Hangul (macOS decomposes it) and drops control characters, which some keyboards and pastes leave."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise WidgetRefusal("bad_text", _("The message has characters that cannot be stored.")) from error
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(c for c in composed if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def _spend(*buckets: Bucket) -> None:
    if wait := rate_limits.take_from_each(buckets):
        raise WidgetRefusal("slow_down", _("Too much at once. Please wait a moment."), status=429, retry_after=wait)
