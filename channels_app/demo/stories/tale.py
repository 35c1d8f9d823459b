"""A conversation written line by line, for stories in which every word and minute is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from channels_app.demo.envelopes import ThreadWriter
from channels_app.demo.hours import SEOUL
from channels_app.demo.organization import DOMAIN, center_plan
from channels_app.demo.people import Customer

# Beyond what the generated conversations of a day ever reach.
_FIRST_NUMBER = 9001

AGENT = f"agent@{DOMAIN}"
LEAD = f"lead@{DOMAIN}"


class Tale(ThreadWriter):
    """One thread. `center` and `channel` make its source; the customer shows herself with her first line."""

    def __init__(self, center: str, channel: str, thread: str, shown: dict[str, Any]) -> None:
        super().__init__(f"/{center}/{channel}", thread)
        self.center = center
        self.channel = channel
        self.shown = shown

    def _speak(self, at: datetime, **data: Any) -> None:
        service = {"service": "kakao"} if self.channel == "message" else {}
        self.add(f"{self.channel}.message", at, **data, **service)

    def says(self, at: datetime, text: str, *, subject: str = "", shown: dict[str, Any] | None = None) -> None:
        who = self.shown if shown is None else shown
        self._speak(at, customer=who, **{"from": "customer"}, text=text, subject=subject)

    def answers(self, at: datetime, agent: str, text: str) -> None:
        self._speak(at, **{"from": "agent"}, agent=agent, text=text)

    def bot_says(self, at: datetime, text: str) -> None:
        self._speak(at, **{"from": "bot"}, text=text)

    def hands_off(self, at: datetime) -> None:
        self.add("chat.handoff", at)

    def is_taken(self, at: datetime, agent: str) -> None:
        self.add("ticket.assigned", at, agent=agent)

    def rings(self, at: datetime, caller: str) -> None:
        to = center_plan(self.center).number
        self.add("call.queued", at, customer=self.shown, direction="inbound", **{"from": caller}, to=to, queue="main")

    def is_answered(self, at: datetime, agent: str) -> None:
        self.add("call.answered", at, agent=agent)

    def is_given_up(self, at: datetime) -> None:
        self.add("call.abandoned", at, reason="caller_left")

    def ends(self, at: datetime, talk_seconds: int) -> None:
        self.add("call.ended", at, talk_seconds=talk_seconds)

    def is_noted(self, at: datetime, agent: str, text: str, *, promise: dict[str, str] | None = None) -> None:
        self.add("note.added", at, agent=agent, text=text, promise=promise)

    def is_resolved(self, at: datetime, agent: str, topic: str = "") -> None:
        self.add("ticket.resolved", at, agent=agent, topic=topic)

    def is_transcribed(self, at: datetime, lines: list[tuple[str, str]]) -> None:
        segments = [
            {"speaker": speaker, "text": text, "offset_seconds": place * 6.5}
            for place, (speaker, text) in enumerate(lines)
        ]
        self.add("call.transcript", at, segments=segments)


@dataclass
class Cast:
    """Chooses customers for the parts, each person once, and names the threads."""

    rng: Random
    customers: list[Customer]

    def __post_init__(self) -> None:
        self._taken: set[int] = {0}
        self._number = _FIRST_NUMBER

    def pick(self, fits: Callable[[Customer], object], *, center: str = "") -> Customer:
        """A customer who fits and plays no other part; of a center, if one is named."""
        pool = [
            one
            for one in self.customers
            if fits(one) and one.number not in self._taken and (not center or one.center == center)
        ]
        chosen = self.rng.choice(pool)
        self._taken.add(chosen.number)
        return chosen

    def thread(self, prefix: str, at: datetime) -> str:
        self._number += 1
        return f"{prefix}-{at.astimezone(SEOUL):%y%m%d}-{self._number}"
