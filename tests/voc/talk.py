"""Reads the lists of what is said in conversations, and says what is wrong with a sentence's tags."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from voc.tagging import Whole, register_of, whole

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Line:
    """`sentiment` and `act` are what may come out; `topic` is one that has to, badly spoken of."""

    text: str
    channel: str
    sentiment: list[int]
    act: list[str]
    topic: str = ""

    @property
    def said(self) -> Whole:
        return whole(self.text, register=register_of(self.channel))

    def faults(self) -> list[str]:
        """What is not as expected; empty if all is."""
        said = self.said
        found = []
        if said.sentiment not in self.sentiment:
            found.append(f"sentiment {said.sentiment}")
        if said.act not in self.act:
            found.append(f"act {said.act}")
        if said.severity:
            found.append(f"severity {said.severity}")
        if self.topic and {mood.topic: mood.sentiment for mood in said.topics}.get(self.topic) != -1:
            found.append(f"no {self.topic}")
        return found


def read(name: str) -> list[Line]:
    return [Line(**json.loads(line)) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
