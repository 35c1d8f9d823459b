"""Which topics to offer when a ticket is resolved: those used most of late, so that the right one is a tap away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from customers.models import Event
from tickets.models import Ticket, Topic
from tickets.queries.hints import hinted_topic
from tickets.topic_cues import Guess, guess_topic

# The last few days of a center: what people ask changes with the season.
TICKETS_READ = 300
OFFERED_AT_ONCE = 6
# What the matter is stands in the first and the last words; a conversation of a thousand is not read for a hint.
MESSAGES_READ = 50


@dataclass(frozen=True, slots=True)
class TopicChoices:
    """`frequent` are shown as buttons, `all` can be searched; pairs of slug and name. `guess` stands among the first."""

    frequent: list[tuple[str, str]]
    all: list[tuple[str, str]]
    guess: Guess | None = None


def topics_for(ticket: Ticket) -> TopicChoices:
    """The ticket's own topic first, then what its words suggest, then by use among the center's last tickets, then in
    their order. What was heard of its words counts; where nobody has listened yet, cues are counted. Five statements.
    """
    topics = Topic.objects.filter(organization_id=ticket.organization_id, is_offered=True).select_related("parent")
    offered = {topic.slug: topic.full_name for topic in topics.order_by("position", "slug")}
    recent = Ticket.objects.standing().filter(organization_id=ticket.organization_id, center=ticket.center_id)
    used = Counter(recent.order_by("-last_event_at", "-pk").values_list("topic", flat=True)[:TICKETS_READ])
    names = {slug: slug for slug in used if slug and not offered} | offered
    if ticket.topic:
        names.setdefault(ticket.topic, ticket.topic)
    guess = None if ticket.topic else hinted_topic(ticket, names) or guess_topic(_said_by_customer(ticket), names)
    first = guess.topic if guess else ticket.topic
    by_use = sorted(names, key=lambda slug: (slug != first, -used[slug]))
    return TopicChoices([(slug, names[slug]) for slug in by_use[:OFFERED_AT_ONCE]], list(names.items()), guess)


def _said_by_customer(ticket: Ticket) -> list[str]:
    """What she wrote, or said on the phone as far as it was written down."""
    events = Event.objects.filter(
        Q(author="customer") | Q(type="call.transcript"),
        organization_id=ticket.organization_id,
        thread=ticket.thread,
        time__gte=ticket.opened_at,
    )
    said = []
    for kind, text, data in events.order_by("-time", "-id").values_list("type", "text", "data")[:MESSAGES_READ]:
        said += _spoken(data) if kind == "call.transcript" else [text]
    return said


def _spoken(data: dict[str, Any]) -> list[str]:
    segments = data.get("segments") or []
    return [str(one.get("text") or "") for one in segments if one.get("speaker") == "customer"]
