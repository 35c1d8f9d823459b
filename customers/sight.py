"""How much of a customer's data one person gets to see, and the hiding of the rest.

A room of its own because every read passes through it: what a query returns is already fit for the eyes it is for, so
that no template can show too much. Pure: no database, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from customers.models.identity import IdentityKind
from customers.names import mask_email, mask_name, tidy_name
from customers.phone_numbers import format_phone, mask_phone

# Full-width digits are read as digits; each is one character, so places in both texts agree.
_NARROW = str.maketrans("０１２３４５６７８９＋－（）．", "0123456789+-().")
_GAP = r"[\s\-.·ㆍ/()‐-―−~*]{0,3}"
# 010 and other prefixes with what people write between the groups; the 0 may have been eaten by a spreadsheet.
_PHONE = re.compile(
    rf"(?<!\d)(?:\+?82{_GAP}0?|0)\d{{1,3}}{_GAP}\d{{3,4}}{_GAP}\d{{4}}(?!\d)|(?<!\d)10{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)"
)
_FOREIGN = re.compile(rf"\+[1-9](?:{_GAP}\d){{8,14}}(?!\d)")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"']+@[^\s@<>()\[\],;:\"']+\.[^\s@<>()\[\],;:\"'.]+")


@dataclass(frozen=True, slots=True)
class Sight:
    """`is_masked` hides names, numbers and addresses; the last four digits of a number stay."""

    is_masked: bool

    def name(self, name: str) -> str:
        return mask_name(name) if self.is_masked else name

    def phone(self, number: str) -> str:
        return mask_phone(number) if self.is_masked else format_phone(number)

    def email(self, address: str) -> str:
        return mask_email(address) if self.is_masked else address

    def identity(self, kind: str, value: str) -> str:
        """One identity as it may be shown."""
        if kind == IdentityKind.PHONE:
            return self.phone(value)
        if kind == IdentityKind.EMAIL:
            return self.email(value)
        return mask_code(value) if self.is_masked else value

    def text(self, text: str, names: Iterable[str] = ()) -> str:
        """What somebody wrote. Masked: without the numbers, addresses and names of the customer in it."""
        return mask_text(text, names) if self.is_masked else text


IN_FULL = Sight(is_masked=False)
MASKED = Sight(is_masked=True)


def mask_code(code: str) -> str:
    """M-100123 → M-****23: enough to compare with a card, not enough to use it."""
    if len(code) <= 3:
        return "*" * len(code)
    hidden = r"[0-9]" if sum(char.isdigit() for char in code) > 3 else r"\w"
    return re.sub(hidden, "*", code[:-2]) + code[-2:]


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """Hides telephone numbers (but for their last four digits), mail addresses and the given names in a text."""
    for name in names:
        tidy = tidy_name(name)
        if len(tidy) >= 2:
            text = text.replace(tidy, mask_name(tidy))
    text = _EMAIL.sub(lambda found: mask_email(found[0]), text)
    hidden = list(text)
    narrow = text.translate(_NARROW)
    for pattern in (_PHONE, _FOREIGN):
        for found in pattern.finditer(narrow):
            places = [place for place in range(*found.span()) if narrow[place].isdigit()]
            for place in places[3 if found[0].startswith("0") else 2 : -4]:
                hidden[place] = "*"
    return "".join(hidden)
