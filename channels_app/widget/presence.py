"""Whether a visitor has her page open: each socket, and each page that asks by POST, says that it lives."""

from __future__ import annotations

from cxhub import attendance

# Widgets ping every 25 s; one ping may be lost.
LIFE_SECONDS = 60


def note_page(conversation: int, page: str) -> None:
    """Writes down that this page of the conversation lives, for LIFE_SECONDS."""
    attendance.tell(_place(conversation), {page: LIFE_SECONDS})


def forget_page(conversation: int, page: str) -> None:
    """The page was closed."""
    attendance.tell(_place(conversation), {page: 0})


def is_there(conversation: int) -> bool | None:
    """Whether any page of it is open; None where Redis does not say."""
    place = _place(conversation)
    found = attendance.visited_among([place])
    return None if found is None else place in found


def _place(conversation: int) -> str:
    return f"visitor.{conversation}"
