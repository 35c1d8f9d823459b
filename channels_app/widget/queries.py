"""What a visitor may read: her own conversation, without notes and without anything of other channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts import policies
from accounts.models import Organization, Person
from accounts.opening import is_open, next_opening
from accounts.queries import NotFound, organization_for, schedule_at
from channels_app.models.widget import WidgetConversation, WidgetSettings, WidgetVisitor
from channels_app.widget import tokens
from channels_app.widget.payloads import Credentials, File, Message, Page, State, WidgetRefusal
from channels_app.widget.ratings import rating_of
from customers.models import Event
from cxhub.prepared import Prepared, Told
from tickets.lines import is_key, plain_id
from tickets.models import Ticket, Topic
from tickets.queries.routing import place_in_queue

# What fits on some screens; a longer absence is fetched in several pages, each with its `upto`.
PAGE_SIZE = 200
# Who comes back after a week was not asked in time. As long as a word of hers would reopen the ticket.
SURVEY_OPEN_FOR = timedelta(days=7)
_VISIBLE_AUTHORS = frozenset({"customer", "agent", "bot"})
# A chat may go on by mail: what she wrote there stands in the same conversation.
_VISIBLE_TYPES = frozenset({"chat.message", "mail.message"})

# Each message asks these: once whether it is there already, and once what is new for whoever is listening.
_AFTER = Prepared(
    lambda: (
        Event.objects.filter(
            organization_id=Told("organization_id"), thread=Told("thread"), thread_seq__gt=Told("after")
        )
        .order_by("thread_seq")
        .values_list(
            "thread_seq",
            "type",
            "author",
            "agent_email",
            "text",
            "time",
            "event_id",
            "data__quote",
            "data__attachments",
        )[: PAGE_SIZE + 1]
    )
)
# `thread_seq` and no order: otherwise SQLite walks an index of the whole organization.
_STORED = Prepared(
    lambda: Event.objects.filter(
        organization_id=Told("organization_id"), thread=Told("thread"), thread_seq__gt=0, event_id=Told("event_id")
    ).values_list("thread_seq", "public_id", "data__score")[:1]
)
_BEFORE_SAYING = Prepared(
    lambda: (
        WidgetConversation.objects.filter(pk=Told("conversation_id"))
        .annotate(
            stored=Subquery(
                Event.objects.filter(
                    organization_id=Told("organization_id"),
                    thread=Told("thread"),
                    thread_seq__gt=0,
                    event_id=Told("event_id"),
                ).values("thread_seq")[:1]
            )
        )
        .values_list("stored", "topic", "visitor__subject", "visitor__about")
    )
)
_NEWEST_TICKET = Prepared(
    lambda: (
        Ticket.objects.standing()
        .filter(organization_id=Told("organization_id"), thread=Told("thread"))
        .order_by("-opened_at", "-id")
        .annotate(
            seen=Subquery(
                WidgetConversation.objects.filter(thread_key=OuterRef("thread")).values("agents_seen_seq")[:1]
            )
        )
        .values_list("pk", "status", "agent_email", "center_id", "waiting_since", "seen", "resolved_at", "public_id")[
            :1
        ]
    )
)
_NAMES = Prepared(
    lambda: Person.objects.filter(organization_id=Told("organization_id"), email__any_of=Told("emails")).values_list(
        "email", "name"
    )
)


def widgets_for(person: Person) -> QuerySet[WidgetSettings]:
    """The widgets of the centers she reaches, by name."""
    widgets = WidgetSettings.objects.filter(
        organization=organization_for(person), center__in=policies.centers_reached(person)
    )
    return widgets.select_related("center", "organization").order_by("name", "pk")


def widget_for(person: Person, public_id: UUID) -> WidgetSettings:
    """Returns one of widgets_for. Raises NotFound."""
    widget = widgets_for(person).filter(public_id=public_id).first()
    if widget is None:
        raise NotFound
    return widget


def shop_widget(organization_slug: str) -> tuple[Organization, WidgetSettings | None] | None:
    """Returns the organization of the demo shop's page and its first widget; None where there is no such shop."""
    organization = Organization.objects.filter(slug=organization_slug).first()
    if organization is None:
        return None
    return organization, WidgetSettings.objects.filter(organization=organization, is_active=True).order_by("pk").first()


