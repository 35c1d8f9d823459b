"""The list of a visitor's conversations: what each was about last, and what in it she has not seen."""

from __future__ import annotations

from django.db.models import Count, F, OuterRef, Subquery

from channels_app.models.widget import WidgetConversation, WidgetVisitor
from channels_app.widget.payloads import Earlier
from channels_app.widget.queries import conversations_of
from customers.models import Event
from tickets.models import Ticket

# What a person scrolls through; older ones are the shop's to look up.
SHOWN = 30
EXCERPT_CHARACTERS = 80
LISTENED_TO = 5


def own_conversations(visitor: WidgetVisitor) -> list[Earlier]:
    """Hers in which something was said, the newest words first. Two statements, however many there are."""
    conversations = list(conversations_of(visitor)[:SHOWN])
    keys = [conversation.thread_key for conversation in conversations]
    tickets = Ticket.objects.standing().filter(organization=visitor.organization_id, thread__in=keys)
    newest = {ticket.thread: ticket for ticket in tickets.order_by("opened_at", "id")}
    unread = _unread(visitor.organization_id, keys)
    found = [
        Earlier(
            id=conversation.public_id,
            status="resolved" if ticket.status == Ticket.Status.RESOLVED else "open",
            text=ticket.last_text[:EXCERPT_CHARACTERS],
            author=ticket.last_author,
            at=ticket.last_message_at.isoformat(timespec="milliseconds"),
            unread=unread.get(conversation.thread_key, 0),
        )
        for conversation in conversations
        if (ticket := newest.get(conversation.thread_key)) and ticket.last_message_at
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def other_threads(conversation: WidgetConversation) -> list[str]:
    """Those of her other conversations in which an answer may still come: the latest few."""
    others = conversations_of(conversation.visitor).exclude(pk=conversation.pk)
    return list(others.values_list("thread_key", flat=True)[:LISTENED_TO])


def unread_elsewhere(conversation: WidgetConversation) -> int:
    """How many answers she has not seen in her other conversations."""
    others = conversations_of(conversation.visitor).exclude(pk=conversation.pk)
    keys = list(others.values_list("thread_key", flat=True)[:SHOWN])
    return sum(_unread(conversation.organization_id, keys).values()) if keys else 0


def _unread(organization_id: int, keys: list[str]) -> dict[str, int]:
    seen = WidgetConversation.objects.filter(thread_key=OuterRef("thread")).values("visitor_seen_seq")[:1]
    answers = Event.objects.filter(
        organization=organization_id, thread__in=keys, type="chat.message", author__in=("agent", "bot")
    )
    unseen = answers.annotate(seen=Subquery(seen)).filter(thread_seq__gt=F("seen"))
    return dict(unseen.values_list("thread").annotate(n=Count("pk")).values_list("thread", "n"))
