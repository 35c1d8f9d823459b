"""A word that nobody may overlook: a child, a button, and the consumer agency. For whoever looks at what customers say."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels_app.demo.envelopes import Envelope
from channels_app.demo.stories.tale import AGENT, Cast, Tale


def tell(cast: Cast, now: datetime) -> list[Envelope]:
    """Taken up an hour ago, and not settled: what is left to say, a person has to say."""
    who = cast.pick(lambda one: one.visitor and one.member_no, center="seoul")
    tale = Tale("seoul", "chat", cast.thread("ch", now), who.on_web())
    began = now - timedelta(minutes=71)

    def after(minutes: float) -> datetime:
        return began + timedelta(minutes=minutes)

    tale.says(after(0), "아이 코트 단추가 그냥 떨어졌는데 우리 애가 삼킬 뻔했어요. 정말 위험했어요.")
    tale.is_taken(after(2), AGENT)
    tale.answers(
        after(3), AGENT, f"{who.name} 고객님, 많이 놀라셨지요. 아이는 괜찮은가요? 바로 확인하고 연락드리겠습니다."
    )
    tale.says(after(6), "다행히 뱉었는데 이런 걸 팔면 어떡해요. 오늘 안에 답 없으면 소비자원에 신고하겠습니다.")
    tale.answers(after(9), AGENT, "지금 상품팀과 확인하고 있습니다. 오늘 중으로 팀장님이 직접 전화드리겠습니다.")
    return tale.events