def active_widget(public_id: UUID) -> WidgetSettings | None:
    """Returns the widget with its center and organization, if it is switched on."""
    widgets = WidgetSettings.objects.select_related("center", "organization")
    return widgets.filter(public_id=public_id, is_active=True).first()


def visitor_with(widget: WidgetSettings, public_id: UUID | None, secret: str) -> WidgetVisitor | None:
    """Returns the widget's visitor if the secret is hers."""
    if public_id is None or not secret:
        return None
    visitor = WidgetVisitor.objects.filter(widget=widget, public_id=public_id).first()
    return visitor if visitor and tokens.is_secret_of(secret, visitor.secret_hash) else None


def conversation_for(widget: WidgetSettings, credentials: Credentials) -> WidgetConversation:
    """Returns the visitor's conversation with its visitor, widget and organization loaded.

    Raises WidgetRefusal "unknown_visitor" alike for a wrong visitor, secret and conversation.
    """
    visitor = visitor_with(widget, credentials.visitor, credentials.secret)
    conversation = visitor and conversations_of(visitor).filter(public_id=credentials.conversation).first()
    if not visitor or not conversation:
        raise WidgetRefusal("unknown_visitor", "No such conversation, or not with this secret.", status=403)
    conversation.visitor, visitor.widget = visitor, widget
    conversation.organization = widget.organization
    return conversation


def conversations_of(visitor: WidgetVisitor) -> QuerySet[WidgetConversation]:
    """Hers, the newest first. Whom her shop has proven has those of her other browsers as well."""
    is_hers = Q(visitor=visitor)
    if visitor.is_verified:
        is_hers |= Q(visitor__widget=visitor.widget_id, visitor__subject=visitor.subject)
    return WidgetConversation.objects.filter(is_hers).order_by("-created_at", "-id")


@dataclass(frozen=True)
class News:
    page: Page
    state: State


def news_after(conversation: WidgetConversation, after: int) -> News:
    return News(page_after(conversation, after), state_of(conversation))


def page_after(conversation: WidgetConversation, after: int) -> Page:
    """Returns what she may see of the events numbered above `after`, growing, at most PAGE_SIZE events at once."""
    rows = _AFTER(organization_id=conversation.organization_id, thread=conversation.thread_key, after=after)
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    # A note has an author and a text as well: the type decides.
    visible = [row for row in rows if row[1] in _VISIBLE_TYPES and row[2] in _VISIBLE_AUTHORS]
    names = _names_of({row[3] for row in visible if row[2] == "agent"}, conversation.organization)
    prefix = f"{conversation.public_id.hex}-"
    items = [
        Message(
            seq=seq or 0,
            id=event_id.removeprefix(prefix),
            author=author,
            name=names.get(agent_email, "") if author == "agent" else "",
            text=text,
            at=time.isoformat(timespec="milliseconds"),
            quote=str(quote.get("text", "")) if isinstance(quote, dict) else "",
            attachments=_files(attachments),
        )
        for seq, _type, author, agent_email, text, time, event_id, quote, attachments in visible
    ]
    return Page(items=items, upto=(rows[-1][0] or 0) if rows else after, more=more)


def _files(told: object) -> list[File]:
    """Those that the hub keeps."""
    items = [item for item in told if isinstance(item, dict)] if isinstance(told, list) else []
    kept = [item for item in items if is_key(plain_id(item.get("id")))]
    return [
        File(item["id"], str(item.get("name", "")), str(item.get("media_type", "")), int(item.get("bytes") or 0))
        for item in kept
    ]


def state_of(conversation: WidgetConversation) -> State:
    """Returns whether somebody is looking after the conversation, in the words of the protocol.

    Who waits is told her place, and out of hours when people are back.
    """
    organization = conversation.organization
    ticket = _NEWEST_TICKET.first(organization_id=organization.pk, thread=conversation.thread_key)
    if ticket is None:
        return _open_or_not(conversation, State("none"))
    key, status, agent_email, center_id, waiting_since, seen, resolved_at, public_id = ticket
    if status != Ticket.Status.OPEN:
        return _open_or_not(conversation, _ended(conversation, public_id, resolved_at, seen=seen))
    if agent_email:
        return State("assigned", _names_of({agent_email}, organization).get(agent_email, ""), seen=seen)
    place = place_in_queue(organization.pk, center_id, waiting_since, key) if waiting_since else 0
    return _open_or_not(conversation, State("waiting", place=place, seen=seen))


