"""What is going on at the desk right now: waiting, ringing out, half answered, promised. Minutes before the present.

At whatever hour the demo is started, somebody is at work here: an empty desk shows a newcomer nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from channels_app.demo.envelopes import Envelope
from channels_app.demo.hours import SEOUL, last_open, last_store_moment
from channels_app.demo.organization import DOMAIN, center_plan, clerk_of
from channels_app.demo.people import WEB_ACCOUNT, Customer
from channels_app.demo.stories.tale import AGENT, Cast, Tale

_PARK, _SEO, _KWON = f"jw.park@{DOMAIN}", f"dh.seo@{DOMAIN}", f"nr.kwon@{DOMAIN}"
_CONNECTING = "안녕하세요, 하늘상회입니다. 상담원을 연결해 드릴게요. 잠시만 기다려 주세요."


def tell(cast: Cast, now: datetime) -> list[Envelope]:
    """Everything that is open at the desk beside the coat."""
    tales = [
        _visitor_who_typed_her_number(cast, now),
        _half_answered_chat(cast, now),
        _chat_of_a_colleague(cast, now),
        _kakao_waiting(cast, now),
        _mail_waiting(cast, now),
        _caller_who_gave_up_again(cast, now),
        _withheld_number(cast, now),
        _call_to_wrap_up(cast, now),
        _inquiry_from_hongdae(cast, now),
        _overdue_promise(cast, now),
        _busan_chat(cast, now),
        _busan_kakao(cast, now),
    ]
    return [event for tale in tales for event in tale.events]


def _ago(now: datetime, minutes: float) -> datetime:
    return now - timedelta(seconds=round(minutes * 60))


def _is_web_member(one: Customer) -> bool:
    return bool(one.visitor and one.member_no)


def _visitor_who_typed_her_number(cast: Cast, now: datetime) -> Tale:
    """Not logged in; the number she typed is an old customer's, and nothing proves that it is hers."""
    known = cast.pick(lambda one: one.member_no and not one.visitor, center="seoul")
    typed = {"name": known.name, "phone": known.phone}
    shown = {"external": {WEB_ACCOUNT: "v-claims-a-number"}, "verified": False} | typed
    tale = Tale("seoul", "chat", cast.thread("ch", now), shown)
    tale.says(_ago(now, 3.2), "안녕하세요 저번에 산 니트 교환하고 싶은데요. 비회원인데 전화번호로 확인되나요?")
    tale.bot_says(_ago(now, 3.1), _CONNECTING)
    tale.hands_off(_ago(now, 3.0))
    tale.says(_ago(now, 1.6), "번호는 위에 적어뒀어요~")
    return tale


def _half_answered_chat(cast: Cast, now: datetime) -> Tale:
    who = cast.pick(_is_web_member, center="seoul")
    tale = Tale("seoul", "chat", cast.thread("ch", now), who.on_web())
    tale.says(_ago(now, 17), "롱패딩 배송 오늘 온다고 했는데 아직이에요")
    tale.bot_says(_ago(now, 16.9), _CONNECTING)
    tale.hands_off(_ago(now, 16.8))
    tale.is_taken(_ago(now, 16), AGENT)
    tale.answers(
        _ago(now, 15.5), AGENT, f"안녕하세요 {who.name} 고객님, 하늘상회 이가은입니다. 송장 바로 확인해 보겠습니다."
    )
    tale.answers(_ago(now, 12), AGENT, "기사님이 지금 배송 중이시고 저녁 7시쯤 도착 예정이라고 합니다.")
    tale.says(_ago(now, 8), "7시엔 집에 아무도 없는데 경비실에 맡겨주실 수 있나요?")
    tale.says(_ago(now, 1.4), "아직 확인 중이신가요? ㅠㅠ")
    return tale


