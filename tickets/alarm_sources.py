"""What the bell counts besides alarms of tickets. Rooms above this one add what they tell people, once, at the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from accounts.models import Person


@dataclass(frozen=True, slots=True)
class AlarmNews:
    """One unread alarm in words. The ids grow with time; `url` is where it leads."""

    public_id: UUID
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class AlarmSource:
    """`url_name` is the list of its alarms; both functions cost one statement."""

    label: str | Promise
    url_name: str
    unread_count: Callable[[Person], int]
    newest_unread: Callable[[Person], list[AlarmNews]]


_sources: list[AlarmSource] = []


def add_alarm_source(source: AlarmSource) -> None:
    """Called by a room's AppConfig."""
    _sources.append(source)


def other_unread(person: Person) -> int:
    """How many alarms of other rooms she has not read."""
    return sum(source.unread_count(person) for source in _sources)


def other_news(person: Person) -> list[AlarmNews]:
    return [news for source in _sources for news in source.newest_unread(person)]


def other_lists(person: Person) -> list[tuple[AlarmSource, int]]:
    """Each other list with how many she has not read there."""
    return [(source, source.unread_count(person)) for source in _sources]
