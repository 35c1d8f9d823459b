"""What a macro does, as plain values. Pure.

The order is fixed, and is that in which a person would do it: what is said, how the ticket lies on the desk, who goes
on, and the end of it. So nothing is answered after it was handed away, and nothing resolved is snoozed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any


class Reply(StrEnum):
    """What becomes of a macro's answer."""

    INSERT = "insert"  # into the composer, where she looks over it and sends it
    SEND = "send"


class Assign(StrEnum):
    ME = "me"
    PERSON = "person"
    CENTER = "center"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Steps:
    """ "" and no tags: nothing of that kind. `person` and `center` are the public id and the slug."""

    text: str = ""
    reply: str = Reply.INSERT
    note: str = ""
    tags: tuple[str, ...] = ()
    priority: str = ""
    assign: str = ""
    person: str = ""
    center: str = ""
    snooze: str = ""
    resolves: bool = False
    topic: str = ""

    @property
    def sends(self) -> str:
        return self.text if self.reply == Reply.SEND else ""

    @property
    def inserts(self) -> str:
        return self.text if self.reply != Reply.SEND else ""

    @property
    def acts(self) -> bool:
        """Whether anything of it is written into the ticket."""
        told = (self.sends, self.note, self.tags, self.priority, self.assign, self.snooze, self.resolves)
        return any(told)

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.acts

    def as_json(self) -> dict[str, Any]:
        """Only what differs from nothing."""
        empty = Steps()
        told = {name: value for name, value in asdict(self).items() if value != getattr(empty, name)}
        return told | ({"tags": list(self.tags)} if self.tags else {})


def steps_of(told: dict[str, Any]) -> Steps:
    """Reads what `as_json` wrote; what an older or a newer hub wrote besides is left out."""
    known = {field.name for field in fields(Steps)}
    values = {name: value for name, value in told.items() if name in known}
    return Steps(**values | {"tags": tuple(values.get("tags", ()))})
