"""Expressions that speak well or ill of something, found in a sentence, with what turns them round (안, 못, 지 않다, 없다)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from voc.tagging.stretches import Finder, Squeezed

_FILE = Path(__file__).with_name("lexicon.txt")


@dataclass(frozen=True, slots=True)
class Expression:
    """`says`: topics it speaks of by itself; `hints`: topics it speaks of if nothing else is named."""

    stem: str
    mood: int
    says: tuple[str, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """An expression at a place; `mood` after negation: −1, 0 (a wish, no judgement) or 1."""

    start: int
    end: int
    mood: int
    turned: bool
    expression: Expression


# What may stand between a stem and what negates it: 친절하+지 않, 불편함+이 하나도 없, 별로인 정도는+아니.
_AFTER = re.compile(
    r"(?:하|스럽|롭|되|들|나|하고싶|아하|어하|게오|게나오|해보이|이되)?(?:지(?:는|도|가|를|만은)?|진|질)(?:전혀|그닥|그다지|별로)?(?:않|안|못|아니)"
    r"|(?:하|한|할|함|스러운|스러움|인|는|던|은)?(?:게|것|거|점|일|데|적|감)?(?:은|는|이|가|도|을|를)?(?:전혀|하나도|아예|거의|1도|일도|딱히|별로)?(?:없|(?:안|않)(?:나|남|납|났|생))"
    r"|(?:은|는|한)?(?:지|줄)(?:는|도|을)?(?:잘|전혀)?모르"
    # 추천은 못 하겠어요, 만족은 안 합니다.
    r"|(?:은|는|을|를|도)(?:절대|도저히|차마)?(?:안|못)(?:하|해|할|합|했|드리|드려)"
    r"|[가-힣]{0,3}?(?:은|는|건|게|정도는|편은|편이|줄)아(?:니|닙|님|녜|닌)"
)
_NEVER_TURNED = re.compile(r"(?:을|를|할|볼|살|쓸)수(?:가|는)?없")
# 빠르면, 튼튼하게 해 주시면, 최고일 텐데: said of what is not.
_NOT_SO = re.compile(
    r"(?:하|으|스러우)?면(?!서|이|은|도)|[가-힣]{0,2}텐데|(?:하|스럽)?게(?:좀|더)?(?:해주(?!셔|셨|신)|해줘|해줬으|만들어주(?!셔|셨)|보내주(?!셔|셨)|부탁|바라|바랍)"
)
_WISH = re.compile(r"겠|을(?:거|것|듯|텐데|까)|을꺼")
_IF_ONLY = re.compile(r"[가-힣]{0,6}(?:했|였|었|았|됐)으면|[가-힣]{0,2}으면(?!서)[^요]{0,3}좋겠")
_AFTER_IF = re.compile(r"면(?:더|더욱|훨씬|참|정말)?$")
_NO_BEFORE = frozenset("동제방편불대집미보초문도")
# Adverbs that go with 없다 and 않다 and say the same.
_WITH_NO = frozenset(("별로", "별루", "그닥", "그다지"))
_FINAL_B = 17
_FINAL_SS = 20
# ㅏ ㅐ ㅓ ㅕ ㅘ ㅙ ㅝ; not ㅔ, for 기다리게 would be 기다리겠.
_PAST_VOWELS = frozenset((0, 1, 4, 6, 9, 10, 14))
_ASKED = re.compile(r"[가-힣]{0,4}?(?:주세요|주십|주시|바랍|부탁|줘)")


@lru_cache(maxsize=1)
def expressions() -> Finder[Expression]:
    return Finder(entry for stem, expression in _read() for entry in _forms(stem, expression))


def _forms(stem: str, expression: Expression) -> Iterator[tuple[str, Expression]]:
    """The stem, what 니다 makes of one that ends in a vowel (빠르, 빠릅니다), and its past where it ends as those do (번져, 번졌)."""
    yield stem, expression
    code = ord(stem[-1]) - 0xAC00
    if len(stem) > 1 and 0 <= code < 11172 and code % 28 == 0:
        yield f"{stem[:-1]}{chr(ord(stem[-1]) + _FINAL_B)}니", expression
        if code // 28 % 21 in _PAST_VOWELS:
            yield f"{stem[:-1]}{chr(ord(stem[-1]) + _FINAL_SS)}", expression


def _read() -> Iterator[tuple[str, Expression]]:
    mood = 0
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            mood = {"[+]": 1, "[-]": -1, "[0]": 0}[line]
        elif line and not line.startswith("#"):
            words = line.split()
            says = tuple(word[:-1] for word in words if word.endswith("!") and word[:-1].isascii() and len(word) > 3)
            hints = tuple(word[:-1] for word in words if word.endswith("?"))
            for word in words:
                if word[-1] not in "!?" or len(word) < 3:
                    yield word, Expression(word, mood, says, hints)


def find(squeezed: Squeezed, facts: Sequence[Hit] = ()) -> list[Hit]:
    """All expressions of a sentence, left to right, none inside another, in what negates another, or in one of `facts`."""
    hits, free = list(facts), 0
    for start, end, found in expressions().all(squeezed):
        if start >= free and not any(fact.start <= start < fact.end for fact in facts):
            hit, free = _judged(squeezed, start, end, found)
            hits.append(hit)
    return sorted(hits, key=_start) if facts else hits


def _start(hit: Hit) -> int:
    return hit.start


def _judged(squeezed: Squeezed, start: int, end: int, found: Expression) -> tuple[Hit, int]:
    """The hit, and where the next may begin."""
    text = squeezed.text
    after = text[end : end + 14]
    if found.mood > 0 and _is_wish(found, text[max(0, start - 4) : start], after):
        return Hit(start, end, 0, False, found), end
    negated = _AFTER.match(after)
    if negated and not _NEVER_TURNED.match(after) and found.stem not in _WITH_NO:
        # 안 좋은 점이 없다: turned twice is not turned.
        turned = not _is_negated_before(squeezed, start)
        return Hit(start, end, -found.mood if turned else found.mood, turned, found), end + negated.end()
    turned = _is_negated_before(squeezed, start)
    return Hit(start, end, -found.mood if turned else found.mood, turned, found), end


def _is_wish(found: Expression, before: str, after: str) -> bool:
    if found.stem[:1] in "좋감고조" and _WISH.match(after.removeprefix("하")):
        return True
    if _AFTER_IF.search(before) and found.stem.startswith("좋"):
        return True
    return bool(_IF_ONLY.match(after) or _NOT_SO.match(after)) or (found.stem == "빨리" and bool(_ASKED.match(after)))


def _is_negated_before(squeezed: Squeezed, start: int) -> bool:
    text = squeezed.text
    if start == 0 or text[start - 1] not in "안않못":
        return False
    return start - 1 in squeezed.begins or start == 1 or text[start - 2] not in _NO_BEFORE
