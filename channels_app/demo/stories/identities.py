"""Who is who: a changed number, a visitor who logs in, callers that are nobody. For merge suggestions and their kin."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels_app.demo.catalogue import Piece, product
from channels_app.demo.envelopes import Envelope, envelope
from channels_app.demo.hours import last_open, last_store_moment
from channels_app.demo.organization import DOMAIN, center_plan, clerk_of
from channels_app.demo.people import WEB_ACCOUNT
from channels_app.demo.sales import Sale
from channels_app.demo.stories.tale import Cast, Tale

_CHOI, _KWON = f"sh.choi@{DOMAIN}", f"nr.kwon@{DOMAIN}"


def tell(cast: Cast, now: datetime) -> list[Envelope]:
    """Everything in which identities meet."""
    return [
        *_changed_number(cast, now, "010-0117-2290", days_ago=4),
        *_changed_number(cast, now, "010-0118-7431", days_ago=1),
        *_visitor_logs_in(cast, now),
        *_safe_number(cast, now),
        *_company_number(cast, now),
        *_thanks_afterwards(cast, now),
    ]


def _changed_number(cast: Cast, now: datetime, new_phone: str, *, days_ago: int) -> list[Envelope]:
    """She buys under a new number, later shows her member number with it: two customers, and a person decides."""
    who = cast.pick(lambda one: one.member_no and one.zeal > 1 and not one.family_name)
    bought_at = last_store_moment(now - timedelta(days=days_ago + 6)) - timedelta(hours=3)
    shown_at = last_store_moment(now - timedelta(days=days_ago)) - timedelta(hours=2)
    bought = Sale(
        receipt_no=f"N-{bought_at:%y%m%d}-{new_phone[-4:]}",
        store=who.store,
        at=bought_at,
        pieces=((Piece(product("KN201"), "네이비", "L"), 1),),
        shown={"phone": new_phone, "name": who.name},
    )
    visit = {
        "customer": {"member_no": who.member_no, "phone": new_phone, "name": who.name},
        "store": who.store,
        "staff": clerk_of(who.store).email,
        "note": "번호가 바뀌었다고 하심. 회원번호로 조회함.",
    }
    source = f"/{who.center}/store/{who.store}"
    return [bought.to_event(), envelope(source, f"V-number-{new_phone[-4:]}", "store.visit", shown_at, visit)]


def _visitor_logs_in(cast: Cast, now: datetime) -> list[Envelope]:
    """First a browser, then the same browser with a login: the two become one, and that can be undone."""
    who = cast.pick(lambda one: one.member_no and not one.visitor, center="seoul")
    at = last_open(center_plan("seoul").hours, now - timedelta(days=2)) - timedelta(minutes=55)
    browser = {"external": {WEB_ACCOUNT: "v-logs-in-later"}}
    tale = Tale("seoul", "chat", cast.thread("ch", at), browser)
    tale.says(at, "적립금으로 배송비도 결제할 수 있나요?")
    tale.is_taken(at + timedelta(seconds=40), _CHOI)
    tale.answers(
        at + timedelta(seconds=52),
        _CHOI,
        "안녕하세요, 최서희입니다. 네 가능합니다. 로그인하시면 남은 적립금을 바로 알려드릴게요.",
    )
    logged_in = browser | {"member_no": who.member_no, "phone": who.phone, "name": who.name}
    tale.says(at + timedelta(minutes=2), "로그인했어요!", shown=logged_in)
    tale.answers(
        at + timedelta(minutes=3), _CHOI, f"{who.name} 고객님, 4,300포인트 있으십니다. 배송비에 쓰실 수 있어요."
    )
    tale.says(at + timedelta(minutes=4), "오 감사합니다 ㅎㅎ")
    tale.is_resolved(at + timedelta(minutes=5), _CHOI, "points")
    return tale.events


def _safe_number(cast: Cast, now: datetime) -> list[Envelope]:
    """A number of a delivery service that expires: kept on the call, nobody's identity."""
    at = last_open(center_plan("busan").hours, now - timedelta(days=1)) - timedelta(minutes=70)
    tale = Tale("busan", "call", cast.thread("ca", at), {"phone": "0507-0000-1234"})
    tale.rings(at, "0507-0000-1234")
    tale.is_answered(at + timedelta(seconds=12), _KWON)
    tale.ends(at + timedelta(seconds=95), 83)
    tale.is_noted(at + timedelta(seconds=120), _KWON, "안심번호로 문의. 배달 주문 건 수령 위치 안내.")
    tale.is_resolved(at + timedelta(seconds=130), _KWON, "delivery")
    return tale.events


def _company_number(cast: Cast, now: datetime) -> list[Envelope]:
    at = last_open(center_plan("seoul").hours, now - timedelta(days=3)) - timedelta(minutes=25)
    tale = Tale("seoul", "call", cast.thread("ca", at), {"phone": "1600-0000"})
    tale.rings(at, "1600-0000")
    tale.is_answered(at + timedelta(seconds=6), _CHOI)
    tale.ends(at + timedelta(seconds=40), 34)
    tale.is_noted(at + timedelta(seconds=55), _CHOI, "광고 전화. 수신 거부 요청함.")
    tale.is_resolved(at + timedelta(seconds=60), _CHOI, "etc")
    return tale.events


def _thanks_afterwards(cast: Cast, now: datetime) -> list[Envelope]:
    """A thank-you the next day opens the matter again; it is closed again, and loved."""
    who = cast.pick(lambda one: one.visitor and one.member_no, center="seoul")
    at = last_open(center_plan("seoul").hours, now - timedelta(days=3)) - timedelta(minutes=50)
    thanked_at = last_open(center_plan("seoul").hours, now - timedelta(days=1)) - timedelta(minutes=20)
    tale = Tale("seoul", "chat", cast.thread("ch", at), who.on_web())
    tale.says(at, "면접 때 입을 슬랙스 기장 수선 내일까지 되나요? 급해서요 ㅠㅠ")
    tale.is_taken(at + timedelta(seconds=25), _CHOI)
    tale.answers(
        at + timedelta(seconds=40), _CHOI, "안녕하세요, 최서희입니다. 강남점에 말씀드려 내일 오전까지 맞춰드리겠습니다!"
    )
    tale.says(at + timedelta(minutes=2), "진짜요?? 감사합니다 ㅠㅠ")
    tale.is_resolved(at + timedelta(minutes=4), _CHOI, "store")
    tale.says(thanked_at, "덕분에 면접 잘 보고 왔어요. 그때 정말 감사했습니다 :)")
    tale.answers(thanked_at + timedelta(minutes=1), _CHOI, "와, 좋은 소식 기다릴게요! 저희도 기쁩니다.")
    tale.is_resolved(thanked_at + timedelta(minutes=3), _CHOI, "praise")
    tale.add("survey.sent", thanked_at + timedelta(minutes=3, seconds=5), survey="csat", agent=_CHOI)
    comment = "급한 사정을 제 일처럼 챙겨주셨어요"
    tale.add("survey.answered", thanked_at + timedelta(minutes=12), survey="csat", score=5, comment=comment)
    return tale.events
