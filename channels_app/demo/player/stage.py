"""What every act of the day shares: who is there, how fast time goes, how ids are made, what is told in the terminal."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from channels_app.demo.envelopes import Envelope, envelope
from channels_app.demo.history import chance_of
from channels_app.demo.hours import SEOUL
from channels_app.demo.organization import Staff, agents_of
from channels_app.demo.people import Customer
from channels_app.demo.player.line import Line
from channels_app.demo.player.visitor import Visitor, signed_token


@dataclass(frozen=True, slots=True)
class House:
    """The whole day's stage. `run` makes the ids of this run its own; `speed` 2 is twice as fast."""

    line: Line
    widget: str
    signing_secret: str
    people: list[Customer]
    seed: int
    run: str
    speed: float
    tell: Callable[[str, str], None]

    def act(self, number: int) -> Act:
        """The stage of one act: choices follow from seed and number, ids from the run as well."""
        return Act(self, number, chance_of(self.seed, f"live:{number}"))


class Act:
    """One act in progress: its chance, its ids, its thread."""

    def __init__(self, house: House, number: int, rng: Random) -> None:
        self.house = house
        self.rng = rng
        self.name = f"{house.run}-{number:04d}"
        self._sent = 0

    @property
    def now(self) -> datetime:
        return datetime.now(SEOUL)

    async def pause(self, shortest: float, longest: float) -> None:
        """Lets so many seconds of the played day go by."""
        await asyncio.sleep(self.rng.uniform(shortest, longest) / self.house.speed)

    async def send(self, source: str, event_type: str, data: dict[str, Any], *, event_id: str = "") -> dict[str, Any]:
        """Sends one event that happens now; returns the hub's answer. Raises line.Refused."""
        self._sent += 1
        event: Envelope = envelope(source, event_id or f"{self.name}-{self._sent:02d}", event_type, self.now, data)
        return await self.house.line.send(event)

    def tell(self, kind: str, what: str) -> None:
        self.house.tell(kind, what)

    def pick(self, fits: Callable[[Customer], object]) -> Customer:
        return self.rng.choice([one for one in self.house.people if fits(one)])

    def colleague(self, center: str) -> Staff:
        """An agent of the center who is played here; agent@ is whoever watches."""
        return self.rng.choice([one for one in agents_of(center) if one.account != "agent"])

    def visitor(self, who: Customer | None) -> Visitor:
        """A window at the shop's page; with `who`, of somebody logged in."""
        token = signed_token(who, self.house.signing_secret) if who else ""
        ids = uuid.uuid5(uuid.NAMESPACE_URL, self.name)
        return Visitor(self.house.line, self.house.widget, message_ids=ids, token=token)
