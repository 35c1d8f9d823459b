"""The sentences behind a number, as a screen shows them: who said it, where, what came before and after, one click away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import Organization, Person
from accounts.queries import NotFound, organization_for
from customers.models import Event
from customers.policies import sight_of
from customers.queries.profiles import profiles_of
from tickets.queries import tickets_holding
from tickets.queries.cursors import read_cursor, write_cursor
from voc.models import Voice
from voc.queries.callers import callers_of
from voc.queries.marks import Mark, ShownTopic, mark_of
from voc.queries.slices import Slice, reached, voices_in
from voc.tagging import scrub
from voc.texts import spoken_in
from voc.words import holds

PAGE_SIZE = 30
# A word is looked for in so many of the newest.
SEARCHED = 2_000


@dataclass(frozen=True, slots=True)
class ShownVoice:
    """`before` and `after` are her words around it. `url` leads to where she said it; "" where that is nowhere to see."""

    voice: Voice
    text: str
    before: str
    after: str
    topics: tuple[ShownTopic, ...]
    customer_id: UUID | None
    customer_name: str
    place: str  # a store's or center's name, or a product's
    url: str

    @property
    def public_id(self) -> UUID:
        return self.voice.public_id

    @property
    def mark(self) -> Mark:
        """As partials/mark.html draws it."""
        return mark_of(self.voice)

    @property
    def time(self) -> datetime:
        return self.voice.time


@dataclass(frozen=True, slots=True)
class SentencePage:
    voices: list[ShownVoice]
    next_cursor: str = ""

    @property
    def customer_ids(self) -> list[UUID]:
        """Whose words were shown: for the audit trail."""
        return list(dict.fromkeys(one.customer_id for one in self.voices if one.customer_id is not None))


def sentences_of(
    person: Person, chosen: Slice, *, word: str = "", is_severe: bool = False, cursor: str = "", size: int = PAGE_SIZE
) -> SentencePage:
    """A page of them, newest first. With a `sentiment` and topics in `chosen`, those that say so of one of these topics.

    Nine statements at most.
    """
    rows = voices_in(person, chosen)
    if is_severe:
        rows = rows.exclude(severity="")
    _letter, after = read_cursor(cursor)
    if after is not None:
        at, pk = after
        rows = rows.filter(time__lte=at).filter(Q(time__lt=at) | Q(pk__lt=pk))
    rows = rows.order_by("-time", "-pk")
    found = [one for one in rows[:SEARCHED] if holds(one.text, word)][: size + 1] if word else list(rows[: size + 1])
    end = write_cursor("v", found[size - 1].time, found[size - 1].pk) if len(found) > size else ""
    return SentencePage(shown(person, found[:size]), end)


def voice_for(person: Person, public_id: UUID) -> Voice:
    """One voice within her reach. Raises NotFound."""
    rows = Voice.objects.filter(reached(person), organization=organization_for(person), public_id=public_id)
    voice = rows.select_related("organization", "customer").first()
    if voice is None:
        raise NotFound
    return voice


def shown(person: Person, voices: Sequence[Voice]) -> list[ShownVoice]:
    """As the person may see them. Eight statements at most."""
    if not voices:
        return []
    organization = organization_for(person)
    sight = sight_of(person)
    rows = _whole(organization, [voice.pk for voice in voices])
    events = {row.event_id: row.event for row in rows.values()}
    tickets = tickets_holding(organization, list(events.values()))
    root_of = _roots_of(organization, rows.values())
    profiles = profiles_of(organization, list(set(root_of.values())), sight=sight)
    found = []
    for voice in voices:
        row = rows[voice.pk]
        profile = profiles.get(root_of[row.pk]) if row.pk in root_of else None
        names = profile.raw_names if profile is not None and sight.is_masked else ()
        before, after = _around(row)
        found.append(
            ShownVoice(
                voice=row,
                text=sight.text(row.text, names),
                before=sight.text(before, names),
                after=sight.text(after, names),
                topics=tuple(ShownTopic(one.topic, one.sentiment) for one in row.topics.all()),
                customer_id=profile.public_id if profile else None,
                customer_name=profile.name if profile else "",
                place=_place(row),
                url=_url(row.event, tickets.get(row.event_id), profile.public_id if profile else None),
            )
        )
    return found


def _roots_of(organization: Organization, voices: Collection[Voice]) -> dict[int, int]:
    """Voice → the root of the customer whose words they are, where she is known."""
    known = {voice.pk: voice.customer.root_id for voice in voices if voice.customer is not None}
    nobodys = {voice.pk: voice.thread for voice in voices if voice.customer is None and voice.thread}
    callers = callers_of(organization, set(nobodys.values())) if nobodys else {}
    return known | {pk: callers[thread] for pk, thread in nobodys.items() if thread in callers}


def _whole(organization: Organization, ids: Collection[int]) -> dict[int, Voice]:
    rows: QuerySet[Voice] = Voice.objects.filter(organization=organization, pk__in=ids)
    rows = rows.select_related("customer", "store", "center", "event").prefetch_related("topics__topic__parent")
    return {row.pk: row for row in rows}


def _around(voice: Voice) -> tuple[str, str]:
    """What she said in the same breath, before and after; without numbers that identify somebody."""
    event: Event = voice.event
    for spoken in spoken_in(event.type, event.author, event.channel, event.text, event.data):
        if spoken.part == voice.part:
            text = scrub(spoken.text)
            return text[max(0, voice.start - 200) : voice.start].strip(), text[voice.end : voice.end + 200].strip()
    return "", ""


def _place(voice: Voice) -> str:
    parts = [voice.store.name if voice.store else voice.center.name if voice.center else "", voice.product]
    return " · ".join(part for part in parts if part)


def _url(event: Event, ticket: UUID | None, customer: UUID | None) -> str:
    if ticket is not None:
        return f"{reverse('tickets:detail', args=[ticket])}?message={event.public_id.hex}"
    if customer is not None:
        return f"{reverse('customers:detail', args=[customer])}#e-{event.public_id.hex}"
    return ""
