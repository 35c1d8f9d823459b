"""Who gets which waiting ticket. Pure: a queue and the people who could take from it in, pairs out.

Work never waits while somebody has a free slot: topics and acquaintance decide who of the free is asked first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Mode(StrEnum):
    MANUAL = "manual"
    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket in the queue. `served_by`: who served this customer, the latest first."""

    key: int
    since: datetime
    topic: str = ""
    served_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is available. `given_at`: when routing last gave her something."""

    email: str
    load: int
    limit: int
    topics: frozenset[str] = frozenset()
    given_at: datetime | None = None


@dataclass(slots=True)
class _Place:
    """A candidate while tickets are given out; `turn` grows by when she was last given one."""

    candidate: Candidate
    load: int
    turn: int

    @property
    def is_free(self) -> bool:
        return self.load < self.candidate.limit


def decide(queue: Iterable[Waiting], candidates: Iterable[Candidate], mode: Mode) -> list[tuple[Waiting, Candidate]]:
    """Returns who gets what, oldest ticket first; the same for the same content in any order.

    Of the free, those who have the ticket's topic (all of them, where none has it or it has none); of these who
    served the customer last; else whose turn it is, or who has least to do.
    """
    if mode == Mode.MANUAL:
        return []
    # Whoever was never given anything comes first.
    in_turn = sorted(candidates, key=lambda one: (one.given_at.timestamp() if one.given_at else 0.0, one.email))
    places = [_Place(candidate, candidate.load, turn) for turn, candidate in enumerate(in_turn)]
    next_turn = len(places)
    given = []
    for ticket in sorted(queue, key=lambda one: (one.since, one.key)):
        place = _chosen(ticket, places, mode)
        if place is None:
            break
        place.load += 1
        place.turn, next_turn = next_turn, next_turn + 1
        given.append((ticket, place.candidate))
    return given


def _chosen(ticket: Waiting, places: list[_Place], mode: Mode) -> _Place | None:
    free = [place for place in places if place.is_free]
    skilled = [place for place in free if ticket.topic in place.candidate.topics] if ticket.topic else []
    asked = skilled or free
    for email in ticket.served_by:
        for place in asked:
            if place.candidate.email == email:
                return place
    if mode == Mode.LEAST_LOADED:
        return min(asked, key=lambda place: (place.load, place.turn), default=None)
    return min(asked, key=lambda place: place.turn, default=None)
