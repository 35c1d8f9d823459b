"""What somebody typed, or a scanner read, into the one search box: which kinds of search it can mean.

Pure: no database. Takes any text and raises nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from customers import hangul
from customers.names import NameQuery, from_wrong_keyboard, name_query
from customers.phone_numbers import parse_phone

TYPED_AT_MOST = 100


class Kind(StrEnum):
    """What a search was understood as; also what the audit trail says about it."""

    NOTHING = "nothing"
    TOO_SHORT = "too_short"
    LAST4 = "last4"
    PHONE = "phone"
    PHONE_PART = "phone_part"
    MEMBER_NO = "member_no"
    EMAIL = "email"
    NAME = "name"
    INITIALS = "initials"
    WRONG_KEYBOARD = "wrong_keyboard"


@dataclass(frozen=True, slots=True)
class Terms:
    """`codes` are exact member numbers to try; the rest is set where it applies, and "" or None otherwise."""

    kind: Kind
    codes: tuple[str, ...] = ()
    last4: str = ""
    e164: str = ""
    tail: str = ""  # the digits that a number must end with
    beginning: str = ""  # E.164 that a number must begin with
    email: str = ""
    name: NameQuery | None = None
    meant: NameQuery | None = None  # what the keys would have been on a Korean keyboard


_AROUND_DIGITS = re.compile(r"[\s\-.()/+·‐-―−]")
# A scanner's frame: control characters before and after the code, and FNC1 as ]C1.
_SCANNER_FRAME = re.compile(r"^\](?:C1|E0|Q3|d2)")


def read_terms(typed: str) -> Terms:
    """Understands the text. Four digits are last four, never a number; what holds an @ is an address."""
    text = _tidy(typed)
    if not text:
        return Terms(Kind.NOTHING)
    digits = _AROUND_DIGITS.sub("", text)
    if digits.isascii() and digits.isdigit():
        return _digits(text, digits)
    if "@" in text:
        return Terms(Kind.EMAIL, codes=_codes(text), email=text.lower())
    name = name_query(text)
    meant = from_wrong_keyboard(text)
    return Terms(
        Kind.INITIALS if name.has_initials else Kind.NAME,
        codes=_codes(text),
        name=name if name.key else None,
        meant=name_query(meant) if meant else None,
    )


def _tidy(typed: str) -> str:
    visible = "".join(" " if unicodedata.category(char)[0] == "C" else char for char in typed[: TYPED_AT_MOST * 2])
    # NFKC for full-width digits and letters; it would take ㄱ (compatibility jamo) apart, so Hangul keeps its NFC.
    wide = "".join(
        char if "\u3130" <= char <= "\u318f" else unicodedata.normalize("NFKC", char)
        for char in unicodedata.normalize("NFC", visible)
    )
    return _SCANNER_FRAME.sub("", " ".join(wide.split()))[:TYPED_AT_MOST].strip()


def _digits(text: str, digits: str) -> Terms:
    codes = _codes(text)
    if len(digits) < 4:
        return Terms(Kind.TOO_SHORT, codes=codes)
    if len(digits) == 4:
        return Terms(Kind.LAST4, codes=codes, last4=digits)
    phone = parse_phone(text)
    if not phone.identifies and len(digits) == 8 and not digits.startswith("0"):
        phone = parse_phone("010" + digits)  # 1234-5678: the 010 goes without saying
    if phone.identifies:
        return Terms(Kind.PHONE, codes=codes, e164=phone.e164)
    beginning = "+82" + digits[1:] if digits.startswith("01") else ""
    return Terms(Kind.PHONE_PART, codes=codes, tail=digits, last4=digits[-4:], beginning=beginning)


def _codes(text: str) -> tuple[str, ...]:
    """Member numbers that the text may be: as typed, in either case, and as keyed with the input method on Korean."""
    codes = [text, text.upper(), text.lower()]
    keys = hangul_to_keys(text)
    if keys != text:
        codes += [keys, keys.upper()]
    if not any(char.isdigit() for char in text):
        codes = codes[:2]
    return tuple(dict.fromkeys(codes))


_SINGLE_KEYS = dict(
    zip(
        "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ",
        "rRseEfaqQtTdwWczxvgkoiOjpuPhynbml",
        strict=True,
    )
)
_JOINED_KEYS = {
    "ㅘ": "hk", "ㅙ": "ho", "ㅚ": "hl", "ㅝ": "nj", "ㅞ": "np", "ㅟ": "nl", "ㅢ": "ml", "ㄳ": "rt", "ㄵ": "sw", "ㄶ": "sg",
    "ㄺ": "fr", "ㄻ": "fa", "ㄼ": "fq", "ㄽ": "ft", "ㄾ": "fx", "ㄿ": "fv", "ㅀ": "fg", "ㅄ": "qt",
}  # fmt: skip
_KEYS = {**_SINGLE_KEYS, **_JOINED_KEYS}


def hangul_to_keys(text: str) -> str:
    """`ㅡ-1001` → `m-1001`: what a barcode scanner sent while the input method stood on Korean."""
    keys = []
    for char in text:
        if hangul.is_syllable(char):
            place = ord(char) - ord("가")
            initial, medial, final = place // 588, place % 588 // 28, place % 28
            jamo = hangul.INITIALS[initial] + chr(ord("ㅏ") + medial)
            jamo += " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"[final].strip()
            keys += [_KEYS[one] for one in jamo]
        else:
            keys.append(_KEYS.get(char, char))
    return "".join(keys)
