"""The topics that rise most in a span of time, each with a sentence that says why: for mails and the head of the board."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import Organization, Person
from customers.sight import MASKED
from tickets.models import Topic
from voc.chance import change_is_clear, strength_of_rise
from voc.models import VoiceTopic
from voc.queries.conversations import NOT_PRAISE, by_topic, one_of_each
from voc.queries.slices import reached
from voc.words import holds, rising

RISING_SHOWN = 3
FEWEST = 3
TEXTS_READ = 500
# A sentence that can be read in passing, and says something.
SHORTEST, LONGEST = 8, 90


@dataclass(frozen=True, slots=True)
class RisingTopic:
    """`count` conversations now, `before` in as long a time before. `sentence` is one of them, without what identifies
    anybody; "" where all are too short. `url` is a path of the hub. `is_clear` is False where it may be chance."""

    topic: Topic
    count: int
    before: int
    sentence: str
    url: str
    word: str = ""
    is_clear: bool = False


def rising_for(
    organization: Organization, since: datetime, until: datetime, *, person: Person | None = None
) -> list[RisingTopic]:
    """The three topics, or parts of one, said in most more conversations than in as long a time before, what is
    hardly chance first, then the strongest; of praise nothing. With `person`, within her reach. Three statements, and two for each topic."""
    rows = VoiceTopic.objects.filter(NOT_PRAISE, organization=organization)
    if person is not None:
        rows = rows.filter(reached(person))
    return rising_in(rows, organization, since, until)


def rising_in(
    rows: QuerySet[VoiceTopic],
    organization: Organization,
    since: datetime,
    until: datetime,
    *,
    query: Collection[tuple[str, str]] = (),
) -> list[RisingTopic]:
    """The same among rows that somebody has chosen; `query` goes along into the addresses."""
    before = (since - (until - since), since)
    counted = by_topic(rows, [(since, until), before])
    grown = {pk: (now, then) for pk, (now, then) in counted.items() if now >= FEWEST and now > then}
    topics = Topic.objects.filter(organization=organization, merged_into=None).in_bulk(list(grown))
    parents = {pk: topic.parent_id for pk, topic in topics.items()}
    by_strength = sorted(
        topics, key=lambda pk: (not change_is_clear(*grown[pk]), -strength_of_rise(*grown[pk]), topics[pk].slug)
    )
    growth = {pk: now - then for pk, (now, then) in grown.items()}
    strongest = one_of_each(by_strength, parents, growth)[:RISING_SHOWN]
    found = []
    for pk in strongest:
        texts = _texts(rows, pk, since, until)
        word = _word(texts, _texts(rows, pk, *before))
        now, then = grown[pk]
        found.append(
            RisingTopic(
                topic=topics[pk],
                count=now,
                before=then,
                sentence=_telling(texts, word),
                url=_url(topics[pk], organization, since, until, query),
                word=word,
                is_clear=change_is_clear(now, then),
            )
        )
    return found


def _texts(rows: QuerySet[VoiceTopic], topic: int, since: datetime, until: datetime) -> list[str]:
    """What was said of it without names and numbers, the worst and the surest first."""
    said = rows.filter(Q(topic=topic) | Q(topic__parent=topic), time__gte=since, time__lt=until)
    said = said.order_by("sentiment", "-confidence", "-time", "-pk")
    told = said.values_list("voice__text", "customer__name")[:TEXTS_READ]
    # Whoever reads a digest reads it in a mailbox: no place for a customer's name.
    return [MASKED.text(text, [name] if name else ()) for text, name in told]


def _word(texts: list[str], texts_before: list[str]) -> str:
    """The word that rises most; "" where none does."""
    # Of two periods of one length it is the number that counts, not the share among fewer sentences.
    silence = [""] * max(0, len(texts) - len(texts_before))
    words = rising(texts, texts_before + silence, most=1)
    return words[0].word if words else ""


def _telling(texts: list[str], word: str) -> str:
    """One that holds the word that rises, of a length to be read."""
    fitting = [text for text in texts if SHORTEST <= len(text) <= LONGEST]
    with_word = (text for text in fitting if word and holds(text, word))
    return next(with_word, fitting[0] if fitting else "")


def _url(
    topic: Topic, organization: Organization, since: datetime, until: datetime, query: Collection[tuple[str, str]]
) -> str:
    first, last = since.astimezone(organization.zone).date(), until.astimezone(organization.zone)
    # `until` is the midnight after the last day, mostly.
    last_day = last.date() if last.time() != last.time().min else last.date().fromordinal(last.date().toordinal() - 1)
    asked = {"from": first.isoformat(), "to": last_day.isoformat()} | dict(query)
    return f"{reverse('voc:board_topic', args=[topic.public_id])}?{urlencode(asked)}"
