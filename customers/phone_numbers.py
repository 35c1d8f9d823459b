"""Telephone numbers as Koreans type them: which one identifies a person, and how each is shown.

Refuses to guess: a masked, withheld, safe or company number never yields an identity, and what is no number says so.
Pure: no database. Numbers are compared in E.164.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    FIXED = "fixed"  # also internet telephony: a number of a household or an office
    MASKED = "masked"  # 010-****-5678
    WITHHELD = "withheld"  # the network or a till says that there is none to show
    SAFE = "safe"  # 050x: lent for a while, then lent to somebody else
    COMPANY = "company"  # 1588-1234, 080, 060: shared by everybody who works there
    INVALID = "invalid"


class Phone(NamedTuple):
    """A number as understood. `e164` is set exactly where the number may identify a customer."""

    kind: PhoneKind
    e164: str
    digits: str  # national, with the leading 0 (foreign: with +); "" where masked, withheld or _INVALID

    @property
    def identifies(self) -> bool:
        return self.e164 != ""


_INVALID = Phone(PhoneKind.INVALID, "", "")
_LONGEST_WRITTEN = 60  # characters; twice what any way of writing a number needs

# Every 010 number has eight digits after it. phonenumbers is not asked: it refuses 010-597x…599x, which exist, and
# takes 400 times as long.
_ORDINARY_MOBILE = re.compile(r"(?:0|\+?82[- ]?0?)?10[- .]?([0-9]{4})[- .]?([0-9]{4})")

_MASK = re.compile(r"[*xX#●○•]")
_WRITTEN_AROUND_DIGITS = re.compile(r"[\s().\-/~‐‑‒–—―−ー·ㆍ\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_WITHHELD = frozenset(
    {
        "anonymous", "anonymousinvalid", "unknown", "unknowncaller", "private", "privatenumber", "restricted",
        "withheld", "unavailable", "blocked", "nocallerid", "nonumber", "hidden", "null", "none",
        "발신번호표시제한", "발신자표시제한", "발신번호제한", "발신번호없음", "표시제한", "표시금지", "번호없음",
        "알수없음", "비공개", "익명", "없음",
    }
)  # fmt: skip

_SAFE = re.compile(r"050[0-9]{8,9}")
_COMPANY = re.compile(r"1[3-9][0-9]{6}|080[0-9]{7,8}|060[0-9]{7,8}|030[0-9]{8,9}|1[0-9]{2}")
_MISDIALLED_MOBILE = re.compile(r"010[0-9]*")  # not eight digits after 010, or the first pattern had taken it

_COMPANY_TYPES = frozenset(
    {PhoneNumberType.UAN, PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}
)
_MOBILE_TYPES = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


def parse_phone(typed: str) -> Phone:
    """Understands a number as a person or a till wrote it; never raises.

    Takes separators, full-width digits, `+82`, `82` and the 0 that a spreadsheet ate. Foreign numbers need their `+`.
    """
    return _parse(typed) if len(typed) <= _LONGEST_WRITTEN else _INVALID


# A regular customer's number comes with each of her events.
@lru_cache(maxsize=16_384)
def _parse(typed: str) -> Phone:
    ordinary = _ORDINARY_MOBILE.fullmatch(typed)
    if ordinary:
        rest = "10" + ordinary[1] + ordinary[2]
        return Phone(PhoneKind.MOBILE, "+82" + rest, "0" + rest)
    return _parse_unusual(typed)


def _parse_unusual(typed: str) -> Phone:
    written = unicodedata.normalize("NFKC", typed).strip()
    written = written.removeprefix("tel:")
    if re.sub(r"[^a-z가-힣]", "", written.lower()) in _WITHHELD and not re.search(r"\d", written):
        return Phone(PhoneKind.WITHHELD, "", "")
    digits = _WRITTEN_AROUND_DIGITS.sub("", written)
    if not digits:  # a till that insists on the field gets "-"
        return Phone(PhoneKind.WITHHELD, "", "")
    if _MASK.search(digits):
        is_number = re.fullmatch(r"\+?[0-9*xX#●○•]{4,20}", digits)
        return Phone(PhoneKind.MASKED, "", "") if is_number else _INVALID
    return _parse_digits(digits)


def _parse_digits(digits: str) -> Phone:
    if not re.fullmatch(r"\+?[0-9]{3,20}", digits):
        return _INVALID
    if re.match(r"00(?:[0-9]{1,3})??82[1-9]", digits):  # dialled abroad, or through a carrier: 00-82-10…, 001-82-10…
        digits = "+82" + digits.partition("82")[2]
    ordinary = _ORDINARY_MOBILE.fullmatch(digits)
    if ordinary:
        rest = "10" + ordinary[1] + ordinary[2]
        return Phone(PhoneKind.MOBILE, "+82" + rest, "0" + rest)

    korean = _national_digits(digits)
    if korean is not None:
        if _SAFE.fullmatch(korean):
            return Phone(PhoneKind.SAFE, "", korean)
        if _COMPANY.fullmatch(korean):
            return Phone(PhoneKind.COMPANY, "", korean)
        if _MISDIALLED_MOBILE.fullmatch(korean):
            return _INVALID
    return _ask_the_library(digits) or _INVALID


def _national_digits(digits: str) -> str | None:
    """The number with its Korean leading 0 or service code; None for a foreign one."""
    if digits.startswith("+") and not digits.startswith("+82"):
        return None
    # Without the +, 82 opens a number only where what follows is long enough to be one: 82-10…, 82-2-….
    if digits.startswith("+82") or (digits.startswith("82") and len(digits) >= 10):
        rest = digits.removeprefix("+").removeprefix("82")
        if re.fullmatch(r"1[3-9][0-9]{6}", rest):
            return rest
        return rest if rest.startswith("0") else "0" + rest
    if re.fullmatch(r"50[0-9]{8,9}", digits):
        return "0" + digits  # its 0 was eaten
    return digits


def _ask_the_library(digits: str) -> Phone | None:
    try:
        number = phonenumbers.parse(digits, "KR")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    shown = "0" + e164.removeprefix("+82") if number.country_code == 82 else e164
    kind = phonenumbers.number_type(number)
    if kind in _COMPANY_TYPES:
        return Phone(PhoneKind.COMPANY, "", shown)
    return Phone(PhoneKind.MOBILE if kind in _MOBILE_TYPES else PhoneKind.FIXED, e164, shown)


def format_phone(number: str) -> str:
    """Shows a number (E.164, or as typed) the way its owner writes it; what is no number comes back as it is.

    Own rules for Korea: the library writes safe numbers as `050-71234-5678`, which nobody here does.
    """
    phone = parse_phone(number)
    if not phone.digits:
        return number
    if phone.digits.startswith("+"):
        return phonenumbers.format_number(phonenumbers.parse(phone.digits, None), PhoneNumberFormat.INTERNATIONAL)
    return "-".join(_groups(phone.digits))


def _groups(digits: str) -> list[str]:
    if len(digits) <= 8:
        return [group for group in (digits[:-4], digits[-4:]) if group]
    head = 2 if digits.startswith("02") else 4 if digits.startswith(("050", "030")) else 3
    return [digits[:head], digits[head:-4], digits[-4:]]


def mask_phone(number: str) -> str:
    """`010-****-5678`: one rule on every screen, since two different ones would give the number away.

    The counter asks for the last four digits, so these stay. What is no number is hidden whole.
    """
    phone = parse_phone(number)
    if phone.kind is PhoneKind.WITHHELD:
        return number
    if phone.kind is PhoneKind.MASKED:  # 010-1234-**** shows what we hide
        number = number.strip()
        return number[:3] + re.sub(r"\d", "*", number[3:-4]) + number[-4:]
    if not phone.digits:
        return "*" * min(len(number), 12)
    shown = format_phone(number)
    if phone.kind is PhoneKind.COMPANY:
        return shown
    head, separator, rest = shown.partition(" " if phone.digits.startswith("+") else "-")
    return head + separator + re.sub(r"[0-9]", "*", rest[:-4]) + rest[-4:]


def last4(number: str) -> str:
    """The last four digits of a number that identifies somebody; empty for any other."""
    return parse_phone(number).e164[-4:]
