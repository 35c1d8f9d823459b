"""What a list and a menu take from those who listen: how the customer feels today, and which topic to suggest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from tickets.models import Hint, Ticket, Topic
from tickets.queries.mentions import Who
from tickets.topic_cues import Guess

# Who was angry the day before yesterday may not be so any more.
MOOD_LASTS = timedelta(hours=24)


def angry_threads(who: Who, *, since: Any) -> QuerySet[Hint, str]:
    """The conversations whose customers have lately spoken in anger, or of what must not wait."""
    rows = Hint.objects.filter(organization_id=who.organization_id, mood__lt=Hint.Mood.PLAIN, spoken_at__gte=since)
    return rows.values_list("thread", flat=True)


def with_mood(tickets: QuerySet[Ticket], *, since: Any) -> QuerySet[Ticket]:
    """Tickets with `mood`, a Hint.Mood: how their customers spoke last, if that was since then."""
    hints = Hint.objects.filter(
        organization_id=OuterRef("organization_id"), thread=OuterRef("thread"), spoken_at__gte=since
    )
    return tickets.annotate(mood=Subquery(hints.values("mood")[:1]))


def hinted_topic(ticket: Ticket, offered: Mapping[str, str]) -> Guess | None:
    """The offered topic that was heard in the ticket: itself, or what it is a part of. Two statements at most."""
    hint = Hint.objects.filter(organization_id=ticket.organization_id, thread=ticket.thread).exclude(topic="").first()
    if hint is None or hint.spoken_at < ticket.opened_at:
        return None
    if hint.topic in offered:
        return Guess(hint.topic, hint.cue)
    topic = Topic.objects.filter(organization_id=ticket.organization_id, slug=hint.topic).select_related("parent")
    parents = [one.parent.slug for one in topic if one.parent is not None]
    return Guess(parents[0], hint.cue) if parents and parents[0] in offered else None
