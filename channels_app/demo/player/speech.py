"""What is said in one act: a dialogue with its slots filled for this customer, this thing and this agent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from channels_app.demo import wording
from channels_app.demo.catalogue import pick_piece
from channels_app.demo.dialogues import Dialogue, Line, dialogues_for
from channels_app.demo.hours import next_working_day
from channels_app.demo.organization import STORES, Staff, center_plan
from channels_app.demo.particles import Word
from channels_app.demo.people import Customer
from channels_app.demo.player.stage import Act
from channels_app.demo.wording import Matter

# How long ago a thing was bought that somebody comes back with.
_OWNED_DAYS = (2, 12)


@dataclass(frozen=True, slots=True)
class Speech:
    rng: Random
    who: Customer
    dialogue: Dialogue
    words: dict[str, Word]
    due: date

    def words_of(self, line: Line, *, is_typed: bool = False) -> str:
        text = self.rng.choice(line.wordings).format(**self.words)
        if is_typed and line.speaker == "customer":
            return wording.typed(self.rng, text, manner=self.who.manner, mood=self.dialogue.mood)
        return text

    @property
    def subject(self) -> str:
        return self.rng.choice(self.dialogue.subjects).format(**self.words) if self.dialogue.subjects else ""

    @property
    def last_word(self) -> str:
        """What the agent says in the end so that nobody waits while the promise is open; empty where not needed."""
        is_needed = self.dialogue.promise and self.dialogue.lines[-1].speaker == "customer"
        return self.rng.choice(wording.STILL_OPEN) if is_needed else ""

    @property
    def note(self) -> str:
        return self.dialogue.note.format(**self.words)

    @property
    def promise(self) -> dict[str, str] | None:
        if not self.dialogue.promise:
            return None
        return {"text": self.dialogue.promise.format(**self.words), "due": self.due.isoformat()}


def choose_speech(act: Act, channel: str, who: Customer, agent: Staff) -> Speech:
    """Something this customer may say by this channel now: about what she bought, or (not known) what she wants."""
    rng = act.rng
    piece = pick_piece(rng)
    store = who.store if who.phone else rng.choice(STORES).slug
    owned_days = rng.randint(*_OWNED_DAYS) if who.phone else -1
    courses = [
        one
        for one in dialogues_for(channel)
        if one.suits(piece)
        and not one.bot_solves
        and (one.is_fresh or (owned_days >= one.after_days and not one.is_follow))
    ]
    dialogue = rng.choice(courses)
    now = act.now
    bought_at = now - timedelta(days=owned_days) if owned_days >= 0 else None
    words = wording.slots_for(rng, who, Matter(piece, store, piece.product.price, bought_at), agent, now)
    due = next_working_day(center_plan(who.center).hours, now.date(), dialogue.promise_days or 2)
    words["day"] = Word(wording.told_due(due, now))
    return Speech(rng, who, dialogue, words, due)
