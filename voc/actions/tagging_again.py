"""Looks at voices again that an earlier tagger, layer or list of topics has tagged. Found by their generation.

A result that differs is a new row over the one before. What a person said stands, whatever a machine thinks now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Organization
from customers.models import Event
from voc.actions.hints import LISTENED_BACK
from voc.actions.listening import settle_generation, tell_threads
from voc.events import announce_counted
from voc.models import Listening, Tagging, Voice
from voc.reading import Reader, Said, reader_of
from voc.rows import COUNTED, rebuild_topics, tagging_of, take_over
from voc.texts import spoken_in

TAGGED_AT_ONCE = 300


def tag_again(organization: Organization, *, at: datetime) -> int:
    """At most `TAGGED_AT_ONCE` voices, the newest first; returns how many. Call again while there are as many."""
    listening = Listening.objects.filter(organization=organization).first()
    if listening is None:
        return 0
    listening = settle_generation(organization)
    reader = reader_of(organization, listening)
    voices = list(_behind(organization, reader).order_by("-pk")[:TAGGED_AT_ONCE])
    if not voices:
        return 0
    said = _said_now(voices, reader)
    with transaction.atomic():
        # A person may have corrected one meanwhile: her row is looked at under the same lock.
        Listening.objects.select_for_update().get(pk=listening.pk)
        _write(organization, voices, said, reader, at=at)
    return len(voices)


def _behind(organization: Organization, reader: Reader) -> QuerySet[Voice]:
    return Voice.objects.filter(organization=organization, generation__lt=reader.generation)


def _said_now(voices: Sequence[Voice], reader: Reader) -> dict[int, Said]:
    """By the voice's key. Each text is read whole, as it was at first: a sentence is understood beside its neighbours."""
    by_event: dict[int, list[Voice]] = defaultdict(list)
    for voice in voices:
        by_event[voice.event_id].append(voice)
    events = Event.objects.filter(pk__in=by_event).only("type", "author", "channel", "text", "data")
    found: dict[int, Said] = {}
    for event in events:
        for spoken in spoken_in(event.type, event.author, event.channel, event.text, event.data):
            sentences = reader.sentences(spoken)
            for voice in by_event[event.pk]:
                if voice.part == spoken.part:
                    said = _nearest(voice, [(one.start, one.end, said) for one, said in sentences])
                    if said is not None:
                        found[voice.pk] = said
    return found


def _nearest(voice: Voice, sentences: Sequence[tuple[int, int, Said]]) -> Said | None:
    """Of the sentence that covers most of the place: another version may part a text elsewhere."""
    covers = [(min(voice.end, end) - max(voice.start, start), -start, said) for start, end, said in sentences]
    best = max(covers, key=lambda one: one[:2], default=None)
    return best[2] if best is not None and best[0] > 0 else None


def _write(
    organization: Organization, voices: Sequence[Voice], said: dict[int, Said], reader: Reader, *, at: datetime
) -> None:
    ids = [voice.pk for voice in voices]
    current = {row.voice_id: row for row in Tagging.objects.filter(voice__in=ids, is_current=True)}
    changed = [
        voice
        for voice in voices
        if voice.pk in said
        and not (voice.pk in current and current[voice.pk].is_by_person)
        and (voice.pk not in current or current[voice.pk].said != said[voice.pk].comparable)
    ]
    Tagging.objects.filter(voice__in=[voice.pk for voice in changed], is_current=True).update(is_current=False)
    Tagging.objects.bulk_create(
        [tagging_of(voice, said[voice.pk], reader, at=at, before=current.get(voice.pk)) for voice in changed]
    )
    for voice in changed:
        take_over(voice, said[voice.pk])
    Voice.objects.bulk_update(changed, COUNTED)
    rebuild_topics(organization, [(voice, said[voice.pk].topics) for voice in changed])
    Voice.objects.filter(pk__in=ids).update(generation=reader.generation)
    # Of what is still talked about, the moods are others too.
    lately = {voice.thread for voice in changed if voice.time >= at - LISTENED_BACK}
    tell_threads(organization, lately - {""}, at=at)
    if changed:
        announce_counted(organization)
