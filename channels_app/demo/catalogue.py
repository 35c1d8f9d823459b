"""What the invented shop sells: about eighty things with prices in won."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from channels_app.demo.particles import Word

_CLOTHES = ("S", "M", "L", "XL")
_TROUSERS = ("26", "28", "30", "32", "34")
_SHOES = ("235", "240", "245", "250", "260", "270", "275")

SIZES = {
    "outer": _CLOTHES,
    "knit": _CLOTHES,
    "top": _CLOTHES,
    "dress": _CLOTHES,
    "bottom": _TROUSERS,
    "shoes": _SHOES,
    "bag": (),
    "acc": (),
    "home": (),
}
_WORN = ("블랙", "아이보리", "카멜", "네이비", "차콜", "베이지", "버건디", "올리브")
_HOME = ("화이트", "우드", "그레이", "세이지")

# sku | kind | name on the receipt | what people call it | price in won | weight in autumn and winter
_LINES = """
CT101|outer|핸드메이드 울 코트|울 코트|289000|9
CT102|outer|더블 캐시미어 코트|캐시미어 코트|429000|3
CT103|outer|싱글 체스터 코트|체스터 코트|239000|6
CT104|outer|후드 더플 코트|더플 코트|198000|5
CT105|outer|발마칸 오버 코트|발마칸 코트|259000|4
JK110|outer|경량 구스 패딩|경량 패딩|129000|9
JK111|outer|롱 덕다운 패딩|롱패딩|219000|7
JK112|outer|숏 푸퍼 패딩|숏패딩|159000|7
JK113|outer|울 블렌드 자켓|울 자켓|149000|5
JK114|outer|트위드 자켓|트위드 자켓|139000|4
JK115|outer|워싱 데님 자켓|데님 자켓|99000|3
JK116|outer|양털 무스탕|무스탕|189000|4
JK117|outer|퀼팅 누빔 점퍼|누빔 점퍼|89000|5
KN201|knit|메리노 울 니트|울 니트|69000|10
KN202|knit|캐시미어 라운드 니트|캐시미어 니트|119000|5
KN203|knit|케이블 꽈배기 니트|꽈배기 니트|59000|7
KN204|knit|골지 터틀넥|터틀넥|45000|9
KN205|knit|브이넥 니트 조끼|니트 조끼|42000|6
KN206|knit|알파카 가디건|알파카 가디건|79000|6
KN207|knit|스트라이프 가디건|줄무늬 가디건|52000|5
KN208|knit|하프집업 니트|집업 니트|62000|5
TP301|top|옥스포드 셔츠|옥스포드 셔츠|49000|6
TP302|top|스트라이프 셔츠|줄무늬 셔츠|45000|4
TP303|top|새틴 블라우스|블라우스|55000|5
TP304|top|기모 맨투맨|맨투맨|39000|8
TP305|top|헤비 후드 티셔츠|후드티|49000|7
TP306|top|베이직 긴팔 티|긴팔 티|19000|9
TP307|top|플란넬 체크 셔츠|체크 셔츠|52000|5
TP308|top|발열 내의 상의|발열 내의|15000|8
TP309|top|린넨 반팔 셔츠|린넨 셔츠|42000|1
BT401|bottom|와이드 슬랙스|슬랙스|59000|8
BT402|bottom|기모 일자 슬랙스|기모 슬랙스|62000|7
BT403|bottom|생지 데님 팬츠|생지 데님|69000|5
BT404|bottom|워싱 와이드 데님|와이드 청바지|65000|7
BT405|bottom|코듀로이 팬츠|골덴 바지|55000|6
BT406|bottom|조거 트레이닝 팬츠|조거팬츠|39000|6
BT407|bottom|울 혼방 치노|치노 바지|72000|4
BT408|bottom|플리츠 롱스커트|주름치마|58000|5
BT409|bottom|H라인 울 스커트|울 스커트|62000|4
DR501|dress|니트 원피스|니트 원피스|79000|5
DR502|dress|셔츠 원피스|셔츠 원피스|89000|3
DR503|dress|벨벳 롱 원피스|벨벳 원피스|99000|3
DR504|dress|플라워 시폰 원피스|시폰 원피스|75000|2
SH601|shoes|소가죽 첼시 부츠|첼시 부츠|139000|5
SH602|shoes|페니 로퍼|로퍼|119000|5
SH603|shoes|캔버스 스니커즈|캔버스화|59000|6
SH604|shoes|레더 스니커즈|가죽 스니커즈|89000|6
SH605|shoes|양털 슬리퍼|털 슬리퍼|32000|7
SH606|shoes|앵클 부츠|앵클 부츠|129000|4
BG701|bag|소가죽 토트백|토트백|159000|4
BG702|bag|미니 크로스백|크로스백|69000|6
BG703|bag|캔버스 에코백|에코백|25000|8
BG704|bag|데일리 백팩|백팩|79000|4
BG705|bag|가죽 반지갑|반지갑|49000|4
AC801|acc|캐시미어 머플러|머플러|59000|8
AC802|acc|울 체크 목도리|체크 목도리|35000|8
AC803|acc|니트 비니|비니|22000|7
AC804|acc|양가죽 장갑|가죽 장갑|45000|6
AC805|acc|순면 양말 3켤레|양말|9900|10
AC806|acc|소가죽 벨트|벨트|39000|4
AC807|acc|볼드 링 귀걸이|귀걸이|19000|5
AC808|acc|실크 스카프|스카프|42000|3
AC809|acc|접이식 자동우산|우산|18000|5
HM901|home|백자 머그컵|머그컵|18000|7
HM902|home|도자기 찻잔 세트|찻잔 세트|48000|5
HM903|home|유리 화병|화병|32000|4
HM904|home|소이 캔들|캔들|24000|7
HM905|home|리넨 쿠션 커버|쿠션 커버|22000|5
HM906|home|거위털 베개|베개|59000|4
HM907|home|극세사 담요|담요|39000|8
HM908|home|호두나무 도마|나무 도마|42000|4
HM909|home|무쇠 냄비 20cm|무쇠 냄비|89000|3
HM910|home|스테인리스 보온병|보온병|29000|6
HM911|home|유기그릇 2인 세트|유기그릇|128000|2
HM912|home|면 목욕수건 4장|수건 세트|34000|6
HM913|home|우드 디퓨저|디퓨저|36000|6
HM914|home|알람 탁상시계|탁상시계|27000|3
HM915|home|라탄 수납 바구니|라탄 바구니|31000|4
HM916|home|울 슬리퍼 실내화|실내화|21000|6
"""


@dataclass(frozen=True, slots=True)
class Product:
    sku: str
    kind: str
    name: str
    spoken: Word
    price: int
    weight: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One product in one colour and size, as it hangs in the shop."""

    product: Product
    colour: str
    size: str

    @property
    def label(self) -> str:
        options = "/".join(part for part in (self.colour, self.size) if part)
        return f"{self.product.name} ({options})" if options else self.product.name

    @property
    def sku(self) -> str:
        return "-".join(part for part in (self.product.sku, self.size) if part)


