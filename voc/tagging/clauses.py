"""Cuts a squeezed sentence where one judgement ends and the next begins: 비싸지만 | 만족, 싸고 | 좋아요, 예쁜데 | 작아요."""

from __future__ import annotations

import re
from dataclasses import dataclass

from voc.tagging.stretches import Squeezed

_BUT = re.compile(
    r"지만은?|으나(?!마)|습니다만|(?:긴|기는)(?:한데|하나|해도|하지만)|하지만|그러나|그런데|근데|다만|(?:은|는|던|한|ㄴ)?반면에?|대신에?|에도불구하고|불구하고|[가-힣]데요?(?=.{2})|기에도|(?:[가-힣][아어워]|비싸|싸|커|뻐|려|해)도(?!되|돼|될|된|됩|괜찮|상관|좋|무방)|(?:빼고는|빼곤)|but"
)
_AND = re.compile(r"[가-힣]고(?=.{2})|으?며(?=.{2})|면서(?=.{2})|[,./;~!?…]+(?=.{2})|그리고")
_NO_AND_BEFORE = frozenset("광최재창사참장경신중원권보라다냉")
_NO_AND_AFTER = frozenset("급장객맙마민생싶있양기정소화려")


@dataclass(frozen=True, slots=True)
class Clause:
    """`start` to `end` in the squeezed text; `against`: it stands against the one before (but)."""

    start: int
    end: int
    against: bool


def clauses(squeezed: Squeezed) -> list[Clause]:
    text = squeezed.text
    cuts = {found.end(): True for found in _BUT.finditer(text) if _is_but(text, found)}
    for found in _AND.finditer(text):
        if found.end() not in cuts and _is_and(text, found):
            cuts[found.end()] = False
    parts, start, against = [], 0, False
    for end in sorted(cuts):
        if end - start > 1 and end < len(text):
            parts.append(Clause(start, end, against))
            start, against = end, cuts[end]
    parts.append(Clause(start, len(text), against))
    return parts


def _is_but(text: str, found: re.Match[str]) -> bool:
    """…ㄴ데 only after a final ㄴ: 싼데, 늦는데; not 가운데, 한데."""
    piece = found.group()
    if (len(piece) > 1 and piece[1] == "데") or (piece[-1] == "데" and piece[0] != "긴"):
        code = ord(piece[0]) - 0xAC00
        return (
            0 <= code < 11172
            and code % 28 == 4
            and not piece.startswith("운데")
            and text[found.end() : found.end() + 1] not in "에서는"
        )
    return True


def _is_and(text: str, found: re.Match[str]) -> bool:
    piece = found.group()
    if piece.endswith("고") and len(piece) == 2:
        return piece[0] not in _NO_AND_BEFORE and text[found.end() : found.end() + 1] not in _NO_AND_AFTER
    return True
