"""Which voices somebody looks at: those within her reach, of a period and a place. Every number and list begins here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Organization, Person
from accounts.queries import organization_for
from tickets.policies import reach_of
from voc.models import Voice, VoiceTopic


@dataclass(frozen=True, slots=True)
class Slice:
    """From `since` until before `until`; keys of rows, None or "" for all. `topic_ids`: any of these."""

    since: datetime
    until: datetime
    channel: str = ""
    center: int | None = None
    store: int | None = None
    product: str = ""
    topic_ids: tuple[int, ...] = ()
    sentiment: int | None = None

    @property
    def before(self) -> Slice:
        """The period of the same length just before."""
        return replace(self, since=self.since - (self.until - self.since), until=self.since)

    @property
    def place(self) -> Q:
        """The condition without the period and the mood."""
        found = Q()
        for name in ("channel", "center", "store", "product"):
            value = getattr(self, name)
            if value not in (None, ""):
                found &= Q(**{name: value})
        return found

    @property
    def mood(self) -> Q:
        return Q() if self.sentiment is None else Q(sentiment=self.sentiment)


def period(organization: Organization, first: date, last: date) -> tuple[datetime, datetime]:
    """The instants between which these days lie in the organization's zone, the last one whole."""
    begin = datetime.combine(first, time.min, tzinfo=organization.zone)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=organization.zone)
    return begin.astimezone(UTC), end.astimezone(UTC)


def reached(person: Person) -> Q:
    """The condition on voices and on what they say of topics: of her centers and stores, and what no center has claimed."""
    reach = reach_of(person)
    if reach is None:
        return Q(pk__in=[])
    return reach.rows


def voices_in(person: Person, chosen: Slice) -> QuerySet[Voice]:
    """With topics, the mood is that of one of these; else that of the sentence."""
    rows = Voice.objects.filter(reached(person), chosen.place, **_within(person, chosen))
    if not chosen.topic_ids:
        return rows.filter(chosen.mood)
    of_topics = VoiceTopic.objects.filter(chosen.mood, topic__in=chosen.topic_ids, **_within(person, chosen))
    return rows.filter(pk__in=of_topics.values("voice"))


def topics_in(person: Person, chosen: Slice) -> QuerySet[VoiceTopic]:
    rows = VoiceTopic.objects.filter(reached(person), chosen.place, chosen.mood, **_within(person, chosen))
    return rows.filter(topic__in=chosen.topic_ids) if chosen.topic_ids else rows


def _within(person: Person, chosen: Slice) -> dict[str, Any]:
    return {
        "organization": organization_for(person),
        "time__gte": chosen.since,
        "time__lt": chosen.until,
    }
