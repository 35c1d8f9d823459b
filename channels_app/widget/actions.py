"""What a visitor does: opens a session, says something, tells who she is. Both transports come through here.

Messages leave through channels_app.intake like everybody's; nothing is written to the history beside it.
"""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from channels_app import rate_limits
from channels_app.hub.attaching import binding
from channels_app.models.widget import WidgetConversation, WidgetSettings, WidgetVisitor
from channels_app.rate_limits import Bucket
from channels_app.widget import contact, files, queries, tokens
from channels_app.widget.delivery import Told, customer_data, deliver
from channels_app.widget.payloads import MAX_TEXT_CHARACTERS, About, Ack, OpenSession, PostedAbout, WidgetRefusal
from customers.models.event import Thread
from cxhub import live
from tickets.actions.attachments import CannotAttach

logger = logging.getLogger(__name__)

# A person who types fast, or comes back with a queue written offline.
MESSAGES_PER_VISITOR, MESSAGES_SECONDS = 30, 30.0
# One address may be an office or a mobile carrier's gateway with thousands behind it: these stop scripts, not people.
MESSAGES_PER_ADDRESS, ADDRESS_SECONDS = 2_400, 60.0
SESSIONS_PER_ADDRESS, SESSIONS_SECONDS = 240, 60.0
LANGUAGES = ("ko", "en")


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
    nobody reads on after the shop's log-out. Of her conversations the one she asks for, else the latest. Raises WidgetRefusal "slow_down".
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
                language=_language(asked),
                created_at=at,
                last_seen_at=at,
            )
        conversation = _continued(widget, visitor, asked.conversation, at=at)
        is_newly_proven = claims is not None and not visitor.subject
        if not new_secret:
            _recognise(visitor, claims, language=_language(asked), at=at)
    # Lost if the process dies here, and then told by her next message, which carries the same proof.
    if claims and is_newly_proven:
        _announce_proof(conversation, claims, at=at)
    return Session(conversation, new_secret, token_problem)


def send_message(
    conversation: WidgetConversation,
    *,
    message_id: UUID,
    text: str,
    address: str,
    at: datetime,
    attachments: Sequence[UUID] = (),
) -> Ack:
    """Stores what the visitor says and returns its number; a resend returns the first one's.

    Raises WidgetRefusal: "empty", "too_long", "bad_text", "slow_down", "refused", and those of files.refused.
    """
    event_id = f"{conversation.public_id.hex}-{message_id}"
    if stored := queries.stored_message(conversation, event_id):
        return Ack(message_id, *stored)
    said = _checked(text, may_be_empty=bool(attachments))
    visitor = conversation.visitor
    sent = files.uploads_of(conversation, attachments)
    _spend(
        Bucket(f"widget:messages:{visitor.pk}", MESSAGES_PER_VISITOR, MESSAGES_SECONDS),
        Bucket(f"widget:messages:{address}", MESSAGES_PER_ADDRESS, ADDRESS_SECONDS),
    )
    data: dict[str, Any] = {"from": "customer", "text": said}
    if sent:
        data["attachments"] = [file.as_told() for file in sent]
    events = [Told("chat.message", event_id, data)]
    if conversation.topic:
        # In the same breath: whoever gives the ticket out knows what it is about.
        topic_id = f"{conversation.public_id.hex}-topic"
        events.append(Told("ticket.topic", topic_id, {"topic": conversation.topic}))
    try:
        outcome = deliver(conversation, events, at=at, check=binding(sent) if sent else None)[0]
    except CannotAttach as refusal:
        raise files.refused(refusal) from refusal
    # Two tabs may send the same queue at once: the outcome is the first one's then.
    if outcome.is_refused or outcome.event is None or outcome.seq is None:
        logger.warning("A visitor's message was refused", extra={"problem": str(outcome.problem)[:200]})
        raise WidgetRefusal("refused", _("This message cannot be sent."))
    if conversation.topic:
        WidgetConversation.objects.filter(pk=conversation.pk).update(topic="")
        conversation.topic = ""
    return Ack(message_id, outcome.seq, outcome.event)


