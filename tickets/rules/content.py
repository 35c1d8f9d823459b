"""What a rule says, as values: kept as plain JSON, compared, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tickets.rules.vocabulary import TIMED

# Who writes to an answering machine is answered at once, for ever: so a rule replies so seldom in one ticket.
REPLY_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a rule (`tickets.rules.vocabulary`) with its values: a condition or an act."""

    word: str
    values: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def plain(self) -> dict[str, Any]:
        return {"word": self.word, "values": list(self.values)}


@dataclass(frozen=True, slots=True)
class Content:
    """When `trigger` (for a timed one: after `minutes`), if all `conditions` hold, then `acts`, in their order.

    `in_business_time`: the minutes are those in which the ticket's center is open, else of the calendar.
    """

    trigger: str
    conditions: tuple[Part, ...] = ()
    acts: tuple[Part, ...] = ()
    minutes: int = 0
    in_business_time: bool = False

    @property
    def is_timed(self) -> bool:
        return self.trigger in TIMED


def parts_of(plain: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The parts that `Part.plain` made."""
    return tuple(Part(str(one["word"]), tuple(str(value) for value in one["values"])) for one in plain)