def _product(line: str) -> Product:
    sku, kind, name, spoken, price, weight = line.split("|")
    return Product(sku, kind, name, Word(spoken), int(price), int(weight))


PRODUCTS = tuple(_product(line) for line in _LINES.split("\n") if line)
_WEIGHTS = [product.weight for product in PRODUCTS]


def product(sku: str) -> Product:
    return next(one for one in PRODUCTS if one.sku == sku)


def pick_piece(rng: Random, kinds: tuple[str, ...] = ()) -> Piece:
    """Something from the shelf, the popular more often; of certain kinds if any are named."""
    if kinds:
        some = [one for one in PRODUCTS if one.kind in kinds]
        chosen = rng.choices(some, [one.weight for one in some])[0]
    else:
        chosen = rng.choices(PRODUCTS, _WEIGHTS)[0]
    return Piece(chosen, rng.choice(_HOME if chosen.kind == "home" else _WORN), pick_size(rng, chosen.kind))


def pick_size(rng: Random, kind: str) -> str:
    sizes = SIZES[kind]
    return rng.choice(sizes) if sizes else ""


def other_size(rng: Random, piece: Piece) -> str:
    """A size beside the one bought; `L` where the thing has none."""
    sizes = SIZES[piece.product.kind]
    if not sizes:
        return "L"
    place = sizes.index(piece.size)
    near = [sizes[i] for i in (place - 1, place + 1) if 0 <= i < len(sizes)]
    return rng.choice(near)
