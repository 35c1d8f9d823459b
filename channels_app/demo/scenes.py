"""One encounter of a customer with the shop, and the stage on which it is played: clock, agent, words, hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from channels_app.demo import wording
from channels_app.demo.dialogues import Dialogue, Line
from channels_app.demo.envelopes import Envelope, ThreadWriter
from channels_app.demo.hours import SEOUL, at_clock, is_open, next_open, next_working_day
from channels_app.demo.organization import Staff, Week, agents_of, center_plan, store_plan
from channels_app.demo.particles import Word
from channels_app.demo.people import Customer
from channels_app.demo.surveys import survey_after
from channels_app.demo.wording import Matter

_KEPT = ("{} 완료. 고객님께 문자로 안내함.", "약속 이행: {}. 고객 확인 완료.", "{} 처리 확인. 종료합니다.")


@dataclass(frozen=True, slots=True)
class Encounter:
    """Who comes to whom, when, by which channel, with what: everything that a dialogue needs to be played."""

    who: Customer
    shown: dict[str, Any]
    channel: str
    thread: str
    at: datetime
    matter: Matter
    dialogue: Dialogue
    # What she shows from her second line on, where that is more: she has logged in meanwhile.
    shown_later: dict[str, Any] | None = None

    @property
    def source(self) -> str:
        if self.channel == "counter":
            return f"/{store_plan(self.matter.store).center}/store/{self.matter.store}"
        return f"/{self.who.center}/{self.channel}"

    @property
    def hours(self) -> Week:
        return center_plan(self.who.center).hours


@dataclass(frozen=True, slots=True)
class Played:
    """The events of a conversation, and the instant at which it was over."""

    events: list[Envelope]
    over_at: datetime


class Scene:
    """One encounter being played: its clock, its agent, its words."""

    def __init__(self, rng: Random, encounter: Encounter) -> None:
        self.rng = rng
        self.encounter = encounter
        self.clock = encounter.at
        self.agent: Staff = rng.choice(agents_of(encounter.who.center))
        self.words: dict[str, Word] = wording.slots_for(rng, encounter.who, encounter.matter, self.agent, encounter.at)
        self._promise_from(encounter.at)
        self._is_at_work = False
        self.writer = ThreadWriter(encounter.source, encounter.thread)

    def _promise_from(self, at: datetime) -> None:
        """What is promised counts from the day on which somebody promises it."""
        days = self.encounter.dialogue.promise_days or 2
        self.due = next_working_day(self.encounter.hours, at.astimezone(SEOUL).date(), days)
        self.words["day"] = Word(wording.told_due(self.due, at))

    def wait(self, seconds: tuple[float, float]) -> datetime:
        """Moves the clock on: mostly nearer to the shorter time, now and then a long one."""
        shortest, longest = seconds
        spread = self.rng.betavariate(1.3, 4.0)
        self.clock += timedelta(seconds=max(1, round(shortest + (longest - shortest) * spread)))
        return self.clock

    def work(self, seconds: tuple[float, float]) -> datetime:
        """Moves the clock on to where somebody of the center has had that long."""
        self.clock = next_open(self.encounter.hours, self.clock)
        self.wait(seconds)
        if not is_open(self.encounter.hours, self.clock):
            self.clock = next_open(self.encounter.hours, self.clock)
            self.wait((20, 400))
        if not self._is_at_work:
            self._is_at_work = True
            self._promise_from(self.clock)
        return self.clock

    def words_of(self, line: Line) -> str:
        return self.rng.choice(line.wordings).format(**self.words)

    def note(self) -> None:
        """The agent's internal note, with the promise that the dialogue makes."""
        dialogue = self.encounter.dialogue
        if not dialogue.note:
            return
        promise = None
        if dialogue.promise:
            promise = {"text": dialogue.promise.format(**self.words), "due": self.due.isoformat()}
        text = dialogue.note.format(**self.words)
        self.writer.add("note.added", self.work((20, 90)), agent=self.agent.email, text=text, promise=promise)
        if promise:
            self._keep_promise(promise["text"])

    def _keep_promise(self, promised: str) -> None:
        """The matter stays open until what was promised is done: on the day, or (one in eight) some days late."""
        note_id = self.writer.events[-1]["id"]
        late_days = self.rng.randint(1, 3) if self.rng.random() < 1 / 8 else 0
        self.clock = max(self.clock, at_clock(self.due + timedelta(days=late_days), time(9)))
        text = self.rng.choice(_KEPT).format(promised)
        self.writer.add("note.added", self.work((900, 24_000)), agent=self.agent.email, text=text, promise_kept=note_id)

    def resolve(self, seconds: tuple[float, float]) -> None:
        # One in fourteen is closed without saying what it was about.
        topic = self.encounter.dialogue.topic if self.rng.random() > 1 / 14 else ""
        self.writer.add("ticket.resolved", self.work(seconds), agent=self.agent.email, topic=topic)

    def played(self, *, waited_seconds: float) -> Played:
        over_at = self.clock
        survey_after(self.rng, self.writer, over_at, self.agent, self.encounter.dialogue.mood, waited_seconds)
        return Played(self.writer.events, over_at)
