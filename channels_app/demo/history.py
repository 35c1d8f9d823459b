"""The whole history of the invented shop as one ordered stream of envelopes: a function of seed, size and present."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from random import Random

from channels_app.demo import sales, surveys
from channels_app.demo.consents import consents, consents_of_the_heroine
from channels_app.demo.contacts import Contacts
from channels_app.demo.envelopes import Envelope, envelope, time_of
from channels_app.demo.hours import SEOUL
from channels_app.demo.people import Customer, make_customers
from channels_app.demo.reviews import reviews
from channels_app.demo.sales import Sale
from channels_app.demo.stirs import stirs
from channels_app.demo.stories import coat, danger, identities, present
from channels_app.demo.stories.tale import Cast

DAYS = 60
SEED = 20261122
CUSTOMERS = 2000
# Fewer, and some part of a story finds nobody to play it.
FEWEST_CUSTOMERS = 150


def chance_of(seed: int, part: str) -> Random:
    """A stream of chance of its own for each part, so that changing one leaves the others as they were."""
    return Random(f"{seed}:{part}")  # noqa: S311 - a demo, not a secret


def people_of(seed: int, customers: int = CUSTOMERS) -> list[Customer]:
    """The customers of that history, the heroine first."""
    return make_customers(chance_of(seed, "people"), customers)


def generate(seed: int, now: datetime, *, customers: int = CUSTOMERS) -> Iterator[Envelope]:
    """Yields the envelopes of the sixty days up to `now`, by time; the same for the same arguments, wherever it runs.

    Conversations that are not over yet end where the present cuts them. Raises ValueError for fewer customers than
    FEWEST_CUSTOMERS or a `now` without a zone.
    """
    if customers < FEWEST_CUSTOMERS:
        raise ValueError(f"The demo needs at least {FEWEST_CUSTOMERS} customers.")
    if now.tzinfo is None:
        raise ValueError("The present needs a time zone.")
    now = now.astimezone(SEOUL).replace(microsecond=0)
    days = [now.date() - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]

    def chance(part: str) -> Random:
        return chance_of(seed, part)

    people = people_of(seed, customers)
    sold = sales.make_sales(chance("sales"), people, days, now)
    events = [sale.to_event() for sale in sold]
    events += sales.chance_refunds(chance("refunds"), sold, now)
    events += sales.visits(chance("visits"), sold)
    events += consents(chance("consents"), sold)
    events += consents_of_the_heroine(now)
    for thread in _conversations(chance("contacts"), sold, people, days, now):
        events += _until(now, thread)
    for thread in stirs(chance("stirs"), people, days, now):
        events += _until(now, thread)
    events += _recommendations(chance("nps"), sold, now)
    events += reviews(chance("reviews"), sold, now)
    cast = Cast(chance("stories"), people)
    for story in (coat.tell(now), present.tell(cast, now), identities.tell(cast, now), danger.tell(cast, now)):
        events += story
    first = now - timedelta(days=DAYS)
    within = [event for event in _once(events) if first <= time_of(event) <= now]
    yield from sorted(within, key=lambda event: (event["time"], event["source"], event["id"]))


def _conversations(
    rng: Random, sold: list[Sale], people: list[Customer], days: list[date], now: datetime
) -> Iterator[list[Envelope]]:
    contacts = Contacts(rng, now)
    return chain(contacts.after_sales(sold), contacts.fresh(people, days), contacts.missed_calls(people, days))


def _until(now: datetime, thread: list[Envelope]) -> list[Envelope]:
    """A conversation as far as it has come. A call on the line at this moment is left out: it would ring for ever."""
    told = [event for event in thread if time_of(event) <= now]
    is_on_the_line = told and told[0]["type"] == "call.queued" and told[-1]["type"] in {"call.queued", "call.answered"}
    return [] if is_on_the_line else told


def _once(events: list[Envelope]) -> Iterator[Envelope]:
    """Drops a second event of the same id: one sale is refunded once, whoever asked for it."""
    seen: set[tuple[str, str]] = set()
    for event in events:
        key = (event["source"], event["id"])
        if key not in seen:
            seen.add(key)
            yield event


def _recommendations(rng: Random, sold: list[Sale], now: datetime) -> Iterator[Envelope]:
    """One member sale in twelve is followed, three days on, by the question whether she would recommend the shop."""
    for sale in sold:
        if sale.who is None or not sale.who.member_no or rng.random() > 1 / 12:
            continue
        asked_at = sale.at + timedelta(days=3)
        data = {"customer": sale.who.by_phone(), "survey": "nps"}
        source = f"/{sale.who.center}/survey"
        yield from _cut(now, envelope(source, f"{sale.receipt_no}-nps", "survey.sent", asked_at, data))
        if rng.random() < 0.3:
            score = surveys.nps_score(rng)
            comment = surveys.nps_comment(rng, score)
            answer = data | {"score": score} | ({"comment": comment} if comment else {})
            answered_at = asked_at + timedelta(minutes=rng.randint(2, 2000))
            yield from _cut(now, envelope(source, f"{sale.receipt_no}-nps-a", "survey.answered", answered_at, answer))


def _cut(now: datetime, event: Envelope) -> Iterator[Envelope]:
    if time_of(event) <= now:
        yield event