def _chat_of_a_colleague(cast: Cast, now: datetime) -> Tale:
    who = cast.pick(_is_web_member, center="seoul")
    tale = Tale("seoul", "chat", cast.thread("ch", now), who.on_web())
    tale.says(_ago(now, 24), "캐시미어 니트 세탁소에 맡기면 줄어들까요?")
    tale.is_taken(_ago(now, 23), _PARK)
    tale.answers(
        _ago(now, 22.4), _PARK, "안녕하세요, 하늘상회 박정우입니다. 드라이클리닝이면 괜찮습니다. 건조기만 피해주세요."
    )
    tale.says(_ago(now, 20), "아하 그럼 다림질은요?")
    tale.answers(_ago(now, 18.5), _PARK, "스팀으로 띄워서 해주시면 가장 좋아요 :)")
    return tale


def _kakao_waiting(cast: Cast, now: datetime) -> Tale:
    who = cast.pick(lambda one: one.kakao and one.member_no, center="seoul")
    tale = Tale("seoul", "message", cast.thread("ka", now), who.by_kakao())
    tale.says(_ago(now, 13), "홍대점에 양털 슬리퍼 240 있나요? 오늘 갈 건데 하나만 빼주세요!!")
    tale.says(_ago(now, 12.5), "안 되면 250도 괜찮아요")
    return tale


def _mail_waiting(cast: Cast, now: datetime) -> Tale:
    who = cast.pick(lambda one: one.email, center="seoul")
    tale = Tale("seoul", "mail", cast.thread("ma", now), who.by_mail())
    text = (
        "안녕하세요.\n지난달 강남점에서 산 첼시 부츠 밑창이 벌어졌습니다. 구매한 지 한 달이 조금 넘었는데 무상 수선이 가능한지요?\n"
        f"사진을 첨부합니다. 회신 부탁드립니다.\n{who.name} 드림"
    )
    tale.says(_ago(now, 168), text, subject="첼시 부츠 밑창 수선 문의")
    return tale


def _caller_who_gave_up_again(cast: Cast, now: datetime) -> Tale:
    """Third time in three days, and nobody picked up: the figures for first contact resolution feel it."""
    who = cast.pick(lambda one: one.member_no and not one.visitor, center="seoul")
    hours = center_plan("seoul").hours
    shown = who.by_phone()
    spoke = [
        ("아니 환불이 일주일째 안 들어오는 게 말이 됩니까?", "카드 취소 요청 올림. 3일 내 반영 안내."),
        ("3일 안에 된다면서요. 어제도 전화했잖아요!", "취소 전문 반려 확인. 결제팀 재요청. 매우 화나심, 팀장 공유."),
    ]
    earlier: list[Envelope] = []
    for days_ago, (words, note) in zip((3, 1), spoke, strict=True):
        at = last_open(hours, now - timedelta(days=days_ago)) - timedelta(minutes=30 + days_ago)
        call = Tale("seoul", "call", cast.thread("ca", at), shown)
        call.rings(at, who.phone)
        call.is_answered(at + timedelta(seconds=31), _PARK if days_ago == 1 else AGENT)
        call.ends(at + timedelta(seconds=260), 229)
        agent = _PARK if days_ago == 1 else AGENT
        call.is_noted(at + timedelta(seconds=330), agent, note)
        call.is_resolved(at + timedelta(seconds=350), agent, "refund")
        call.is_transcribed(at + timedelta(seconds=600), [("agent", "하늘상회 고객센터입니다."), ("customer", words)])
        call.add("survey.sent", at + timedelta(seconds=356), survey="csat", agent=agent)
        call.add(
            "survey.answered", at + timedelta(seconds=900), survey="csat", score=1, comment="몇 번을 전화하게 하는지"
        )
        earlier += call.events
    tale = Tale("seoul", "call", cast.thread("ca", now), shown)
    tale.rings(_ago(now, 7.5), who.phone)
    tale.is_given_up(_ago(now, 6))
    tale.events = earlier + tale.events
    return tale


def _withheld_number(cast: Cast, now: datetime) -> Tale:
    tale = Tale("seoul", "call", cast.thread("ca", now), {})
    tale.rings(_ago(now, 27), "anonymous")
    tale.is_given_up(_ago(now, 26.5))
    return tale


