"""The saved replies and macros of the invented shop: what its people write and do again and again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import System
from accounts.models import Organization
from tickets.actions.tools import Audience, save_canned_reply, save_macro
from tickets.macros import Assign, Reply, Steps

# title, shortcut, text
REPLIES = (
    ("인사", "인사", "안녕하세요, {{고객 이름}}님. {{회사 이름}} {{상담원 이름}}입니다. 무엇을 도와드릴까요?"),
    (
        "교환 안내",
        "교환",
        "{{고객 이름}}님, {{최근 구매}} 교환은 받으신 날부터 7일 안에 가능해요. 택배 기사님이 방문해 가져가시고, 확인되는 대로 새 상품을 보내 드려요.",
    ),
    (
        "반품·환불 안내",
        "반품",
        "{{고객 이름}}님, 반품이 접수되면 3영업일 안에 결제하신 수단으로 환불해 드려요. 단순 변심은 왕복 배송비 6,000원이 빠져요.",
    ),
    (
        "운영 시간",
        "시간",
        "{{센터 이름}} 운영 시간은 {{운영 시간}}이에요. 그 밖의 시간에 남겨 주신 문의는 다음 영업일에 차례로 답해 드려요.",
    ),
    (
        "사진 요청",
        "사진",
        "{{고객 이름}}님, 불편하신 부분이 보이도록 사진을 두세 장 보내 주시겠어요? 확인하고 바로 안내해 드릴게요.",
    ),
    ("마무리", "끝", "더 궁금하신 점이 있으면 언제든 말씀해 주세요. 좋은 하루 보내세요, {{고객 이름}}님."),
)
MACROS = (
    (
        "교환 접수하고 마무리",
        "접수",
        Steps(
            text="{{고객 이름}}님, {{최근 구매}} 교환을 접수했어요. 내일 택배 기사님이 방문하실 거예요.",
            reply=Reply.SEND,
            tags=("교환 접수",),
            assign=Assign.ME,
            resolves=True,
            topic="exchange",
        ),
    ),
    ("내일 다시 보기", "내일", Steps(note="고객 답을 기다리는 중", assign=Assign.ME, snooze="tomorrow")),
    (
        "급한 불만",
        "불만",
        Steps(
            text="{{고객 이름}}님, 불편을 드려 정말 죄송해요. 지금 바로 확인하고 있어요.",
            tags=("불만",),
            priority="urgent",
            assign=Assign.ME,
        ),
    ),
)


def lay_tools(organization: Organization, *, by: System, at: datetime) -> None:
    told: dict[str, Any] = {"audience": Audience(), "by": by, "at": at}
    for title, shortcut, text in REPLIES:
        save_canned_reply(organization, title=title, shortcut=shortcut, text=text, **told)
    for title, shortcut, steps in MACROS:
        save_macro(organization, title=title, shortcut=shortcut, steps=steps, **told)
