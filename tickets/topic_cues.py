"""Which topic a conversation is probably about, by words that stand for one. Pure, and no more than that: it counts.

The cues are those of shops; an organization's own topics are known by the words of their names as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# By the slugs that the demo and most shops use; a topic of another slug has its name only.
CUES: Mapping[str, tuple[str, ...]] = {
    "delivery": ("배송", "택배", "송장", "도착", "출고", "운송장", "delivery", "shipping"),
    "exchange": ("교환", "바꿔", "바꾸", "exchange"),
    "return": ("반품", "환불", "돌려", "취소", "return", "refund"),
    "refund": ("환불", "취소", "입금", "돌려받", "refund"),
    "size": ("사이즈", "치수", "작아", "커요", "크기", "size"),
    "stock": ("재고", "품절", "입고", "남았", "stock"),
    "defect": ("불량", "하자", "뜯어", "고장", "파손", "얼룩", "찢어", "풀렸", "defect", "broken"),
    "repair": ("수선", "수리", "에이에스", "a/s", "as접수", "repair"),
    "payment": ("결제", "카드", "할부", "영수증", "세금계산서", "payment"),
    "points": ("적립", "포인트", "쿠폰", "등급", "points"),
    "hours": ("영업시간", "몇 시", "몇시", "휴무", "문 여", "opening hours"),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """The topic's slug, and the cue found most often: what is shown beside it, so that nobody takes it for knowledge."""

    topic: str
    cue: str


def guess_topic(texts: Iterable[str], topics: Mapping[str, str]) -> Guess | None:
    """The topic (slug → name) whose cues stand most often in the texts; None where none does or two stand alike."""
    said = "\n".join(texts).casefold()
    counted = []
    for slug, name in topics.items():
        found = [(said.count(cue), cue) for cue in {*CUES.get(slug, ()), *_words_of(name)}]
        total = sum(times for times, _cue in found)
        if total:
            counted.append((total, slug, max(found)[1]))
    counted.sort(reverse=True)
    if not counted or (len(counted) > 1 and counted[0][0] == counted[1][0]):
        return None
    return Guess(counted[0][1], counted[0][2])


def _words_of(name: str) -> list[str]:
    """The parts of “교환·반품”; a single letter stands in too many words to stand for anything."""
    parts = name.casefold().replace("/", " ").replace("·", " ").replace(",", " ").split()
    return [part for part in parts if len(part) > 1]
