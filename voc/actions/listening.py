"""Follows what customers say: each sentence becomes a voice, once, behind the intake. Found from the database's state.

Texts are read and tagged outside of any transaction; what came of them is written in a short one, under the
organization's row, after a look at what another worker may have written meanwhile. Killed anywhere, it begins again
with what nobody has heard.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, QuerySet

from accounts.models import Organization
from customers.models import Event
from tickets.models import Ticket
from voc import tagging
from voc.actions.answers import replaced_among
from voc.actions.hints import LISTENED_BACK, leave_hints
from voc.actions.topics import begin_topics
from voc.events import announce_counted, announce_voices
from voc.models import Heard, Layer, Listening, Tagging, Voice
from voc.queries.fresh import unheard
from voc.reading import Reader, Said, reader_of
from voc.rows import rebuild_topics, tagging_of, take_over
from voc.texts import Spoken, spoken_in

HEARD_AT_ONCE = 200
# Events become visible in another order than that of their keys: what is younger is looked through again. No intake lasts so long.
SETTLED_AFTER = timedelta(minutes=10)
_COLUMNS = (
    *("id", "type", "author", "channel", "text", "data", "time", "thread", "customer_id", "store_id"),
    *("center_id", "store__center_id"),
)


class _Place(NamedTuple):
    """A sentence with where it was said, before it is a row."""

    event: Event
    spoken: Spoken
    sentence: tagging.Sentence
    said: Said


def listen(organization: Organization, *, at: datetime) -> int:
    """Hears what nobody has heard yet, at most `HEARD_AT_ONCE` events; returns how many. Call again while there are as many."""
    listening, _made = Listening.objects.get_or_create(organization=organization)
    found = list(unheard(organization, listening.upto).select_related("store").order_by("pk")[:HEARD_AT_ONCE])
    if not found:
        # Nothing to lock for: this is how nearly every second passes.
        _move_on(organization, listening, found, at=at)
        return 0
    begin_topics(organization, at=at)
    listening = settle_generation(organization)
    reader = reader_of(organization, listening)
    places = [place for event in found for place in _sentences(event, reader)]
    with transaction.atomic():
        # One worker at a time writes for an organization.
        Listening.objects.select_for_update().get(pk=listening.pk)
        known = set(Heard.objects.filter(event__in=[event.pk for event in found]).values_list("event_id", flat=True))
        replaced = replaced_among(organization, found)
        Voice.objects.filter(organization=organization, event__in=replaced).delete()
        written = [place for place in places if place.event.pk not in known | replaced]
        _write(organization, written, reader, at=at)
        Heard.objects.bulk_create(
            [Heard(event=event, organization=organization) for event in found if event.pk not in known]
        )
        if written or replaced:
            announce_counted(organization)
        lately = {place.event.thread for place in written if place.event.time >= at - LISTENED_BACK}
        tell_threads(organization, lately - {""}, at=at)
        _move_on(organization, listening, found, at=at)
    return len(found)


def settle_generation(organization: Organization) -> Listening:
    """Begins another generation where tagger, layer or words are not those of this one."""
    with transaction.atomic():
        listening = Listening.objects.select_for_update().get(organization=organization)
        active = Layer.objects.filter(organization=organization, status=Layer.Status.ACTIVE).first()
        now = (tagging.VERSION, active.pk if active else None, listening.words)
        if now != (listening.version, listening.layer_id, listening.tagged_words):
            listening.version, listening.tagged_words = tagging.VERSION, listening.words
            listening.layer = active
            listening.generation += 1
            listening.save(update_fields=["version", "layer", "tagged_words", "generation"])
        return listening


def tell_threads(organization: Organization, threads: Collection[str], *, at: datetime) -> None:
    """Leaves what was heard in these conversations with the tickets, and tells open pages of it after commit."""
    if threads:
        moved = leave_hints(organization, threads, at=at)
        announce_voices(organization, _tickets_of(organization, threads), moved=moved)


def _tickets_of(organization: Organization, threads: Collection[str]) -> QuerySet[Ticket]:
    return Ticket.objects.shown().filter(organization=organization, thread__in=threads)


def _sentences(event: Event, reader: Reader) -> list[_Place]:
    return [
        _Place(event, spoken, sentence, said)
        for spoken in spoken_in(event.type, event.author, event.channel, event.text, event.data)
        for sentence, said in reader.sentences(spoken)
    ]


def _write(organization: Organization, places: Sequence[_Place], reader: Reader, *, at: datetime) -> None:
    centers = _centers_of_threads(organization, places)
    voices = [_voice(organization, place, reader, centers) for place in places]
    Voice.objects.bulk_create(voices)
    Tagging.objects.bulk_create(
        [tagging_of(voice, place.said, reader, at=at) for voice, place in zip(voices, places, strict=True)]
    )
    rebuild_topics(
        organization, [(voice, place.said.topics) for voice, place in zip(voices, places, strict=True)], is_new=True
    )


def _voice(
    organization: Organization, place: _Place, reader: Reader, centers: dict[str, tuple[int | None, int | None]]
) -> Voice:
    event, sentence = place.event, place.sentence
    center_of_thread, store_of_thread = centers.get(event.thread, (None, None))
    voice = Voice(
        organization=organization,
        event_id=event.pk,
        part=place.spoken.part,
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        language=sentence.language,
        time=event.time,
        channel=place.spoken.channel,
        thread=event.thread,
        customer_id=event.customer_id,
        store_id=event.store_id or store_of_thread,
        center_id=event.center_id or (event.store.center_id if event.store else None) or center_of_thread,
        product=place.spoken.product,
        generation=reader.generation,
    )
    take_over(voice, place.said)
    return voice


def _centers_of_threads(
    organization: Organization, places: Sequence[_Place]
) -> dict[str, tuple[int | None, int | None]]:
    """Center and store of conversations in which something was said that names neither: an answer to a survey, mostly."""
    lacking = {place.event.thread for place in places if place.event.thread and not place.event.center_id}
    rows = Ticket.objects.standing().filter(organization=organization, thread__in=lacking).order_by("opened_at")
    return {thread: (center, store) for thread, center, store in rows.values_list("thread", "center", "store")}


def _move_on(organization: Organization, listening: Listening, found: Sequence[Event], *, at: datetime) -> None:
    settled = Event.objects.filter(organization=organization, pk__gt=listening.upto, recorded_at__lt=at - SETTLED_AFTER)
    if len(found) == HEARD_AT_ONCE:
        settled = settled.filter(pk__lte=found[-1].pk)
    upto = settled.aggregate(last=Max("pk"))["last"]
    if upto is not None:
        Listening.objects.filter(pk=listening.pk, upto__lt=upto).update(upto=upto)
