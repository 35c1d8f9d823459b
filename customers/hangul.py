"""How Hangul is made: initials (초성), jamo, and what an English keyboard typed when Hangul was meant.

Pure arithmetic on text; knows nothing of names or customers.
"""

from __future__ import annotations

import unicodedata

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_MEDIALS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = ["", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"]

_FIRST_SYLLABLE, _LAST_SYLLABLE = "가", "힣"
_SYLLABLES_PER_INITIAL = 588
_FOLDED = str.maketrans("ㄲㄸㅃㅆㅉ", "ㄱㄷㅂㅅㅈ")

# Typed one after the other without a vowel, input methods join these two consonants: ㄱㅅ arrives as ㄳ.
_JOINED = {
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ",
    "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
# Conjoining initials (U+1100…) stand alone where half a decomposed syllable was cut off.
_TAKEN_APART = str.maketrans({**_JOINED, **{chr(0x1100 + place): jamo for place, jamo in enumerate(INITIALS)}})

_KEYS = dict(
    zip(
        "rRseEfaqQtTdwWczxvgkoiOjpuPhynbml",
        "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ",
        strict=True,
    )
)
_MEDIAL_PAIRS = {"ㅗㅏ": "ㅘ", "ㅗㅐ": "ㅙ", "ㅗㅣ": "ㅚ", "ㅜㅓ": "ㅝ", "ㅜㅔ": "ㅞ", "ㅜㅣ": "ㅟ", "ㅡㅣ": "ㅢ"}
_FINAL_PAIRS = {pair: joined for joined, pair in _JOINED.items()}


def is_syllable(character: str) -> bool:
    return _FIRST_SYLLABLE <= character <= _LAST_SYLLABLE


def is_initial(character: str) -> bool:
    """Whether it is a consonant on its own, such as one types in a 초성 search."""
    return character in INITIALS


def initial_of(syllable: str) -> str:
    return INITIALS[(ord(syllable) - ord(_FIRST_SYLLABLE)) // _SYLLABLES_PER_INITIAL]


def fold(initials: str) -> str:
    """ㄲ becomes ㄱ and so on: who types ㄱ means either."""
    return initials.translate(_FOLDED)


def take_apart(text: str) -> str:
    """Writes consonants that an input method joined (ㄳ) as the two that were typed."""
    return text.translate(_TAKEN_APART)


_FOLDED_INITIALS = {
    **{chr(code): fold(initial_of(chr(code))) for code in range(ord(_FIRST_SYLLABLE), ord(_LAST_SYLLABLE) + 1)},
    **{jamo: fold(jamo) for jamo in INITIALS},
}
_INITIALS_TABLE = str.maketrans(_FOLDED_INITIALS)


def folded_initials(text: str) -> str:
    """Each syllable as its folded initial; everything else as it is. Expects NFC."""
    return take_apart(text).translate(_INITIALS_TABLE)


def from_english_keys(typed: str) -> str:
    """What a two-set (두벌식) keyboard would have written: `ghdrlfehd` → 홍길동, `ghdrle` → 홍기ㄷ.

    All capitals are caps lock, not doubled consonants. Returns "" where the input holds anything but ASCII
    letters, or vowels that no syllable carries.
    """
    if not (typed.isascii() and typed.isalpha()):
        return ""
    if typed.isupper():
        typed = typed.lower()
    written = _compose([_KEYS.get(key) or _KEYS[key.lower()] for key in typed])
    return "" if any(character in _MEDIALS for character in written) else written


def _compose(jamo: list[str]) -> str:
    syllables: list[str] = []
    place = 0
    while place < len(jamo):
        starts_syllable = jamo[place] in INITIALS and place + 1 < len(jamo) and jamo[place + 1] in _MEDIALS
        if not starts_syllable:
            syllables.append(jamo[place])
            place += 1
            continue
        initial = jamo[place]
        medial, place = _medial(jamo, place + 1)
        final, place = _final(jamo, place)
        index = (INITIALS.index(initial) * len(_MEDIALS) + _MEDIALS.index(medial)) * len(_FINALS) + _FINALS.index(final)
        syllables.append(chr(ord(_FIRST_SYLLABLE) + index))
    return "".join(syllables)


def _medial(jamo: list[str], place: int) -> tuple[str, int]:
    pair = "".join(jamo[place : place + 2])
    if pair in _MEDIAL_PAIRS:
        return _MEDIAL_PAIRS[pair], place + 2
    return jamo[place], place + 1


def _final(jamo: list[str], place: int) -> tuple[str, int]:
    """A consonant closes the syllable unless a vowel follows, which takes it for its own."""

    def closes(at: int, length: int) -> bool:
        following = jamo[at + length : at + length + 1]
        return not following or following[0] not in _MEDIALS

    pair = "".join(jamo[place : place + 2])
    if pair in _FINAL_PAIRS and closes(place, 2):
        return _FINAL_PAIRS[pair], place + 2
    if place < len(jamo) and jamo[place] in _FINALS and closes(place, 1):
        return jamo[place], place + 1
    return "", place


def decompose(text: str) -> str:
    """NFD: three letters for a syllable, so that a trigram index has something to hold even for two syllables."""
    return unicodedata.normalize("NFD", text)
