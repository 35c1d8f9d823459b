"""Who turns to the shop in these sixty days, when, by which channel, and what comes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from channels_app.demo import calls, counter, written
from channels_app.demo.catalogue import pick_piece
from channels_app.demo.dialogues import Dialogue, dialogues_for
from channels_app.demo.envelopes import Envelope
from channels_app.demo.hours import SEOUL, at_clock, next_open, store_is_open
from channels_app.demo.organization import STORES, center_plan
from channels_app.demo.people import WEB_ACCOUNT, Customer
from channels_app.demo.sales import Sale, refund_event, shop_time
from channels_app.demo.scenes import Encounter, Played
from channels_app.demo.wording import Matter

_TOPIC_WEIGHTS = {
    "delivery": 22,
    "exchange": 20,
    "product": 15,
    "stock": 10,
    "points": 10,
    "refund": 8,
    "payment": 7,
    "store": 7,
    "praise": 6,
    "etc": 2,
}
_PREFIXES = {"chat": "ch", "message": "ka", "call": "ca", "mail": "ma", "counter": "st"}
# In Busan a change of carrier goes badly from some days ago on: something for the VOC board to find.
_TROUBLE_DAYS = 16
_CONTACT_SHARE = 0.155
_FRESH_A_DAY = 7.0
_FOLLOW_SHARE = 0.22
_LOGGED_OUT_SHARE = 0.2
_WITHHELD_SHARE = 0.2


class Contacts:
    """All conversations, each with a thread of its own. Yields events as far as they go; the caller cuts at now."""

    def __init__(self, rng: Random, now: datetime) -> None:
        self.rng = rng
        self.now = now
        self._numbers: Counter[str] = Counter()

    def after_sales(self, sold: list[Sale]) -> Iterator[list[Envelope]]:
        """One known sale in six or seven brings its buyer back with a word about it."""
        for sale in sold:
            if sale.who is None or self.rng.random() > _CONTACT_SHARE:
                continue
            hours_later = self.rng.lognormvariate(4.2, 1.0)
            yield from self._come(sale.who, sale, sale.at + timedelta(hours=min(hours_later, 330)))

    def fresh(self, customers: list[Customer], days: list[date]) -> Iterator[list[Envelope]]:
        """Some ask before they buy; those whom only a browser or a messenger knows come at least once."""
        unseen = [one for one in customers if not one.zeal and one.number]
        scale = len(customers) / 2000
        for one in unseen:
            yield from self._come(one, None, self._any_moment(self.rng.choice(days)))
        for day in days:
            for _ in range(round(_FRESH_A_DAY * scale * self.rng.uniform(0.5, 1.5))):
                yield from self._come(self.rng.choice(customers[1:]), None, self._any_moment(day))

    def missed_calls(self, customers: list[Customer], days: list[date]) -> Iterator[list[Envelope]]:
        """Callers who gave up, some of them with their number withheld or hidden behind a safe number."""
        with_phone = [one for one in customers[1:] if one.phone]
        dialogue = dialogues_for("call")[0]
        for day in days:
            for _ in range(self.rng.choices((0, 1, 2, 3), (3, 4, 2, 1))[0]):
                who = self.rng.choice(with_phone)
                at = self._any_moment(day)
                encounter = self._encounter(who, "call", at, self._wish(), dialogue)
                if self.rng.random() < _WITHHELD_SHARE:
                    encounter = replace(encounter, shown={}, who=replace(who, phone=""))
                yield calls.play_missed(self.rng, encounter).events

    def _come(self, who: Customer, sale: Sale | None, at: datetime) -> Iterator[list[Envelope]]:
        channel = self._channel(who, sale)
        at = self._suitable(channel, who, at)
        if at > self.now:
            return
        matter = _matter_of(sale) if sale else self._wish()
        dialogue = self._dialogue(channel, who, matter, at)
        played = self._play(self._encounter(who, channel, at, matter, dialogue))
        yield played.events
        if sale and dialogue.leads_to_refund:
            yield from self._refund(sale, played.over_at)
        if sale and dialogue.mood in {"bad", "angry"} and self.rng.random() < _FOLLOW_SHARE:
            yield from self._come_again(who, matter, dialogue.topic, channel, played.over_at)

    def _come_again(
        self, who: Customer, matter: Matter, topic: str, last_channel: str, over_at: datetime
    ) -> Iterator[list[Envelope]]:
        """It was not solved: she tries once more, rather by another channel."""
        channels = [one for one in ("call", "chat", "message") if one in _channels_of(who)]
        channel = self.rng.choice([one for one in channels if one != last_channel] or channels or [""])
        courses = [one for one in dialogues_for(channel) if one.is_follow and one.topic == topic] if channel else []
        if not courses:
            return
        at = self._suitable(channel, who, over_at + timedelta(hours=self.rng.uniform(16, 110)))
        yield self._play(self._encounter(who, channel, at, matter, self.rng.choice(courses))).events

    def _play(self, encounter: Encounter) -> Played:
        if encounter.channel == "call":
            return calls.play_call(self.rng, encounter)
        if encounter.channel == "counter":
            return counter.play_inquiry(self.rng, encounter)
        return written.play_written(self.rng, encounter)

    def _refund(self, sale: Sale, after: datetime) -> Iterator[list[Envelope]]:
        at = shop_time(self.rng, after.astimezone(SEOUL).date() + timedelta(days=self.rng.randint(1, 3)))
        if (at - sale.at).days < 30:
            yield [refund_event(sale, at)]

    def _encounter(self, who: Customer, channel: str, at: datetime, matter: Matter, dialogue: Dialogue) -> Encounter:
        prefix = f"{_PREFIXES[channel]}-{at.astimezone(SEOUL):%y%m%d}"
        self._numbers[prefix] += 1
        shown, later = self._shown(channel, who)
        return Encounter(who, shown, channel, f"{prefix}-{self._numbers[prefix]:04d}", at, matter, dialogue, later)

    def _channel(self, who: Customer, sale: Sale | None) -> str:
        ways = _channels_of(who)
        if sale is None:
            ways.pop("counter", None)
        return self.rng.choices(list(ways), list(ways.values()))[0]

    def _shown(self, channel: str, who: Customer) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """What the channel knows of her, at first and (if that is more) later."""
        if channel == "chat":
            return self._shown_on_web(who)
        known = {"call": who.by_phone, "mail": who.by_mail, "counter": who.at_till, "message": who.by_kakao}
        return known[channel](), None

    def _shown_on_web(self, who: Customer) -> tuple[dict[str, Any], dict[str, Any] | None]:
        if who.phone and not who.member_no:
            return who.on_web_claiming(), None
        if not who.member_no or self.rng.random() > _LOGGED_OUT_SHARE:
            return who.on_web(), None
        # The browser alone speaks for her; half of the time she logs in when that is asked.
        return {"external": {WEB_ACCOUNT: who.visitor}}, who.on_web() if self.rng.random() < 0.5 else None

    def _dialogue(self, channel: str, who: Customer, matter: Matter, at: datetime) -> Dialogue:
        owned_days = (at - matter.bought_at).total_seconds() / 86_400 if matter.bought_at else -1
        courses = [
            one
            for one in dialogues_for(channel)
            if not one.is_follow and one.suits(matter.piece) and (one.is_fresh or owned_days >= one.after_days)
        ]
        in_trouble = who.center == "busan" and self.now - at < timedelta(days=_TROUBLE_DAYS)
        sizes = Counter(one.topic for one in courses)
        weights = [
            _TOPIC_WEIGHTS[one.topic] / sizes[one.topic] * (3 if in_trouble and one.topic == "delivery" else 1)
            for one in courses
        ]
        return self.rng.choices(courses, weights)[0]

    def _suitable(self, channel: str, who: Customer, at: datetime) -> datetime:
        """Calls come while somebody answers (mostly), the counter is there while the shop is open."""
        if channel == "call" and self.rng.random() < 0.93:
            opened = next_open(center_plan(who.center).hours, at)
            return opened if opened == at else opened + timedelta(seconds=self.rng.randint(5, 10_000))
        if channel == "counter" and not store_is_open(at):
            return shop_time(self.rng, at.astimezone(SEOUL).date() + timedelta(days=1))
        if channel in {"chat", "message"} and 1 <= at.astimezone(SEOUL).hour < 8:
            return at + timedelta(hours=self.rng.randint(8, 12))
        return at

    def _any_moment(self, day: date) -> datetime:
        hour = self.rng.choices(
            range(24), (2, 1, 0, 0, 0, 0, 1, 3, 5, 9, 11, 10, 8, 9, 10, 10, 9, 8, 7, 7, 8, 9, 7, 4)
        )[0]
        return at_clock(day, datetime.min.time()) + timedelta(hours=hour, seconds=self.rng.randrange(3600))

    def _wish(self) -> Matter:
        """Something that somebody thinks of buying."""
        piece = pick_piece(self.rng)
        store = self.rng.choice(STORES).slug
        return Matter(piece, store, piece.product.price)


def _matter_of(sale: Sale) -> Matter:
    return Matter(sale.pieces[0][0], sale.store, sale.total, sale.at)


def _channels_of(who: Customer) -> dict[str, int]:
    """The ways by which she can come, with their weights."""
    ways: dict[str, int] = {}
    if who.phone:
        ways |= {"call": 34, "counter": 11}
    if who.visitor:
        ways["chat"] = 40
    if who.kakao:
        ways["message"] = 22
    if who.email:
        ways["mail"] = 10
    return ways
