"""What became of an event that was handed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec import Struct

CREATED, DUPLICATE, REFUSED = "created", "duplicate", "refused"


class Outcome(Struct, frozen=True):
    """`created` for a first delivery, `duplicate` for a repeat (with the first one's references), else `refused`.

    `differs` says that a repeat's content was not the first one's: it was kept and changed nothing. `problem` is
    what was wrong with a refused one, to be rendered in the reader's language.
    """

    status: str
    id: str | None = None
    event: UUID | None = None
    customer: UUID | None = None
    ticket: UUID | None = None
    thread: str = ""
    seq: int | None = None
    differs: bool = False
    problem: Any = None

    @property
    def is_created(self) -> bool:
        return self.status == CREATED

    @property
    def is_refused(self) -> bool:
        return self.status == REFUSED
