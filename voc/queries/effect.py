"""What became of a topic after an improvement: its share of the conversations and the satisfaction of those who spoke of
it, before and after, with a word on whether the difference may be chance.

As many whole weeks after as before, so that each day of the week counts the same; four at most. Weeks in which it was
being done lie between neither: before ends where customers first met it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from accounts.models import Person
from accounts.queries import organization_for
from customers.models import Event
from voc.chance import Difference, difference
from voc.models import Improvement, Voice, VoiceTopic
from voc.queries.conversations import BAD, count_conversations, count_of_topics, heard_since
from voc.queries.slices import reached

WEEK = timedelta(days=7)
WEEKS_AT_MOST = 4
# An answer to a survey comes days after what it is about.
ANSWERED_WITHIN = timedelta(days=7)
CSAT_GOOD = 4


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, before and after. `difference` is None where the numbers are too few to tell."""

    hits: int
    of: int
    hits_after: int
    of_after: int

    @property
    def before(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def after(self) -> float | None:
        return self.hits_after / self.of_after if self.of_after else None

    @property
    def difference(self) -> Difference | None:
        return difference(self.hits, self.of, self.hits_after, self.of_after)


@dataclass(frozen=True, slots=True)
class Effect:
    """`complaints`: conversations that complain of the topic, of all; `csat`: good answers of those who spoke of it.

    `weeks` is 0 where a whole week has not passed yet; then `ready_on` says when, and both are None.
    """

    weeks: int
    ready_on: date
    complaints: Share | None = None
    csat: Share | None = None
    before_since: date | None = None
    after_until: date | None = None
    by_week: tuple[tuple[date, int], ...] = ()

    @property
    def most_complaints(self) -> float:
        """The larger share: what the bars are measured by."""
        shares = (self.complaints.before, self.complaints.after) if self.complaints else ()
        return max((share for share in shares if share is not None), default=0.0)


def effect_of(person: Person, improvement: Improvement, *, at: datetime) -> Effect | None:
    """None where it is not done, has no topic to be measured by, or nothing was heard before. Within the person's reach. Six statements, and two."""
    if improvement.done_on is None or improvement.topic is None:
        return None
    zone = organization_for(person).zone
    cut = datetime.combine(improvement.done_on, time.min, tzinfo=zone).astimezone(UTC)
    today = datetime.combine(at.astimezone(zone).date(), time.min, tzinfo=zone).astimezone(UTC)
    ready_on = improvement.done_on + WEEK
    first = heard_since(improvement.organization)
    # Weeks in which nobody listened yet are no weeks without complaints.
    heard_before = (cut - first + timedelta(hours=12)) // WEEK if first else 0
    weeks = min(WEEKS_AT_MOST, (today - cut) // WEEK)
    if weeks < 1:
        return Effect(0, ready_on)
    if heard_before < 1:
        return None
    weeks = min(weeks, heard_before)
    before, after = (cut - weeks * WEEK, cut), (cut, cut + weeks * WEEK)
    counts = [_complaints(person, improvement, *span) for span in (before, after)]
    answers = [_csat(person, improvement, *span) for span in (before, after)]
    return Effect(
        weeks,
        ready_on,
        complaints=Share(*counts[0], *counts[1]),
        csat=Share(*answers[0], *answers[1]),
        before_since=before[0].astimezone(zone).date(),
        after_until=(after[1].astimezone(zone) - timedelta(days=1)).date(),
        by_week=tuple(
            (
                (cut + number * WEEK).astimezone(zone).date(),
                _complaints(person, improvement, cut + number * WEEK, cut + (number + 1) * WEEK)[0],
            )
            for number in range(-weeks, weeks)
        ),
    )


def _complaints(person: Person, improvement: Improvement, since: datetime, until: datetime) -> tuple[int, int]:
    within = Q(organization=improvement.organization_id, time__gte=since, time__lt=until)
    if improvement.store_id:
        within &= Q(store=improvement.store_id)
    return (
        count_of_topics(_of_topic(person, improvement).filter(within, BAD)),
        count_conversations(Voice.objects.filter(reached(person), within)),
    )


def _csat(person: Person, improvement: Improvement, since: datetime, until: datetime) -> tuple[int, int]:
    """Good answers, and all, in the conversations that spoke of it, whatever the mood."""
    spoken = _of_topic(person, improvement).filter(time__gte=since, time__lt=until).exclude(voice__thread="")
    if improvement.store_id:
        spoken = spoken.filter(store=improvement.store_id)
    answers = Event.objects.filter(
        organization=improvement.organization_id,
        type="survey.answered",
        thread__in=spoken.values("voice__thread"),
        time__gte=since,
        time__lt=until + ANSWERED_WITHIN,
    )
    scores = [
        int(data["score"])
        for data in answers.values_list("data", flat=True)
        if data.get("survey") == "csat" and isinstance(data.get("score"), int)
    ]
    return sum(score >= CSAT_GOOD for score in scores), len(scores)


def _of_topic(person: Person, improvement: Improvement) -> QuerySet[VoiceTopic]:
    assert improvement.topic is not None
    topic = improvement.topic.standing_id
    rows = VoiceTopic.objects.filter(Q(topic=topic) | Q(topic__parent=topic), organization=improvement.organization_id)
    return rows.filter(reached(person))