def _open_or_not(conversation: WidgetConversation, state: State) -> State:
    center, at = conversation.visitor.widget.center, timezone.now()
    schedule = schedule_at(center, at)
    zone = conversation.organization.zone
    if schedule is None or is_open(schedule.hours, schedule.holidays, at, zone):
        return state
    opens = next_opening(schedule.hours, schedule.holidays, at, zone)
    return msgspec.structs.replace(state, closed=True, opens=opens.isoformat() if opens else "")


def _ended(conversation: WidgetConversation, ticket_id: UUID, resolved_at: datetime | None, *, seen: int) -> State:
    """What she may be asked about, or what she has answered and may change still."""
    rating = rating_of(conversation, ticket_id)
    if rating is None:
        survey = ticket_id.hex if is_to_be_asked(conversation, resolved_at) else ""
        return State("resolved", seen=seen, survey=survey)
    rated = ticket_id.hex if rating.is_changeable(timezone.now()) else ""
    return State("resolved", seen=seen, score=rating.score, comment=rating.comment, rated=rated)


def is_to_be_asked(conversation: WidgetConversation, resolved_at: datetime | None) -> bool:
    """Where she has not answered yet."""
    is_late = resolved_at is None or timezone.now() - resolved_at >= SURVEY_OPEN_FOR
    return conversation.visitor.widget.asks_satisfaction and not is_late


def asked_about(conversation: WidgetConversation) -> tuple[UUID, str] | None:
    """The ticket whose end she may be asked about now and its agent's mail address; None where there is none."""
    ticket = _NEWEST_TICKET.first(organization_id=conversation.organization_id, thread=conversation.thread_key)
    if ticket is None or ticket[1] == Ticket.Status.OPEN:
        return None
    _key, _status, agent_email, _center, _waiting, _seen, resolved_at, public_id = ticket
    is_asked = is_to_be_asked(conversation, resolved_at) and rating_of(conversation, public_id) is None
    return (public_id, agent_email) if is_asked else None


def survey_sent_id(ticket_id: UUID) -> str:
    """The one id that a ticket's question has, whoever sends it and however often."""
    return f"{ticket_id.hex}-csat-sent"


def topics_offered(organization_id: int) -> dict[str, str]:
    """What she may say it is about: slug → name, in their order."""
    topics = Topic.objects.filter(organization_id=organization_id, is_offered=True).order_by("position", "slug")
    return dict(topics.values_list("slug", "name"))


def ticket_of(conversation: WidgetConversation) -> UUID | None:
    """The public id of the conversation's latest ticket."""
    ticket = _NEWEST_TICKET.first(organization_id=conversation.organization_id, thread=conversation.thread_key)
    return ticket[-1] if ticket else None


def stored_message(conversation: WidgetConversation, event_id: str) -> tuple[int, UUID] | None:
    """Returns sequence number and public id of a message that is already there.

    Asked by thread and not by source: the source follows the widget's center, which may change between two resends.
    And brings up to date what is known of her: a socket lives for hours, a form is sent beside it.
    """
    found = _BEFORE_SAYING.first(
        conversation_id=conversation.pk,
        organization_id=conversation.organization_id,
        thread=conversation.thread_key,
        event_id=event_id,
    )
    if found is None:
        return None
    stored, conversation.topic, conversation.visitor.subject, conversation.visitor.about = found
    if stored is None:
        return None
    row = _stored(conversation, event_id)
    return (row[0] or 0, row[1]) if row else None


def is_stored(conversation: WidgetConversation, event_id: str) -> bool:
    return _stored(conversation, event_id) is not None


def _stored(conversation: WidgetConversation, event_id: str) -> tuple[int | None, UUID, Any] | None:
    return _STORED.first(
        organization_id=conversation.organization_id, thread=conversation.thread_key, event_id=event_id
    )


def has_messages(conversation: WidgetConversation) -> bool:
    return Event.objects.filter(organization_id=conversation.organization_id, thread=conversation.thread_key).exists()


def _names_of(emails: set[str], organization: Organization) -> dict[str, str]:
    return dict(_NAMES(organization_id=organization.pk, emails=emails)) if emails else {}
