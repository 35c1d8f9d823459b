"""Keeps places true for a text whose Hangul came apart (NFD, as macOS writes it): the tagger reads it composed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# A syllable in pieces, or any character with what combines with it.
_CLUSTER = re.compile(r"[ᄀ-ᅟ][ᅠ-ᆧ][ᆨ-ᇿ]?|.[\u0300-\u036f\u1ab0-\u1aff\u3099\u309a\ufe20-\ufe2f]*", re.DOTALL)


def composed(text: str) -> tuple[str, Sequence[int]]:
    """The text with composed characters, and for each of its places, the end included, the place in the text as given."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text, range(len(text) + 1)
    parts, places = [], []
    for cluster in _CLUSTER.finditer(text):
        part = unicodedata.normalize("NFC", cluster.group())
        parts.append(part)
        # What grows when composed (there are such characters) points at where it began.
        places += [cluster.start()] * len(part)
    return "".join(parts), [*places, len(text)]
