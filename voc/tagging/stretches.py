"""A sentence with its spaces taken out, and a fast search for thousands of short stretches in it.

Spacing in what people type is a matter of taste, so nothing but "does a word begin here" is kept of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Squeezed:
    """`text` in small letters without spaces; `begins` has the places where words begin."""

    text: str
    begins: frozenset[int]


def squeeze(text: str) -> Squeezed:
    words = text.lower().split()
    begins, place = [], 0
    for word in words:
        begins.append(place)
        place += len(word)
    return Squeezed("".join(words), frozenset(begins))


def is_torn(squeezed: Squeezed, place: int) -> bool:
    """Whether what begins here is the end of one word and the beginning of the next: 촉촉하고 발림성 is no 고발."""
    return place + 1 in squeezed.begins and place not in squeezed.begins


class Finder(Generic[T]):
    """Finds which of many stretches begin at a place, the longest first. "_" before one: only where a word begins."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._by_two: dict[str, list[tuple[str, bool, T]]] = {}
        self._by_one: dict[str, list[tuple[str, bool, T]]] = {}
        for stretch, value in sorted(entries, key=lambda entry: -len(entry[0].lstrip("_"))):
            bare = "".join(stretch.removeprefix("_").lower().split())
            if bare:
                index, key = (self._by_two, bare[:2]) if len(bare) > 1 else (self._by_one, bare)
                index.setdefault(key, []).append((bare, stretch.startswith("_"), value))

    def at(self, squeezed: Squeezed, place: int) -> Iterator[tuple[int, T]]:
        """Where each stretch that begins here ends, and its value."""
        text = squeezed.text
        found = self._by_two.get(text[place : place + 2])
        if found and not is_torn(squeezed, place):
            for stretch, at_word, value in found:
                if text.startswith(stretch, place) and (not at_word or place in squeezed.begins):
                    yield place + len(stretch), value
        for _stretch, at_word, value in self._by_one.get(text[place : place + 1], ()):
            if not at_word or place in squeezed.begins:
                yield place + 1, value

    def all(self, squeezed: Squeezed) -> Iterator[tuple[int, int, T]]:
        """Start, end and value of all there are, those inside others too."""
        two, one, text = self._by_two, self._by_one, squeezed.text
        for place in range(len(text)):
            if text[place : place + 2] in two or text[place] in one:
                for end, value in self.at(squeezed, place):
                    yield place, end, value

    def longest(self, squeezed: Squeezed) -> Iterator[tuple[int, int, T]]:
        """The same from left to right, of those that overlap only the first and longest."""
        free = 0
        for start, end, value in self.all(squeezed):
            if start >= free:
                yield start, end, value
                free = end