def _call_to_wrap_up(cast: Cast, now: datetime) -> Tale:
    who = cast.pick(lambda one: one.member_no and one.email, center="seoul")
    tale = Tale("seoul", "call", cast.thread("ca", now), who.by_phone())
    tale.rings(_ago(now, 36), who.phone)
    tale.is_answered(_ago(now, 35.8), AGENT)
    tale.ends(_ago(now, 31), 288)
    tale.is_transcribed(
        _ago(now, 29),
        [
            ("agent", "안녕하세요, 하늘상회 이가은입니다."),
            ("customer", "찻잔 세트를 선물하려는데 명절 전에 받을 수 있을까요? 다섯 세트요."),
            ("agent", "재고 확인하고 오늘 중으로 다시 전화드리겠습니다."),
            ("customer", "네, 개별 포장도 되는지 같이 알려주세요."),
        ],
    )
    due = now.astimezone(SEOUL).date().isoformat()
    text = "찻잔 세트 5개 선물 포장. 재고 확인 후 콜백하기로 함."
    tale.is_noted(_ago(now, 28), AGENT, text, promise={"text": "찻잔 세트 재고 확인 후 전화", "due": due})
    return tale


def _inquiry_from_hongdae(cast: Cast, now: datetime) -> Tale:
    who = cast.pick(lambda one: one.store == "hongdae" and one.member_no)
    at = last_store_moment(_ago(now, 41))
    tale = Tale("seoul", "store/hongdae", cast.thread("st", at), who.at_till())
    text = (
        "기모 슬랙스 28 찾으심. 홍대점 품절이라 강남점 재고를 이동할 수 있는지 확인 부탁드립니다. 내일 다시 오신대요."
    )
    tale.add(
        "store.inquiry",
        at,
        customer=tale.shown,
        store="hongdae",
        staff=clerk_of("hongdae").email,
        text=text,
    )
    return tale


def _overdue_promise(cast: Cast, now: datetime) -> Tale:
    """Promised for the day before yesterday and still open: what a lead looks for in the morning."""
    who = cast.pick(lambda one: one.kakao and one.member_no, center="seoul")
    at = last_open(center_plan("seoul").hours, now - timedelta(days=5)) - timedelta(minutes=40)
    tale = Tale("seoul", "message", cast.thread("ka", at), who.by_kakao())
    tale.says(at, "무쇠 냄비 손잡이가 헐거워요. 교환 가능한가요")
    tale.is_taken(at + timedelta(minutes=3), _PARK)
    tale.answers(
        at + timedelta(minutes=4),
        _PARK,
        "안녕하세요, 하늘상회 박정우입니다. 새 제품으로 교환해 드릴게요. 모레까지 보내드리겠습니다.",
    )
    tale.says(at + timedelta(minutes=9), "네 감사합니다")
    tale.answers(at + timedelta(minutes=10), _PARK, "출고되면 송장번호 보내드릴게요.")
    due = (at.astimezone(SEOUL).date() + timedelta(days=2)).isoformat()
    note_at = at + timedelta(minutes=11)
    tale.is_noted(note_at, _PARK, "무쇠 냄비 교환 출고 요청.", promise={"text": "무쇠 냄비 교환품 발송", "due": due})
    return tale


def _busan_chat(cast: Cast, now: datetime) -> Tale:
    who = cast.pick(_is_web_member, center="busan")
    tale = Tale("busan", "chat", cast.thread("ch", now), who.on_web())
    tale.says(_ago(now, 5.5), "택배사가 또 바뀌었나요? 해운대점에서 산 담요 나흘째 배송중이에요")
    tale.bot_says(_ago(now, 5.45), _CONNECTING)
    tale.hands_off(_ago(now, 5.4))
    return tale


def _busan_kakao(cast: Cast, now: datetime) -> Tale:
    who = cast.pick(lambda one: one.kakao, center="busan")
    tale = Tale("busan", "message", cast.thread("ka", now), who.by_kakao())
    tale.says(_ago(now, 52), "발마칸 코트 L 입고됐나요?")
    tale.is_taken(_ago(now, 47), _SEO)
    tale.answers(_ago(now, 46), _SEO, "안녕하세요, 하늘상회 서동하입니다. 내일 오후에 들어옵니다. 하나 빼 둘까요?")
    tale.says(_ago(now, 9), "네 빼주세요 이름으로 찾으면 되죠?")
    return tale