def tell_about_visitor(conversation: WidgetConversation, told: About | PostedAbout, *, at: datetime) -> None:
    """Keeps what the visitor typed about herself; her next messages carry it as unproven, and the topic once.

    Says nothing new about a visitor whom the shop has proven. Raises WidgetRefusal: "bad_phone", "bad_email",
    "bad_topic", "slow_down".
    """
    visitor = conversation.visitor
    _spend(Bucket(f"widget:about:{visitor.pk}", 10, 60.0))
    typed = contact.checked(name=_cleaned(told.name), phone=told.phone, email=told.email)
    if told.topic and told.topic not in queries.topics_offered(conversation.organization_id):
        raise WidgetRefusal("bad_topic", _("Choose one of the topics."))
    consent = _consent(visitor.widget, told, sorted(typed), at=at)
    with transaction.atomic():
        current = WidgetVisitor.objects.select_for_update().get(pk=visitor.pk)
        if typed and not current.is_verified:
            current.about = {**current.about, **typed}
            current.consent, current.last_seen_at = consent or current.consent, at
            current.save(update_fields=["about", "consent", "last_seen_at"])
        if told.topic:
            WidgetConversation.objects.filter(pk=conversation.pk).update(topic=told.topic)
    visitor.about = current.about
    conversation.topic = told.topic or conversation.topic


def begin_conversation(conversation: WidgetConversation, *, at: datetime) -> WidgetConversation:
    """Begins another conversation of the same visitor; where her latest is still empty, that one is it."""
    visitor = conversation.visitor
    _spend(Bucket(f"widget:begin:{visitor.pk}", 10, 60.0))
    with transaction.atomic():
        # Two tabs that ask at once wait for each other here, and get the same one.
        WidgetVisitor.objects.select_for_update().get(pk=visitor.pk)
        latest = visitor.conversations.order_by("-created_at", "-id").first()
        if latest is not None and not queries.has_messages(latest):
            return latest
        return _begun(visitor.widget, visitor, at=at)


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


def _claims_of(widget: WidgetSettings, token: str, *, at: datetime) -> tuple[tokens.Claims | None, str]:
    if not token:
        return None, ""
    try:
        return tokens.read_token(token, signing_secret=widget.signing_secret, at=at), ""
    except tokens.BadToken as error:
        logger.info("A visitor token was not accepted", extra={"widget": str(widget.public_id), "problem": error.code})
        return None, error.code


def _continued(
    widget: WidgetSettings, visitor: WidgetVisitor, asked: UUID | None, *, at: datetime
) -> WidgetConversation:
    hers = queries.conversations_of(visitor)
    conversation = hers.filter(public_id=asked).first() if asked else None
    conversation = conversation or visitor.conversations.order_by("-created_at", "-id").first()
    conversation = conversation or _begun(widget, visitor, at=at)
    visitor.widget = widget
    conversation.visitor, conversation.organization = visitor, widget.organization
    return conversation


def _begun(widget: WidgetSettings, visitor: WidgetVisitor, *, at: datetime) -> WidgetConversation:
    conversation = WidgetConversation(organization=widget.organization, visitor=visitor, created_at=at)
    conversation.thread_key = WidgetConversation.thread_key_of(widget.public_id, conversation.public_id)
    conversation.save(force_insert=True)
    return conversation


def _consent(widget: WidgetSettings, told: About | PostedAbout, items: list[str], *, at: datetime) -> dict[str, object]:
    """What she agreed to, as it was put to her; empty where she typed nothing or was not asked."""
    if not items or not told.agreed:
        return {}
    language = "en" if told.language == "en" else "ko"
    return {"at": at.isoformat(), "items": items, "months": widget.contact_kept_months, "language": language}


def _language(asked: OpenSession) -> str:
    return asked.language if asked.language in LANGUAGES else ""


def _recognise(visitor: WidgetVisitor, claims: tokens.Claims | None, *, language: str, at: datetime) -> None:
    visitor.last_seen_at, visitor.language = at, language or visitor.language
    if claims:
        visitor.subject, visitor.about = claims.sub, contact.sifted(claims.about())
    visitor.save(update_fields=["last_seen_at", "language", "subject", "about"])


def _announce_proof(conversation: WidgetConversation, claims: tokens.Claims, *, at: datetime) -> None:
    """She chatted first and logged in at the shop then: the agent is told who she is before her next message."""
    about = customer_data(conversation.visitor)
    if not about.keys() - {"name", "external"} or not queries.has_messages(conversation):
        return
    subject = hashlib.sha256(claims.sub.encode()).hexdigest()[:16]
    event_id = f"{conversation.public_id.hex}-proof-{subject}"
    deliver(conversation, [Told("identity.confirmed", event_id, {"method": "visitor_token"})], at=at)


def _checked(text: str, *, may_be_empty: bool = False) -> str:
    said = _cleaned(text)
    if not said and not may_be_empty:
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
