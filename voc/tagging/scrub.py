"""Personal numbers are cut out before anything else sees a text: phone, resident registration, card, account, and mail addresses.

What is cut out is overwritten character by character, so that places in the text stay what they are.
"""

from __future__ import annotations

import re

MASK = "•"

# One character that people put between the groups of a number.
_GAP = "[ \\t\\-–—‐‑−.·,/()\u00a0\u200b\u200c\u200d\u2060\ufeff]"
_SPOKEN = "[공영일이삼사오육륙칠팔구]"
_NUMBERS = re.compile(
    # Nine digits or more in any grouping: every phone, resident, card and account number, and some order numbers with them.
    rf"\+?\d(?:{_GAP}{{0,3}}\d){{8,}}"
    # Partly hidden already: 010-****-5678, 900101-1******, 1234-****-****-5678.
    rf"|\d{{2,4}}{_GAP}{{1,3}}[*●xX]{{3,4}}{_GAP}{{1,3}}(?:[*●xX]{{4}}{_GAP}{{1,3}})?\d{{4}}"
    rf"|\d{{6}}{_GAP}{{1,3}}[1-8][*●xX]{{6}}"
    # Said aloud: 공일공 일이삼사 오육칠팔.
    rf"|공{_GAP}{{0,2}}일{_GAP}{{0,2}}{_SPOKEN}(?:{_GAP}{{0,2}}{_SPOKEN}){{7,8}}"
    r"|[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,190}"
)
# Long, but nobody's: a day with its hour, an amount.
_HARMLESS = re.compile(r"(?:19|20)\d\d[-./ ]{1,2}[01]?\d[-./ ]{1,2}[0-3]?\d(?: [0-2]\d)?|\d{1,3}(?:,\d{3})+")


def scrub(text: str) -> str:
    """The text with each character of a personal number replaced; exactly as long as it was."""
    return _NUMBERS.sub(_cut, text)


def _cut(found: re.Match[str]) -> str:
    number = found.group()
    return number if _HARMLESS.fullmatch(number) else MASK * len(number)
