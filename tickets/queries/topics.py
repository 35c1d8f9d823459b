"""Which topics to offer when a ticket is resolved: those used most of late, so that the right one is a tap away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tickets.models import Ticket, Topic

# The last few days of a center: what people ask changes with the season.
TICKETS_READ = 300
OFFERED_AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class TopicChoices:
    """`frequent` are shown as buttons, `all` can be searched; pairs of slug and name."""

    frequent: list[tuple[str, str]]
    all: list[tuple[str, str]]


def topics_for(ticket: Ticket) -> TopicChoices:
    """The ticket's own topic first, then by use among the center's last tickets, then in their order. Two statements."""
    offered = dict(
        Topic.objects.filter(organization_id=ticket.organization_id, is_offered=True)
        .order_by("position", "slug")
        .values_list("slug", "name")
    )
    recent = Ticket.objects.standing().filter(organization_id=ticket.organization_id, center=ticket.center_id)
    used = Counter(recent.order_by("-last_event_at", "-pk").values_list("topic", flat=True)[:TICKETS_READ])
    names = {slug: slug for slug in used if slug and not offered} | offered
    if ticket.topic:
        names.setdefault(ticket.topic, ticket.topic)
    by_use = sorted(names, key=lambda slug: (slug != ticket.topic, -used[slug]))
    return TopicChoices([(slug, names[slug]) for slug in by_use[:OFFERED_AT_ONCE]], list(names.items()))
