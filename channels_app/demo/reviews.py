"""What customers write below what they bought: stars, and sentences as people write them.

Two things happen in these sixty days. Parcels came in thin paper until the shop changed its boxes five weeks ago; and the
zips of one jacket have been breaking for nine days. Who looks at what is said should find both.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from channels_app.demo.envelopes import Envelope, envelope
from channels_app.demo.organization import store_plan
from channels_app.demo.sales import Sale

SITE = "haneul-mall"
BOXES_CHANGED = timedelta(days=35)
ZIPS_BREAK = timedelta(days=9)
ZIP_SKU = "JK112"

# Stars, and what is said with them; {name} is what people call the thing.
_WORN: tuple[tuple[int, str], ...] = (
    (5, "{name:이/가} 사진보다 훨씬 예뻐요. 주변에서 어디서 샀냐고 물어봐요ㅎㅎ"),
    (5, "배송 빠르고 포장도 꼼꼼해요. 재구매 의사 있습니다!"),
    (5, "핏이 예쁘고 따뜻해요~ 직원분도 친절하게 사이즈 봐주셨어요."),
    (5, "배송빠르고굿 ㅎㅎ 색도 실물이 더 예쁨"),
    (5, "가격 대비 품질이 정말 좋네요. 친구에게도 추천했어요."),
    (5, "엄마 선물로 드렸는데 너무 좋아하세요👍"),
    (4, "비싸지만 만족합니다. 마감이 깔끔해요."),
    (4, "색상이 화면보다 조금 어두운데 그래도 예뻐요."),
    (4, "배송은 하루 늦었지만 상품은 마음에 들어요."),
    (4, "디자인은 예쁜데 가격이 좀 비싼 편이에요."),
    (4, "생각보다 두껍지 않아서 간절기에 입기 좋아요."),
    (3, "무난해요. 사이즈가 생각보다 작게 나왔어요."),
    (3, "그냥 그래요. 이 가격이면 다른 데서도 살 수 있을 듯"),
    (3, "색은 예쁜데 보풀이 금방 생겨요."),
    (2, "사이즈가 너무 작아서 교환했어요. 상세 치수가 실제랑 달라요."),
    (2, "실밥이 여기저기 나와 있어요. 이 가격에 마감이 아쉽네요."),
    (2, "두 번 입었는데 보풀이 엄청 일어나요ㅠㅠ"),
    (1, "소매 박음질이 뜯어진 채로 왔어요. 검수는 하시는 건가요?"),
    (1, "참 빠르네요 2주 만에 도착했습니다."),
    (1, "냄새가 너무 심해서 못 입겠어요. 환불했습니다."),
)
_HELD: tuple[tuple[int, str], ...] = (
    (5, "{name:이/가} 정말 예뻐요! 집 분위기가 달라졌어요."),
    (5, "매장 직원분이 친절하게 설명해 주셨어요. 만족합니다."),
    (5, "튼튼하고 쓰기 편해요. 또 살 거예요."),
    (5, "가성비 최고예요👍 선물용으로 하나 더 샀어요"),
    (4, "디자인은 마음에 드는데 생각보다 무거워요."),
    (4, "조금 비싸지만 오래 쓸 것 같아요."),
    (3, "평범합니다. 사진이랑 색이 살짝 달라요."),
    (3, "크기가 생각보다 작네요."),
    (2, "마감이 거칠어요. 손잡이 쪽이 까슬까슬합니다."),
    (2, "구성품이 하나 빠져 있었어요. 문의했더니 답이 늦네요."),
    (1, "하루 만에 고장 났어요. 다시는 안 살래요."),
    (1, "품절이라고 취소해 놓고 환불이 일주일째 안 되고 있어요."),
)
_THIN_PAPER: tuple[tuple[int, str], ...] = (
    (2, "얇은 종이 봉투에 담겨 와서 상자가 다 찌그러졌어요."),
    (1, "포장이 엉망이에요. 깨져서 왔습니다. 완충재 하나 없어요."),
    (2, "상품은 괜찮은데 포장이 너무 부실해요. 모서리가 다 눌려 왔어요."),
    (1, "박스도 없이 비닐에 왔어요. 젖어서 도착했습니다ㅠㅠ"),
    (3, "물건은 좋은데 포장은 신경 써 주세요. 선물용인데 민망했어요."),
)
_NEW_BOXES: tuple[tuple[int, str], ...] = (
    (5, "포장이 정말 꼼꼼해졌네요. 튼튼한 상자에 와서 좋았어요."),
    (5, "예전엔 포장이 아쉬웠는데 이번엔 완벽해요!"),
)
_ZIPS: tuple[tuple[int, str], ...] = (
    (1, "숏패딩 지퍼가 세 번 입고 고장 났어요. 지퍼가 아예 안 올라가요."),
    (1, "지퍼 불량이에요. 올리다가 이가 빠졌어요ㅡㅡ"),
    (2, "따뜻하고 예쁜데 지퍼가 자꾸 걸려요. 교환하려고요."),
    (1, "지퍼 손잡이가 떨어졌어요. 20만원 가까이 주고 산 건데 너무하네요."),
    (2, "디자인은 좋은데 지퍼가 너무 뻑뻑해요. 검수 좀 해주세요."),
    (1, "아이 등교시키다 지퍼가 터졌어요. 환불해 주세요."),
)


def reviews(rng: Random, sold: list[Sale], now: datetime) -> Iterator[Envelope]:
    """One member sale in nine is written about within a week; nearly every one of the jacket whose zips break."""
    for sale in sold:
        if sale.who is None or not sale.shown:
            continue
        piece = sale.pieces[0][0]
        is_of_zips = any(piece.product.sku == ZIP_SKU for piece, _quantity in sale.pieces)
        at = sale.at + timedelta(hours=rng.randint(20, 170), minutes=rng.randint(0, 59))
        if is_of_zips and now - at < ZIPS_BREAK:
            piece = next(piece for piece, _quantity in sale.pieces if piece.product.sku == ZIP_SKU)
            chosen = rng.choice(_ZIPS) if rng.random() < 0.7 else None
        else:
            chosen = _usual(rng, piece.product.kind, now - at) if rng.random() < 1 / 9 else None
        if chosen is None or at > now:
            continue
        stars, text = chosen
        data = {
            "customer": sale.shown,
            "site": SITE,
            "product": piece.product.name,
            "order_no": sale.receipt_no,
            "store": sale.store,
            "score": stars,
            "text": text.format(name=piece.product.spoken),
        }
        source = f"/{store_plan(sale.store).center}/reviews"
        yield envelope(source, f"{sale.receipt_no}-review", "review.posted", at, data)


def _usual(rng: Random, kind: str, ago: timedelta) -> tuple[int, str]:
    chance = rng.random()
    if ago > BOXES_CHANGED and chance < 0.22:
        return rng.choice(_THIN_PAPER)
    if ago <= BOXES_CHANGED and chance < 0.06:
        return rng.choice(_NEW_BOXES)
    said = _WORN if kind in ("outer", "knit", "top", "dress", "bottom", "shoes") else _HELD
    # Who is content writes more often.
    return rng.choices(said, [stars + 1 for stars, _text in said])[0]
