"""What people say to the shop, as courses of conversation with wordings and slots; read from the files beside."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from channels_app.demo.catalogue import Piece

FOLDER = Path(__file__).parent

# Which files speak for which channel; chat and messenger sound alike.
_FILES = {
    "chat": ("chat-goods", "chat-service"),
    "message": ("chat-goods", "chat-service"),
    "call": ("call",),
    "mail": ("mail",),
    "counter": ("counter",),
}

SPEAKERS = {"c": "customer", "a": "agent", "b": "bot"}


@dataclass(frozen=True, slots=True)
class Line:
    speaker: str
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One course. `is_fresh`: needs no purchase before it; `is_follow`: a second attempt; `bot_solves`: no person.

    `after_days`: makes sense only so long after the purchase. `promise_days`: when the promise falls due.
    """

    id: str
    topic: str
    mood: str
    lines: tuple[Line, ...]
    kinds: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    note: str = ""
    promise: str = ""
    promise_days: int = 0
    after_days: int = 0
    leads_to_refund: bool = False
    is_fresh: bool = False
    is_follow: bool = False
    bot_solves: bool = False

    def suits(self, piece: Piece) -> bool:
        """Says whether these words can be about that piece: of the right kind, and sized where sizes are spoken of."""
        if not piece.size and any("{size" in wording for line in self.lines for wording in line.wordings):
            return False
        return not self.kinds or piece.product.kind in self.kinds


@cache
def dialogues_for(channel: str) -> tuple[Dialogue, ...]:
    """All courses of a channel (chat, message, call, mail, counter), in the order of the files."""
    return tuple(_dialogue(raw) for name in _FILES[channel] for raw in _load(name)["dialogue"])


@cache
def visit_notes() -> tuple[str, ...]:
    """What the counter jots down about somebody served."""
    return tuple(_load("counter")["visits"])


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def _dialogue(raw: dict[str, Any]) -> Dialogue:
    lines = tuple(_line(text) for text in raw["lines"].strip().split("\n"))
    return Dialogue(
        id=raw["id"],
        topic=raw["topic"],
        mood=raw["mood"],
        lines=lines,
        kinds=tuple(raw.get("kinds", ())),
        subjects=_wordings(raw["subject"]) if "subject" in raw else (),
        note=raw.get("note", ""),
        promise=raw.get("promise", ""),
        promise_days=raw.get("promise_days", 0),
        after_days=raw.get("after_days", 0),
        leads_to_refund=raw.get("refund", False),
        is_fresh=raw.get("fresh", False),
        is_follow=raw.get("follow", False),
        bot_solves=raw.get("bot", False),
    )


def _line(text: str) -> Line:
    mark, said = text.split(": ", 1)
    return Line(SPEAKERS[mark], _wordings(said))


def _wordings(text: str) -> tuple[str, ...]:
    return tuple(one.strip().replace("\\n", "\n") for one in text.split(" | "))
