"""Words of what was said, with particles taken off: `배송이` and `배송은` are one. Pure, and without a dictionary.

A particle is taken off where what is left stands elsewhere with another ending or with none. So `고양이` keeps its last
syllable, for nobody says `고양은`.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

# Longest first: "에서는" before "는".
PARTICLES = tuple(
    sorted(
        (
            *("이", "가", "은", "는", "을", "를", "에", "의", "도", "만", "로", "와", "과", "랑", "나", "요", "께"),
            *("에서", "에게", "한테", "까지", "부터", "보다", "처럼", "이나", "으로", "이랑", "이요", "이라", "라도"),
            *(
                "에서는",
                "에서도",
                "으로는",
                "에는",
                "에도",
                "로는",
                "까지는",
                "이라도",
                "이라서",
                "인데",
                "이고",
                "하고",
            ),
        ),
        key=lambda particle: (-len(particle), particle),
    )
)
_CLEAR = frozenset(("가", "을", "를", "은", "는", "에서", "에서는", "까지", "부터", "에게", "한테", "으로", "인데"))
_WORD = re.compile(r"[가-힣]{2,12}|[a-z][a-z0-9]{2,20}", re.IGNORECASE)
# Verbs and what stands in every other sentence say nothing of the matter.
_PREDICATE = re.compile(
    r"(?:요|다|죠|네|까|든|지만|네요|어서|아서|해서|니까|세요|면서|려고|하는|했는|되는|있는|없는|같은|같이|해|어|아)$"
)
# 받을, 있는, 것도, 건에: what stands beside the matter, in one form or another.
_BESIDE = re.compile(
    r"(?:받|먹|입|신|찾|있|없|같|넣|남|맞|하|되|보|오|가)(?:을|은|는|던|고|게|지|면|으면)|(?:것|거|건|게|수|데|때|곳|줄)(?:도|은|는|이|가|을|를|에|로|만)|(?:이러|그러|저러|어떠|이렇|그렇)(?:면|고|게|지)"
    # 두 명은, 한 번에: what is counted says nothing without its number.
    r"|(?:명|번|벌|장|분|원)(?:은|이|을|에|으로|의|씩|째|이나|밖에|정도)|(?:개|켤레)(?:가|는|를|에|로|의|씩|째|나|밖에|정도)"
)
_COMMON = frozenset(
    [
        "그리고",
        "그런데",
        "근데",
        "정말",
        "진짜",
        "너무",
        "아주",
        "매우",
        "조금",
        "그냥",
        "아직",
        "이거",
        "그거",
        "저거",
        "이게",
        "그게",
        "제가",
        "저는",
        "우리",
        "저희",
        "오늘",
        "어제",
        "내일",
        "지금",
        "이제",
        "다시",
        "계속",
        "혹시",
        "감사",
        "고객",
        "고객님",
        "상담",
        "문의",
        "확인",
        "부탁",
        "경우",
        "정도",
        "이번",
        "다음",
        "때문",
        "하나",
        "모두",
        "많이",
        "빨리",
        "바로",
        "언제",
        "어떻게",
        "아예",
        "전혀",
        "자꾸",
        "벌써",
        "역시",
        "일단",
        "이미",
        "혹은",
        "또한",
        "해당",
        "관련",
        "the",
        "and",
        "for",
        "you",
        "with",
        "this",
        "that",
        "are",
        "was",
    ]
)


@dataclass(frozen=True, slots=True)
class Rise:
    """A word said in `now` sentences, in `before` of as many days before; `strength` sorts."""

    word: str
    now: int
    before: int
    strength: float


def stems(texts: Iterable[str]) -> Counter[str]:
    """In how many of the texts each word stands, by its stem."""
    by_text = [_words(text) for text in texts]
    return _counted(by_text, _stems(by_text))


def rising(now: Iterable[str], before: Iterable[str], *, at_least: int = 3, most: int = 20) -> list[Rise]:
    """The words that more texts hold than the length of both periods lets expect, the strongest first.

    By the signed root of the likelihood ratio (Dunning 1993) with half a sentence added to each: one new word does not
    stand before one that doubled. Only what rises beyond 1.96 and is said in `at_least` texts.
    """
    later, earlier = [_words(text) for text in now], [_words(text) for text in before]
    stem_of = _stems([*later, *earlier])
    counted, counted_before = _counted(later, stem_of), _counted(earlier, stem_of)
    found = []
    for word, times in counted.items():
        strength = _signed_root(times, len(later), counted_before[word], len(earlier))
        if times >= at_least and strength > 1.96:
            found.append(Rise(word, times, counted_before[word], strength))
    return sorted(found, key=lambda rise: (-rise.strength, rise.word))[:most]


def holds(text: str, word: str) -> bool:
    """Whether a word as `rising` tells it stands in the text, with whichever particle."""
    return any(stem == word for found in _words(text) for stem, _particle in _parts(found))


def _words(text: str) -> frozenset[str]:
    return frozenset(found.lower() for found in _WORD.findall(text))


def _stems(by_text: list[frozenset[str]]) -> dict[str, str]:
    seen = {word for words in by_text for word in words}
    endings: dict[str, set[str]] = defaultdict(set)
    for word in seen:
        for stem, particle in _parts(word):
            endings[stem].add(particle)
    return {word: _stem(word, endings) for word in seen}


def _counted(by_text: list[frozenset[str]], stem_of: dict[str, str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for words in by_text:
        counted.update({stem_of[word] for word in words})
    return Counter({word: times for word, times in counted.items() if _says_something(word)})


def _signed_root(now: int, now_all: int, before: int, before_all: int) -> float:
    a, b = now + 0.5, before + 0.5
    both = (a + b) / max(1, now_all + before_all + 1)
    expected_a, expected_b = both * max(now_all, 1), both * max(before_all, 1)
    ratio = 2 * (a * math.log(a / expected_a) + b * math.log(b / expected_b))
    return math.copysign(math.sqrt(max(ratio, 0.0)), a - expected_a)


def _parts(word: str) -> list[tuple[str, str]]:
    """The word as it is, and each way to take a particle off that leaves two syllables."""
    taken = [
        (word[: -len(particle)], particle)
        for particle in PARTICLES
        if word.endswith(particle) and len(word) - len(particle) >= 2
    ]
    return [(word, ""), *taken]


def _stem(word: str, endings: dict[str, set[str]]) -> str:
    """The stem that stands with most different endings, the longest of equals; of a word of one form, what is left
    where its end can hardly be anything but a particle."""
    candidates = [(len(endings[stem]), len(stem), stem) for stem, _particle in _parts(word) if len(endings[stem]) > 1]
    if candidates:
        return max(candidates)[2]
    return next((stem for stem, particle in _parts(word) if particle in _CLEAR and _fits(stem, particle)), word)


def _fits(stem: str, particle: str) -> bool:
    """Whether the form is the one that follows a stem which ends so, on a consonant or a vowel."""
    is_closed = _closing(stem[-1]) != 0
    return {"을": is_closed, "은": is_closed, "가": not is_closed, "를": not is_closed, "는": not is_closed}.get(
        particle, True
    )


def _closing(syllable: str) -> int:
    """The number of its closing consonant in Unicode's order (4 is ㄴ), 0 for none or for what is no Hangul syllable."""
    return (ord(syllable) - ord("가")) % 28 if "가" <= syllable <= "힣" else 0


def _is_aside(word: str) -> bool:
    """Whether it is a verb or adjective that leads over to the next words: 긴데, 좋은데, 보냈는데."""
    return word.endswith("데") and len(word) > 1 and _closing(word[-2]) == 4


def _says_something(word: str) -> bool:
    return (
        word not in _COMMON
        and not _is_aside(word)
        and not _BESIDE.fullmatch(word)
        and not (_PREDICATE.search(word) and "가" <= word[0] <= "힣")
    )
