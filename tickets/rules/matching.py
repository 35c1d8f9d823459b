"""Whether a rule's conditions hold: a function of what is known at one instant, and of nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tickets.rules.content import Part
from tickets.tag_keys import tag_key


@dataclass(frozen=True, slots=True)
class Facts:
    """A ticket, its customer, what she said last and its center's hours, as of `at`.

    `center` is its public id as hex, "" without one; `target` the kind of target that was missed, "" where none was.
    """

    at: datetime
    channel: str
    center: str = ""
    topic: str = ""
    priority: str = "normal"
    tags: frozenset[str] = frozenset()
    agent_email: str = ""
    reopen_count: int = 0
    text: str = ""
    is_known: bool = False
    purchases: int = 0
    is_in_hours: bool = True
    target: str = ""


def all_hold(conditions: Iterable[Part], facts: Facts) -> bool:
    """A word that is not known (any more) never holds: a rule does rather too little."""
    return all(part.word in HOLDS and HOLDS[part.word](part, facts) for part in conditions)


def plain_text(text: str) -> str:
    """What words are looked for in: NFC, single spaces, without regard to case."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _one_of(values: Collection[str], value: str) -> bool:
    return value in values


def _has_tag(part: Part, facts: Facts) -> bool:
    return any(tag_key(name) in facts.tags for name in part.values)


def _says(part: Part, facts: Facts) -> bool:
    text = plain_text(facts.text)
    return any(word in text for word in map(plain_text, part.values) if word)


def _number(part: Part) -> int:
    return int(part.value) if part.value.isascii() and part.value.isdigit() else 0


HOLDS: Mapping[str, Callable[[Part, Facts], bool]] = {
    "channel_is": lambda part, facts: _one_of(part.values, facts.channel),
    "channel_is_not": lambda part, facts: not _one_of(part.values, facts.channel),
    "center_is": lambda part, facts: _one_of(part.values, facts.center),
    "topic_is": lambda part, facts: _one_of(part.values, facts.topic),
    "topic_missing": lambda _part, facts: not facts.topic,
    "priority_is": lambda part, facts: _one_of(part.values, facts.priority),
    "tagged": _has_tag,
    "untagged": lambda part, facts: not _has_tag(part, facts),
    "taken": lambda _part, facts: bool(facts.agent_email),
    "untaken": lambda _part, facts: not facts.agent_email,
    "reopened_at_least": lambda part, facts: facts.reopen_count >= _number(part),
    "says": _says,
    "says_not": lambda part, facts: not _says(part, facts),
    "customer_known": lambda _part, facts: facts.is_known,
    "customer_unknown": lambda _part, facts: not facts.is_known,
    "purchases_at_least": lambda part, facts: facts.purchases >= _number(part),
    "purchases_below": lambda part, facts: facts.purchases < _number(part),
    "in_hours": lambda _part, facts: facts.is_in_hours,
    "out_of_hours": lambda _part, facts: not facts.is_in_hours,
    "target_is": lambda part, facts: _one_of(part.values, facts.target),
}
