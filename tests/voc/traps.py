"""Reads the lists of traps, and says what is wrong with a sentence's tags."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voc.tagging import Whole, register_of, whole

HERE = Path(__file__).parent
MOODS = {"+": 1, "-": -1, "0": 0}


@dataclass(frozen=True, slots=True)
class Trap:
    kind: str
    text: str
    sentiment: str
    topics: str
    act: str
    more: str

    def faults(self, said: Whole) -> list[str]:
        """What is not as expected; empty if all is."""
        found = []
        if self.sentiment not in ("*", str(said.sentiment)):
            found.append(f"sentiment {said.sentiment}")
        if self.act and self.act != said.act:
            found.append(f"act {said.act}")
        for pair in self.more.split():
            name, _, value = pair.partition("=")
            if name not in ("score", "channel") and getattr(said, name) != value:
                found.append(f"{name} {getattr(said, name)!r}")
        return found + self._topic_faults({mood.topic: mood.sentiment for mood in said.topics})

    @property
    def score(self) -> float | None:
        return next((float(pair.split("=")[1]) for pair in self.more.split() if pair.startswith("score=")), None)

    @property
    def said(self) -> Whole:
        channel = next((pair.split("=")[1] for pair in self.more.split() if pair.startswith("channel=")), "")
        return whole(self.text, score=self.score, register=register_of(channel))

    def _topic_faults(self, said: dict[str, int]) -> list[str]:
        if self.topics == "*":
            return []
        wanted: dict[str, set[int]] = {}
        needed = set()
        for word in self.topics.split():
            name = word.strip("?")[:-1]
            wanted.setdefault(name, set()).update({-1, 0, 1} if word[-1] == "*" else {MOODS[word[-1]]})
            if not word.startswith("?"):
                needed.add(name)
        found = [f"no {name}" for name in sorted(needed - set(said))]
        return found + [f"{name} {mood}" for name, mood in said.items() if mood not in wanted.get(name, ())]


def read(name: str) -> list[Trap]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [Trap(*(part.strip() for part in line.split("|"))) for line in _filled(lines)]


def _filled(lines: list[str]) -> list[str]:
    return [line + " |" * (5 - line.count("|")) for line in lines if line.strip() and not line.startswith("#")]
