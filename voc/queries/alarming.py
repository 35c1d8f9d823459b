"""What is worth an alarm now: a topic that rises beyond its own usual week, a severe word, several customers with one
trouble within hours in one store. Returns alarms that are not written: whether they were told already is the action's to see.

Counts are of conversations and of customers, never of sentences (docs/voc-board.md has the method in plain words).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from hashlib import sha256
from itertools import groupby

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Center, Organization
from tickets.models import Topic
from voc.chance import has_risen, poisson_tail, usual_week
from voc.models import Voice, VoiceAlarm, VoiceTopic
from voc.queries.conversations import NOT_PRAISE, Span, by_center, by_topic, first_level, heard_since, one_of_each
from voc.words import rising

WEEK = timedelta(days=7)
WEEKS_BEFORE = 8
# One false alarm in two hundred mornings where weeks differ as they usually do: tests/voc/test_chance.py counts them.
ACCEPTED = 0.005
# A topic that goes on rising is told once.
TOLD_AGAIN_AFTER = timedelta(days=14)
# What was said before, an import brings: nobody can still do something at once.
SEVERE_WITHIN = timedelta(hours=24)
# Several customers within so long, in one store, of one topic; and how seldom that is by itself. Looked at with every
# sentence, it comes to about one false alarm a year in a busy store.
TOGETHER_WITHIN = timedelta(hours=4)
TOGETHER_AT_LEAST = 3
TOGETHER_SELDOM = 0.0001
TEXTS_READ = 1_000


def severe_words(organization: Organization, *, at: datetime) -> list[VoiceAlarm]:
    """One for each conversation, kind of severity and day, for its first such sentence."""
    rows = Voice.objects.filter(organization=organization, time__gte=at - SEVERE_WITHIN, time__lte=at)
    found: dict[str, VoiceAlarm] = {}
    for voice in rows.exclude(severity="").order_by("time", "pk"):
        day = voice.time.astimezone(organization.zone).date()
        key = f"severe:{_short(voice.thread or f'#{voice.pk}')}:{voice.severity}:{day}"
        alarm = VoiceAlarm(
            organization=organization,
            kind=VoiceAlarm.Kind.SEVERE,
            key=key,
            severity=voice.severity,
            voice=voice,
            center_id=voice.center_id,
            store_id=voice.store_id,
            since=voice.time,
            until=voice.time,
            raised_at=at,
        )
        found.setdefault(key, alarm)
    return list(found.values())


def troubles_together(organization: Organization, *, at: datetime) -> list[VoiceAlarm]:
    """Several customers who complain of one topic within hours in one store, where that is seldom."""
    rows = _topics(organization).filter(sentiment=-1, store__isnull=False, time__gt=at - TOGETHER_WITHIN, time__lte=at)
    who = Coalesce("customer__merged_into", "customer")
    told = rows.annotate(first=first_level(), who=who).order_by("store", "first")
    found = []
    groups = groupby(told.values_list("store", "first", "who", "voice__thread", "time"), key=lambda row: row[:2])
    for (store, topic), group in groups:
        said = list(group)
        people = {row[2] or row[3] or number for number, row in enumerate(said)}
        if len(people) < TOGETHER_AT_LEAST:
            continue
        usual = _usual_together(organization, store, topic, at)
        if poisson_tail(len(people), usual) >= TOGETHER_SELDOM:
            continue
        times = [row[4] for row in said]
        day = at.astimezone(organization.zone).date()
        found.append(
            VoiceAlarm(
                organization=organization,
                kind=VoiceAlarm.Kind.STORE,
                key=f"store:{store}:{topic}:{day}",
                topic_id=topic,
                store_id=store,
                count=len(people),
                usual=usual,
                since=min(times),
                until=max(times),
                raised_at=at,
            )
        )
    return found


def _usual_together(organization: Organization, store: int, topic: int, at: datetime) -> float:
    """How many customers complain of it there in as long a time, over the weeks before; half a customer is added."""
    since, until = at - WEEK * WEEKS_BEFORE, at - TOGETHER_WITHIN
    rows = _topics(organization).filter(Q(topic=topic) | Q(topic__parent=topic), store=store, sentiment=-1)
    customers = rows.filter(time__gte=since, time__lt=until).values("voice__thread", "customer").distinct().count()
    # A store is open for ten of the twenty-four hours, and that is when all of it happens.
    return (customers + 0.5) / ((until - since) / TOGETHER_WITHIN) * 24 / 10


def rising_topics(organization: Organization, *, at: datetime) -> list[VoiceAlarm]:
    """The topics, and parts of them, whose last seven whole days are beyond their usual week, in all of the organization and
    in each center; not yet written. Those told within TOLD_AGAIN_AFTER are left out."""
    midnight = datetime.combine(at.astimezone(organization.zone).date(), time.min, tzinfo=organization.zone)
    spans = _weeks(midnight, heard_since(organization))
    if len(spans) < 2:
        return []
    everything = _topics(organization).filter(NOT_PRAISE)
    scopes: list[tuple[Center | None, dict[int, list[int]]]] = [(None, by_topic(everything, spans))]
    centers = _centers(organization)
    scopes += [(center, by_topic(everything.filter(center=center), spans)) for center in centers]
    looked_at = sum(len(counted) for _center, counted in scopes)
    parents = dict(Topic.objects.filter(organization=organization).values_list("pk", "parent"))
    return [
        alarm
        for center, counted in scopes
        for alarm in _risen(organization, everything, center, counted, spans, parents, looked_at, at)
        if not _told_lately(organization, alarm.key.rpartition(":")[0], at)
    ]


def _risen(
    organization: Organization,
    everything: QuerySet[VoiceTopic],
    center: Center | None,
    counted: Mapping[int, list[int]],
    spans: Sequence[Span],
    parents: Mapping[int, int | None],
    looked_at: int,
    at: datetime,
) -> list[VoiceAlarm]:
    """In one center, or in all: the topics that have risen, a part rather than its whole."""
    usual = {topic: found for topic, weeks in counted.items() if (found := usual_week(weeks[1:])) is not None}
    risen = [
        topic
        for topic, found in usual.items()
        if has_risen(counted[topic][0], found, looked_at=looked_at, accepted=ACCEPTED)
    ]
    growth = {topic: counted[topic][0] - usual[topic].mean for topic in risen}
    alarms = []
    for topic in one_of_each(risen, parents, growth):
        rows = everything.filter(_of_topic(topic))
        rows = rows.filter(center=center) if center else rows
        count = counted[topic][0]
        alarms.append(
            VoiceAlarm(
                organization=organization,
                kind=VoiceAlarm.Kind.RISE,
                key=f"rise:{topic}:{center.pk if center else 'all'}:{spans[0][1].date()}",
                topic_id=topic,
                # What is of all, and was said in one center, is told with its place.
                center_id=center.pk if center else _where_most(rows, spans[0], count),
                is_of_all=center is None and bool(_centers(organization)),
                count=count,
                usual=usual[topic].mean,
                word=_word_of(rows, spans),
                since=spans[0][0],
                until=spans[0][1],
                raised_at=at,
            )
        )
    return alarms


def _centers(organization: Organization) -> list[Center]:
    """Those that are told apart: none where there is but one."""
    centers = list(Center.objects.filter(organization=organization).order_by("pk"))
    return centers if len(centers) > 1 else []


def _weeks(midnight: datetime, first: datetime | None) -> list[Span]:
    """The last seven days, and the whole weeks before of which everything was heard, the latest first."""
    weeks = [(midnight - WEEK * (number + 1), midnight - WEEK * number) for number in range(WEEKS_BEFORE + 1)]
    return [span for span in weeks if first is not None and span[0] >= first - timedelta(days=1)]


def _told_lately(organization: Organization, scope: str, at: datetime) -> bool:
    told = VoiceAlarm.objects.filter(organization=organization, kind=VoiceAlarm.Kind.RISE, key__startswith=f"{scope}:")
    return told.filter(raised_at__gt=at - TOLD_AGAIN_AFTER).exists()


def _where_most(rows: QuerySet[VoiceTopic], span: Span, count: int) -> int | None:
    """The center in which four fifths of it were said; None where it was said in several."""
    counted = by_center(rows, [span])
    most = max(counted, key=lambda center: counted[center][0], default=None)
    return most if most is not None and counted[most][0] >= 0.8 * count else None


def _word_of(rows: QuerySet[VoiceTopic], spans: Sequence[Span]) -> str:
    """The word that rises most in the first of these spans; "" where none does."""
    texts = [
        list(
            rows.filter(time__gte=since, time__lt=until)
            .order_by("-time", "-pk")
            .values_list("voice__text", flat=True)[:TEXTS_READ]
        )
        for since, until in (spans[0], (spans[-1][0], spans[0][0]))
    ]
    words = rising(texts[0], texts[1], most=1)
    return words[0].word if words else ""


def _of_topic(topic: int | None) -> Q:
    return Q(topic=topic) | Q(topic__parent=topic)


def _topics(organization: Organization) -> QuerySet[VoiceTopic]:
    return VoiceTopic.objects.filter(organization=organization)


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:24]
