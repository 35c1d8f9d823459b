"""Korean particles: which form follows a word depends on how the word ends."""

from __future__ import annotations

# How digits and Latin letters end when read aloud: True where a consonant closes the syllable.
_ENDS_CLOSED = dict.fromkeys("013678LMNR", True)
_ENDS_IN_RIEUL = frozenset("178LR")


class Word(str):
    """A string that takes its particle in a format: `f"{Word('코트'):이/가}"` is `코트가`.

    The form for a closed syllable stands first: `이/가`, `을/를`, `은/는`, `으로/로`, `이에요/예요`.
    """

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        closed, open_ = spec.split("/")
        takes_closed = _is_closed(self) and not (closed == "으로" and _ends_in_rieul(self))
        return str(self) + (closed if takes_closed else open_)


def _last(word: str) -> str:
    return word.rstrip(")] ").upper()[-1:]


def _is_closed(word: str) -> bool:
    last = _last(word)
    if "가" <= last <= "힣":
        return (ord(last) - 0xAC00) % 28 != 0
    return _ENDS_CLOSED.get(last, False)


def _ends_in_rieul(word: str) -> bool:
    last = _last(word)
    if "가" <= last <= "힣":
        return (ord(last) - 0xAC00) % 28 == 8
    return last in _ENDS_IN_RIEUL
