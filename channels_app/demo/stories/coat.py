"""The coat of Kim Seo-yeon: bought, its sleeve complained of in chat, the exchange promised by phone, and a new
question an hour ago. Found at the counter by ㄱ, ㄱㅅㅇ and 5678."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from channels_app.demo.catalogue import Piece, product
from channels_app.demo.envelopes import Envelope, envelope
from channels_app.demo.hours import SEOUL, at_clock, last_open, next_wednesday
from channels_app.demo.organization import DOMAIN, center_plan
from channels_app.demo.people import HEROINE, WEB_ACCOUNT
from channels_app.demo.sales import Sale
from channels_app.demo.stories.tale import AGENT, Tale
from channels_app.demo.wording import told_due

_CHAT_AGENT = f"sh.choi@{DOMAIN}"


def tell(now: datetime) -> list[Envelope]:
    """All that happened to her, in sixty days."""
    today = now.astimezone(SEOUL).date()
    hours = center_plan(HEROINE.center).hours
    # "Yesterday": the last day on which somebody answered. Both times lie within every working day's hours.
    complained_on = last_open(hours, at_clock(today, time(0))).date()
    chat_at = at_clock(complained_on, time(10, 41))
    call_at = at_clock(complained_on, time(13, 12))
    due = next_wednesday(today)
    events = _purchases(now, min(today - timedelta(days=8), complained_on - timedelta(days=4)))
    events += _chat(chat_at, now)
    return events + _call(call_at, due.isoformat(), told_due(due, call_at))


def _sale(number: int, days_ago: int, clock: time, pieces: tuple[tuple[Piece, int], ...], now: datetime) -> Envelope:
    day = now.astimezone(SEOUL).date() - timedelta(days=days_ago)
    receipt_no = f"G-{day:%y%m%d}-9{number:03d}"
    return Sale(receipt_no, "gangnam", at_clock(day, clock), pieces, HEROINE, HEROINE.at_till()).to_event()


def _purchases(now: datetime, coat_day: date) -> list[Envelope]:
    knit = Piece(product("KN204"), "아이보리", "M")
    muffler = Piece(product("AC801"), "버건디", "")
    coat = Piece(product("CT101"), "카멜", "M")
    mug = Piece(product("HM901"), "화이트", "")
    today = now.astimezone(SEOUL).date()
    visit = {
        "customer": HEROINE.at_till(),
        "store": "gangnam",
        "staff": f"store@{DOMAIN}",
        "note": "울 코트 카멜 M 입어보고 구매. 어머니 코트도 같이 보러 오신다고 하심.",
    }
    visit_at = at_clock(coat_day, time(18, 20))
    return [
        _sale(1, 47, time(19, 5), ((knit, 1),), now),
        _sale(2, 26, time(14, 32), ((muffler, 1), (mug, 2)), now),
        _sale(3, (today - coat_day).days, time(18, 34), ((coat, 1),), now),
        envelope("/seoul/store/gangnam", f"V-coat-{coat_day:%y%m%d}", "store.visit", visit_at, visit),
    ]


def _chat(at: datetime, now: datetime) -> list[Envelope]:
    web = {"external": {WEB_ACCOUNT: HEROINE.visitor}, "member_no": HEROINE.member_no, "phone": HEROINE.phone}
    tale = Tale("seoul", "chat", f"ch-{at:%y%m%d}-9000", web)

    def later(**after: float) -> datetime:
        return at + timedelta(**after)

    tale.says(
        at,
        "안녕하세요. 지난주 강남점에서 산 울 코트 왼쪽 소매 박음질이 풀렸어요. 두 번밖에 안 입었는데 속상하네요 ㅠㅠ",
    )
    tale.bot_says(later(seconds=2), "안녕하세요, 하늘상회입니다. 상담원을 연결해 드릴게요. 잠시만 기다려 주세요.")
    tale.hands_off(later(seconds=4))
    tale.is_taken(later(seconds=38), _CHAT_AGENT)
    tale.answers(
        later(seconds=55),
        _CHAT_AGENT,
        "안녕하세요 김서연 고객님, 하늘상회 최서희입니다. 불편을 드려 정말 죄송합니다. 사진 한 장 보내주실 수 있을까요?",
    )
    tale.says(later(minutes=2, seconds=40), "(사진)")
    tale.says(later(minutes=2, seconds=58), "소매 안쪽 5cm 정도예요")
    tale.answers(
        later(minutes=5),
        _CHAT_AGENT,
        "봉제 불량이 맞습니다. 같은 상품 재고를 확인하고 오늘 안에 전화로 교환 일정을 안내드리겠습니다.",
    )
    tale.says(later(minutes=6), "네 전화 기다릴게요. 감사합니다")
    tale.is_noted(later(minutes=7), _CHAT_AGENT, "왼쪽 소매 봉제 불량 사진 확인. 카멜 M 재고 확인 후 전화 안내 필요.")
    tale.is_resolved(later(minutes=8), _CHAT_AGENT, "exchange")
    tale.says(
        now - timedelta(minutes=61),
        "안녕하세요, 코트 교환 건이요. 혹시 같은 M 말고 L로도 바꿀 수 있을까요? 안에 두꺼운 니트를 입으니 좀 끼더라고요",
    )
    return tale.events


def _call(at: datetime, due: str, told: str) -> list[Envelope]:
    tale = Tale("seoul", "call", f"ca-{at:%y%m%d}-9000", HEROINE.by_phone())
    tale.rings(at, HEROINE.phone)
    tale.is_answered(at + timedelta(seconds=9), AGENT)
    tale.ends(at + timedelta(minutes=3, seconds=31), 202)
    tale.add(
        "call.recording",
        at + timedelta(minutes=3, seconds=40),
        url="/simulated-recordings/coat.wav",
        seconds=202,
    )
    tale.is_noted(
        at + timedelta(minutes=5),
        AGENT,
        f"카멜 M 새 제품 물류 출고 요청함. {told}까지 강남점에서 교환하기로 약속.",
        promise={"text": "울 코트 카멜 M 새 제품으로 교환 (강남점 수령)", "due": due},
    )
    tale.add("ticket.topic", at + timedelta(minutes=5, seconds=4), agent=AGENT, topic="exchange")
    tale.is_transcribed(
        at + timedelta(minutes=9),
        [
            ("agent", "안녕하세요, 하늘상회 이가은입니다."),
            ("customer", "네, 아까 채팅으로 코트 소매 말씀드렸던 사람인데요."),
            ("agent", "네, 김서연 고객님. 사진까지 다 확인했습니다. 다시 설명 안 하셔도 돼요."),
            ("customer", "아, 다행이다. 그럼 교환은 언제쯤 될까요?"),
            ("agent", f"새 제품을 {told}까지 강남점으로 보내드리겠습니다. 입고되면 바로 문자드릴게요."),
            ("customer", f"네, {told}이요. 그날 퇴근하고 들를게요."),
        ],
    )
    return tale.events
