"""Leaves with the tickets what was heard in a conversation: a mood, and a topic to suggest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from accounts.models import Organization
from tickets.actions.hints import HintContent, set_hints
from tickets.models import Hint
from voc.models import Voice
from voc.moods import Word, matter_of, mood_of

# A conversation of yesterday is another one.
LISTENED_BACK = timedelta(days=1)
# Of one thread: the last words of a day.
WORDS_AT_MOST = 60


def leave_hints(organization: Organization, threads: Collection[str], *, at: datetime) -> set[str]:
    """Writes a hint for each of the threads in which something was said; returns those whose mood is another now."""
    since = at - LISTENED_BACK
    hints = [
        HintContent(thread, mood=mood_of(words), spoken_at=words[-1].at, topic=topic, cue=cue)
        for thread, words in _words(organization, threads, since).items()
        for topic, cue in [matter_of(words)]
    ]
    before = dict(Hint.objects.filter(organization=organization, thread__in=threads).values_list("thread", "mood"))
    set_hints(organization, hints)
    return {hint.thread for hint in hints if before.get(hint.thread, Hint.Mood.PLAIN) != hint.mood}


def _words(organization: Organization, threads: Collection[str], since: datetime) -> dict[str, list[Word]]:
    rows = (
        Voice.objects.filter(organization=organization, thread__in=threads, time__gte=since)
        .prefetch_related("topics__topic")
        .only("thread", "time", "text", "sentiment", "severity", "act", "confidence", "event_id", "part", "start")
        .order_by("-time", "-event_id", "-part", "-start")
    )
    found: dict[str, list[Word]] = defaultdict(list)
    for voice in rows[: WORDS_AT_MOST * max(1, len(threads))]:
        topics = tuple(sorted((row.topic.slug, row.sentiment) for row in voice.topics.all()))
        word = Word(voice.time, voice.text, voice.sentiment, voice.severity, topics, voice.act, voice.confidence)
        found[voice.thread].insert(0, word)
    return found
