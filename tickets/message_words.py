"""How messages are searched: the form of a text and of what is typed, pairs of letters, and the place of a hit. Pure.

Korean words are two syllables as often as not, and a trigram index cannot find those: so pairs it is.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

# A longer one is somebody's manual; the beginning is searched.
SEARCHED_LENGTH = 10_000
WORDS_AT_MOST = 6
# Letters shown around the first hit.
BEFORE, AFTER = 30, 90


class Piece(NamedTuple):
    text: str
    is_hit: bool


def searchable(text: str) -> str:
    """NFC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text[:SEARCHED_LENGTH]).lower().split())


def words_of(typed: str) -> list[str]:
    """The words that must all be there, each as a part of the text."""
    return list(dict.fromkeys(searchable(typed).split()))[:WORDS_AT_MOST]


def is_too_short(words: list[str]) -> bool:
    """Whether none has two letters: a single one stands in every other message."""
    return not any(len(word) > 1 for word in words)


def pairs_of(words: list[str]) -> list[str]:
    """The pairs of neighbouring letters that a text with all these words must have."""
    return sorted({word[place : place + 2] for word in words for place in range(len(word) - 1)})


def snippet(text: str, words: list[str]) -> list[Piece]:
    """The text around the first hit, in pieces, with every hit of it marked."""
    shown = " ".join(unicodedata.normalize("NFC", text[:SEARCHED_LENGTH]).split())
    hits = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    first = hits.search(shown)
    begin = max(0, (first.start() if first else 0) - BEFORE)
    part = shown[begin : (first.end() if first else 0) + AFTER]
    pieces = [Piece("…", False)] if begin else []
    at = 0
    for hit in hits.finditer(part):
        pieces += [Piece(part[at : hit.start()], False), Piece(hit.group(), True)]
        at = hit.end()
    pieces.append(Piece(part[at:], False))
    if begin + len(part) < len(shown):
        pieces.append(Piece("…", False))
    return [piece for piece in pieces if piece.text]
