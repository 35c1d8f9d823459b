"""What the linear model sees of a sentence: numbers of its letter groups and of its expressions, never the text itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from zlib import crc32

from voc.tagging.moods import Hit

BITS = 18
SIZE = 1 << BITS
LONGEST_GROUP = 4

_DIGITS = re.compile(r"\d+")
_TEARS = re.compile(r"[ㅠㅜ]+")
_LAUGHTER = re.compile(r"[ㅋㅎ]{2,}")
_AGAIN = re.compile(r"(.)\1{2,}", re.DOTALL)
# Letter groups come again and again; their numbers are kept, but never without bound.
_known: dict[str, int] = {}
_MOST_KNOWN = 200_000


def plain(squeezed: str) -> str:
    """The text as its letter groups are taken from: numbers alike, drawn-out letters short."""
    text = _DIGITS.sub("0", squeezed)
    text = _LAUGHTER.sub("ㅋㅋ", _TEARS.sub("ㅠ", text))
    return "\x02" + _AGAIN.sub(r"\1\1", text) + "\x03"


def groups(text: str) -> set[str]:
    """All groups of one to four letters that stand in the text."""
    found = set(text)
    for length in range(2, LONGEST_GROUP + 1):
        found.update([text[place : place + length] for place in range(len(text) - length + 1)])
    return found


def number(name: str) -> int:
    known = _known.get(name)
    if known is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        known = _known[name] = crc32(name.encode("utf-8", "surrogatepass")) & (SIZE - 1)
    return known


def of_expressions(hits: Sequence[Hit]) -> Iterable[str]:
    """Names for each expression with its mood, and for how the sentence ends; apart from letter groups by their first letter."""
    judged = [hit for hit in hits if hit.mood]
    for hit in judged:
        yield f"\x01{'-' if hit.turned else ''}{hit.expression.stem}"
    good = sum(hit.mood > 0 for hit in judged)
    bad = len(judged) - good
    yield f"\x01good{min(good, 3)}"
    yield f"\x01bad{min(bad, 3)}"
    if judged:
        yield f"\x01last{judged[-1].mood}"
    if good and bad:
        yield "\x01both"


def numbers(squeezed: str, hits: Sequence[Hit]) -> list[int]:
    """The sentence as the model sees it, each number once."""
    names = groups(plain(squeezed))
    names.update(of_expressions(hits))
    return sorted({number(name) for name in names})
