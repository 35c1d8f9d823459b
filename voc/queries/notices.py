"""What a person was told of customers' voices: how many are new, the list, and the sentences behind one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import Person
from accounts.queries import NotFound, organization_for
from tickets.alarm_sources import AlarmNews
from tickets.queries.cursors import read_cursor, write_cursor
from voc.alarm_words import alarm_place, alarm_words
from voc.models import Voice, VoiceAlarm, VoiceNotice, VoiceTopic
from voc.queries.conversations import BAD, NOT_PRAISE
from voc.queries.sentences import SentencePage, shown
from voc.queries.slices import reached

PAGE_SIZE = 30
MOST_COUNTED = 99
NEWEST_TOLD = 3
SENTENCES_SHOWN = 50
# What was told is before the eyes of who opens the board for so long.
RECENT = timedelta(days=7)
RECENT_SHOWN = 4


@dataclass(frozen=True, slots=True)
class NoticePage:
    notices: list[VoiceNotice]
    next_cursor: str = ""


def told_of(notices: QuerySet[VoiceNotice]) -> QuerySet[VoiceNotice]:
    """With what is needed to put them into words."""
    return notices.select_related("alarm__topic", "alarm__center", "alarm__store")


def unread_count_for(person: Person) -> int:
    """How many she has not read, `MOST_COUNTED` + 1 at most. One statement."""
    return len(_of(person).filter(read_at=None).values_list("pk", flat=True)[: MOST_COUNTED + 1])


def newest_unread_for(person: Person) -> list[AlarmNews]:
    """The newest in words, for the bell. One statement."""
    rows = told_of(_of(person).filter(read_at=None)).order_by("-raised_at", "-pk")[:NEWEST_TOLD]
    return [
        AlarmNews(
            notice.public_id,
            reverse("voc:alarm", args=[notice.public_id]),
            " · ".join(part for part in (alarm_words(notice.alarm), alarm_place(notice.alarm)) if part),
        )
        for notice in rows
    ]


def notices_for(person: Person, *, cursor: str = "", size: int = PAGE_SIZE) -> NoticePage:
    """Hers, the newest first."""
    organization_for(person)
    rows = told_of(_of(person)).order_by("-raised_at", "-pk")
    _letter, after = read_cursor(cursor)
    if after is not None:
        at, pk = after
        rows = rows.filter(Q(raised_at__lt=at) | Q(raised_at=at, pk__lt=pk))
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return NoticePage(found[:size], write_cursor("v", last.raised_at, last.pk) if last else "")


def notice_for(person: Person, public_id: UUID) -> VoiceNotice:
    """One of hers. Raises NotFound."""
    notice = told_of(_of(person)).filter(public_id=public_id).first()
    if notice is None:
        raise NotFound
    return notice


def recent_for(person: Person, *, at: datetime) -> list[VoiceNotice]:
    """Her notices of the last days, the unread first. One statement."""
    rows = told_of(_of(person).filter(raised_at__gte=at - RECENT)).order_by("-raised_at", "-pk")
    return sorted(rows[: 5 * RECENT_SHOWN], key=lambda notice: notice.read_at is not None)[:RECENT_SHOWN]


def sentences_behind(person: Person, alarm: VoiceAlarm) -> SentencePage:
    """What the alarm was raised for, within her reach and as she may see it."""
    rows = Voice.objects.filter(reached(person), organization=organization_for(person))
    if alarm.kind == VoiceAlarm.Kind.SEVERE:
        return SentencePage(shown(person, list(rows.filter(pk=alarm.voice_id or 0))))
    topics = VoiceTopic.objects.filter(
        Q(topic=alarm.topic_id) | Q(topic__parent=alarm.topic_id),
        organization=organization_for(person),
        time__gte=alarm.since,
        time__lte=alarm.until,
    )
    if alarm.kind == VoiceAlarm.Kind.STORE:
        topics = topics.filter(BAD, store=alarm.store_id)
    else:
        topics = topics.filter(NOT_PRAISE)
        if alarm.center_id and not alarm.is_of_all:
            topics = topics.filter(center=alarm.center_id)
    newest = rows.filter(pk__in=topics.values("voice"), time__gte=alarm.since, time__lte=alarm.until)
    return SentencePage(shown(person, list(newest.order_by("sentiment", "-time", "-pk")[:SENTENCES_SHOWN])))


def _of(person: Person) -> QuerySet[VoiceNotice]:
    return VoiceNotice.objects.filter(organization=person.organization_id, person=person)
