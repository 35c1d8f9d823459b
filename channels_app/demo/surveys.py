"""What customers answer when asked: scores that follow mood and waiting, and a sentence now and then."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from channels_app.demo.envelopes import ThreadWriter
from channels_app.demo.organization import Staff

# Weights of the scores 1…5 by the mood of the conversation.
_CSAT = {
    "good": (0, 0, 1, 3, 16),
    "plain": (0, 1, 3, 9, 14),
    "bad": (2, 3, 6, 9, 7),
    "angry": (7, 6, 5, 3, 1),
}
_PRAISE = (
    "친절하게 답해주셔서 감사합니다",
    "답변이 빨라서 좋았어요",
    "설명이 자세해서 바로 이해했어요",
    "최고예요 ㅎㅎ",
    "문제가 한 번에 해결됐어요",
    "비싸지만 응대는 만족합니다",
    "상담원분 불친절하지 않고 좋았어요",
)
_BLAME = (
    "같은 말을 여러 번 해야 했어요",
    "답변이 너무 늦어요",
    "해결은 됐지만 오래 걸렸네요",
    "전화 연결이 너무 안 돼요",
    "말은 친절한데 해결이 안 됐어요",
    "참 빠르네요 사흘 만에 답이 오고",
    "다음엔 이런 일 없으면 좋겠습니다",
)
_NPS_WEIGHTS = (2, 1, 1, 2, 2, 5, 6, 14, 22, 20, 25)


def survey_after(
    rng: Random, writer: ThreadWriter, over_at: datetime, agent: Staff, mood: str, waited_seconds: float
) -> None:
    """Most resolved conversations are followed by a question; four in ten answer it, most of them soon."""
    if rng.random() > 0.8:
        return
    asked_at = over_at + timedelta(seconds=rng.randint(2, 8))
    # One in six is asked how easy it was instead of how satisfied she is.
    survey = "ces" if rng.random() < 1 / 6 else "csat"
    writer.add("survey.sent", asked_at, survey=survey, agent=agent.email)
    if rng.random() > 0.42:
        return
    happy = rng.choices((1, 2, 3, 4, 5), _CSAT[mood])[0]
    if waited_seconds > 1800 and happy > 1 and rng.random() < 0.3:
        happy -= 1
    answered_at = asked_at + timedelta(seconds=round(rng.lognormvariate(6.2, 1.6)) + 20)
    comment = ""
    if rng.random() < 0.35:
        comment = rng.choice(_PRAISE if happy >= 4 else _BLAME)
    score = happy if survey == "csat" else min(7, happy + rng.randint(1, 2))
    writer.add("survey.answered", answered_at, survey=survey, score=score, comment=comment)


def nps_score(rng: Random) -> int:
    return rng.choices(range(11), _NPS_WEIGHTS)[0]


def nps_comment(rng: Random, score: int) -> str:
    if rng.random() > 0.3:
        return ""
    return rng.choice(_PRAISE if score >= 8 else _BLAME)
