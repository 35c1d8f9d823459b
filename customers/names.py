"""Names of customers: how they are kept, searched and masked.

Refuses to identify: names repeat inside one shop, so nothing here says that two are the same person.
Pure: no database. Everything takes any text, emoji and half a syllable included, and raises nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from customers import hangul

NAME_LENGTH = 200  # characters: what the profile keeps
CHOSUNG_LENGTH = 200
NFD_LENGTH = 800

_HONORIFIC = re.compile(r"(?:(?<=\S)\s*(?:고객\s*님|회원\s*님|고객)|(?<=\S\S)\s*님)$")  # 햇님 stays
_COMPANY_FORM = re.compile(r"㈜|\(\s*주\s*\)|（\s*주\s*）|^주식회사|주식회사$|㈐|\(\s*유\s*\)|^유한회사|유한회사$")
_NOT_SEARCHED = re.compile(r"[\W_]+")  # spaces, punctuation, emoji: nobody types them the same way twice
_WORD = re.compile(r"[^\W_]+")
_REMARK = re.compile(r"[(\[（].*?[)\]）]")
_MASKS_AT_MOST = 8  # stars for one word: a longer row says nothing more


def tidy_name(name: str) -> str:
    """A name as it is kept: NFC, single spaces, trimmed, at most 200 characters. Honorifics stay."""
    return " ".join(unicodedata.normalize("NFC", name).split())[:NAME_LENGTH].rstrip()


def bare_name(name: str) -> str:
    """A name without what people put around it: 님, 고객님, ㈜, (주), 주식회사; never emptied by that."""
    tidy = tidy_name(name)
    without_form = _COMPANY_FORM.sub("", tidy).strip()
    return _HONORIFIC.sub("", without_form).strip() or without_form or tidy


def search_key(name: str) -> str:
    """What equal searches agree in: the bare name in lower case, without spaces and punctuation."""
    return _NOT_SEARCHED.sub("", bare_name(name).lower())


def chosung(name: str) -> str:
    """Initials for the index: 홍길동 → ㅎㄱㄷ, 김Anna → ㄱanna. Doubled consonants are folded (ㄲ → ㄱ)."""
    return hangul.folded_initials(search_key(name))[:CHOSUNG_LENGTH]


def nfd_key(name: str) -> str:
    """The decomposed search key for the trigram index.

    A hit is a candidate only: 이 is found inside 임. Ask `NameQuery.matches` for the rest.
    """
    return hangul.decompose(search_key(name))[:NFD_LENGTH]


@dataclass(frozen=True, slots=True)
class NameQuery:
    """What somebody typed into the search box, taken as a part of a name."""

    key: str  # syllables, initials and letters to find in this order; "" finds nothing
    chosung: str  # folded, for the chosung column
    nfd: str  # for the trigram column; of use only without initials in the query
    has_initials: bool  # ㅎㄱㄷ or 홍ㄱㄷ: search the chosung column

    def matches(self, name: str) -> bool:
        """Whether the name holds the query: syllables and letters as such, ㄱ as any initial ㄱ or ㄲ, ㄲ as ㄲ."""
        name_key = search_key(name)
        if not self.has_initials:
            return self.key in name_key and self.key != ""
        length = len(self.key)
        return any(
            all(_stands_for(asked, there) for asked, there in zip(self.key, name_key[start:], strict=False))
            for start in range(len(name_key) - length + 1)
        )


def name_query(typed: str) -> NameQuery:
    """Reads a search. Initials that an input method joined (ㄳ) come apart, honorifics and ㈜ fall away."""
    key = search_key(hangul.take_apart(unicodedata.normalize("NFC", typed)))
    return NameQuery(
        key=key,
        chosung=hangul.folded_initials(key)[:CHOSUNG_LENGTH],
        nfd=hangul.decompose(key)[:NFD_LENGTH],
        has_initials=any(hangul.is_initial(character) for character in key),
    )


def from_wrong_keyboard(typed: str) -> str:
    """`ghdrlfehd` → 홍길동: what was meant when the keyboard stood on English; "" where that makes no Korean."""
    return hangul.from_english_keys(typed.strip())


def _stands_for(asked: str, there: str) -> bool:
    if not hangul.is_initial(asked):
        return asked == there
    initial = hangul.initial_of(there) if hangul.is_syllable(there) else there
    return asked in (initial, hangul.fold(initial))


# Names repeat, and a list is drawn anew with each letter typed.
@lru_cache(maxsize=4_096)
def mask_name(name: str) -> str:
    """홍길동 → 홍*동, 홍길 → 홍*, 남궁민수 → 남궁*수, John Smith → J*** S****.

    Digits are hidden whole (a phone number in the name field); remarks in brackets, emoji and punctuation fall away.
    """
    bare = bare_name(name)
    words = _WORD.findall(_REMARK.sub(" ", bare)) or _WORD.findall(bare)
    if not words:
        return "*" if name.strip() else ""
    if all(_is_east_asian(word) for word in words):
        return _mask_east_asian("".join(words))
    return " ".join(_mask_east_asian(word) if _is_east_asian(word) else _mask_word(word) for word in words)


def _is_east_asian(word: str) -> bool:
    """Hangul, Han and kana: names without spaces, where one character is a syllable."""
    return all(
        hangul.is_syllable(character) or "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff"
        for character in word
    )


def _mask_east_asian(name: str) -> str:
    if len(name) == 1:
        return "*"
    if len(name) == 2:
        return name[0] + "*"
    shown = 1 if len(name) == 3 else 2
    return name[:shown] + "*" * min(len(name) - shown - 1, _MASKS_AT_MOST) + name[-1]


def _mask_word(word: str) -> str:
    hidden = min(len(word) - 1, _MASKS_AT_MOST)
    return "*" * (hidden + 1) if word[0].isdigit() or hidden == 0 else word[0] + "*" * hidden


def mask_email(address: str) -> str:
    """honggildong@shop.example → ho***@shop.example; a local part of one or two characters shows one less."""
    local, at, domain = address.rpartition("@")
    if not at:
        return "***" if address else ""
    return local[: max(0, min(2, len(local) - 1))] + "***@" + domain
