"""Who has a page open: each socket says that it lives, and one that does not say so again is gone (`cxhub.attendance`)."""

from __future__ import annotations

from collections.abc import Iterable

from cxhub import attendance

# Pages ping every 25 s; one ping may be lost.
LIFE_SECONDS = 60


def note_socket(who: int, socket: str) -> None:
    """Writes down that this socket of hers lives, for LIFE_SECONDS."""
    attendance.tell(_place(who), {socket: LIFE_SECONDS})


def forget_socket(who: int, socket: str) -> None:
    """The socket was closed."""
    attendance.tell(_place(who), {socket: 0})


def connected_among(people: Iterable[int]) -> set[int] | None:
    """Those of them who have a living socket; None where Redis does not say."""
    by_place = {_place(who): who for who in people}
    found = attendance.visited_among(list(by_place))
    return None if found is None else {by_place[place] for place in found}


def _place(who: int) -> str:
    return f"person.{who}"
