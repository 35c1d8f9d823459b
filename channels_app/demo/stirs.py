"""What stirs the shop's customers beside the usual, so that whoever looks at what they say has something to find.

Parcels came in thin paper until the boxes were changed, five weeks ago: then hardly anybody complains of it any more. And
since six days the zips of a jacket break. Both are said in chats, each answered, and asked afterwards how it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from channels_app.demo import written
from channels_app.demo.catalogue import Piece, pick_piece, product
from channels_app.demo.dialogues import Dialogue, Line
from channels_app.demo.envelopes import Envelope
from channels_app.demo.hours import SEOUL, at_clock
from channels_app.demo.people import Customer
from channels_app.demo.scenes import Encounter
from channels_app.demo.wording import Matter

BOXES_CHANGED = timedelta(days=35)
ZIPS_BREAK = timedelta(days=6)
# A day, of two thousand customers.
_THIN_A_DAY, _BOXED_A_DAY, _ZIPS_A_DAY = 2.2, 0.2, 4.5
# Beyond what the generated conversations of a day ever reach, and before those that are written line by line.
_FIRST_NUMBER = 8001
_IN_SEOUL = 0.85

_THIN_PAPER = Dialogue(
    id="thin-paper",
    topic="delivery",
    mood="angry",
    lines=(
        Line(
            "customer",
            (
                "{item} 택배가 얇은 종이봉투에 와서 다 찌그러졌어요. 포장이 너무 부실해요.",
                "방금 택배 받았는데 포장이 엉망이에요. {item:이/가} 눌려서 왔어요.",
                "배송은 왔는데 상자도 없이 봉투에 왔네요. 비 맞아서 젖었어요ㅠㅠ",
                "{when} 주문한 {item} 포장이 찢어져서 왔어요. 선물용인데 이걸 어떻게 줘요",
            ),
        ),
        Line("agent", ("{hello} 많이 속상하셨겠어요. 새 상품으로 다시 보내드리겠습니다.",)),
        Line(
            "customer", ("다음엔 포장 좀 제대로 해주세요", "저번에도 이랬어요. 진짜 실망이에요", "네 빨리 보내주세요")
        ),
        Line("agent", ("네 고객님, 이번에는 상자에 담아 보내드리겠습니다. {bye}",)),
    ),
)
_ZIPS = Dialogue(
    id="zips",
    topic="product",
    mood="bad",
    lines=(
        Line(
            "customer",
            (
                "{when} 산 숏패딩 지퍼가 고장 났어요. 아예 안 올라가요.",
                "숏패딩 지퍼 불량인 것 같아요. 올리다가 이가 빠졌어요ㅠㅠ",
                "지퍼 불량 때문에 연락드려요. 숏패딩 세 번 입었는데 고장이네요",
                "숏패딩 지퍼가 불량이에요. 손잡이가 그냥 떨어졌어요",
                "산 지 며칠 안 됐는데 숏패딩 지퍼가 고장이에요. 불량 아닌가요?",
            ),
        ),
        Line("agent", ("{hello} 불편을 드려 죄송합니다. 같은 상품 문의가 있어 확인하고 있습니다.",)),
        Line(
            "customer",
            ("교환되나요? 다른 것도 지퍼가 그러면 환불할게요", "이 가격에 지퍼가 이러면 안 되죠", "네 교환 부탁드려요"),
        ),
        Line("agent", ("지퍼를 확인한 상품으로 교환 접수해 드렸습니다. {bye}",)),
    ),
)


def stirs(rng: Random, people: list[Customer], days: list[date], now: datetime) -> Iterator[list[Envelope]]:
    """The conversations, each as far as it would go; the caller cuts at now."""
    on_web = [one for one in people if one.visitor and one.member_no and one.number]
    seoul = [one for one in on_web if one.center == "seoul"]
    scale, numbers = len(people) / 2000, Counter[date]()
    for day in days:
        ago = now.date() - day
        is_boxed = ago <= BOXES_CHANGED
        wanted: list[tuple[Dialogue, float, Piece | None]] = [
            (_THIN_PAPER, _BOXED_A_DAY if is_boxed else _THIN_A_DAY, None)
        ]
        if ago < ZIPS_BREAK:
            wanted.append((_ZIPS, _ZIPS_A_DAY, Piece(product("JK112"), "블랙", "M")))
        for dialogue, a_day, piece in wanted:
            for _number in range(_drawn(rng, a_day * scale)):
                who = rng.choice(seoul if dialogue is _ZIPS and rng.random() < _IN_SEOUL else on_web)
                at = at_clock(day, datetime.min.time()) + timedelta(
                    hours=rng.randint(9, 20), seconds=rng.randrange(3600)
                )
                matter = _matter(rng, who, piece, at)
                thread = f"ch-{at.astimezone(SEOUL):%y%m%d}-{_FIRST_NUMBER + numbers[day]:04d}"
                numbers[day] += 1
                yield written.play_written(
                    rng, Encounter(who, who.on_web(), "chat", thread, at, matter, dialogue, None)
                ).events


def _matter(rng: Random, who: Customer, piece: Piece | None, at: datetime) -> Matter:
    piece = piece or pick_piece(rng)
    return Matter(piece, who.store, piece.product.price, at - timedelta(days=rng.randint(2, 5)))


def _drawn(rng: Random, mean: float) -> int:
    """That many on average, never the fraction."""
    return int(mean) + (rng.random() < mean % 1)
