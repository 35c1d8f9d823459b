"""Several keys in one column: each between line breaks, in order, so that one is found by looking for `between(key)`.

Pure. A room of its own because the fold writes them, lists look for them, and the doors read them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

TAG_LENGTH = 50  # characters


def tag_key(name: str) -> str:
    """What a tag is known by: NFC, single spaces, without regard to case. "" where nothing is left."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()[:TAG_LENGTH].strip()


def keys_in(column: str) -> list[str]:
    return [key for key in column.split("\n") if key]


def column_of(keys: Iterable[str]) -> str:
    ordered = sorted(set(keys))
    return between(*ordered) if ordered else ""


def between(*keys: str) -> str:
    """As the keys stand in a column."""
    return "".join(f"\n{key}" for key in keys) + "\n"


def with_key(column: str, key: str) -> str:
    return column_of([*keys_in(column), key])


def without_key(column: str, key: str) -> str:
    return column_of(other for other in keys_in(column) if other != key)
