"""Fills the slots of a dialogue and gives each customer her way of writing: polite, terse, laughing, in haste."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from channels_app.demo.catalogue import Piece, other_size
from channels_app.demo.hours import SEOUL, WEEKDAY_NAMES
from channels_app.demo.organization import Staff, store_plan
from channels_app.demo.particles import Word
from channels_app.demo.people import Customer

_HELLO = (
    "안녕하세요 고객님, 하늘상회 {agent}입니다.",
    "안녕하세요, 하늘상회 {agent}입니다.",
    "반갑습니다 고객님 :) {agent}입니다.",
    "네 고객님, 상담원 {agent}입니다.",
)
_BYE = (
    "더 궁금하신 점 있으면 언제든 말씀해 주세요.",
    "좋은 하루 보내세요!",
    "감사합니다. 행복한 하루 되세요.",
    "이용해 주셔서 감사합니다 :)",
    "편안한 하루 보내세요.",
)
# The agent's last word where something was promised and the matter stays open.
STILL_OPEN = (
    "진행되는 대로 바로 안내드리겠습니다.",
    "네 고객님, 처리되면 제가 다시 연락드릴게요.",
    "꼭 챙겨서 연락드리겠습니다.",
)
_CARRIERS = ("바로택배", "한마음택배", "새벽별택배")
_ADDRESSES = (
    "서울시 마포구 노을로 12, 304호",
    "서울시 강남구 별빛길 45, 101동 1203호",
    "부산시 해운대구 파도로 7, 802호",
    "경기도 고양시 은행나무길 33",
    "부산시 수영구 갈매기길 21, 502호",
    "인천시 연수구 송림로 88, 105동 601호",
)
# How it is typed in haste, and is understood all the same.
_SLIPS = (
    ("안 왔", "안왔"),
    ("되나요", "돼나요"),
    ("어떻게", "어떡게"),
    ("주세요", "주세여"),
    ("안 돼", "안되"),
    ("왜 ", "외 "),
    ("며칠", "몇일"),
    ("감사합니다", "감사합니당"),
    ("할게요", "할께요"),
    ("네요", "네여"),
)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a conversation is about: the piece, where and when it was bought (or is wanted), for how much."""

    piece: Piece
    store: str
    amount: int
    bought_at: datetime | None = None


def slots_for(rng: Random, who: Customer, matter: Matter, agent: Staff, at: datetime) -> dict[str, Word]:
    """The words that a dialogue's slots take in this conversation; `day`, when something is promised for, is not here."""
    agent_name = agent.name
    words = {
        "item": matter.piece.product.spoken,
        "color": matter.piece.colour,
        "size": matter.piece.size or "M",
        "size2": other_size(rng, matter.piece),
        "store": store_plan(matter.store).name,
        "name": who.name,
        "last4": who.last4 or "0000",
        "agent": agent_name,
        "amount": f"{matter.amount:,}원",
        "points": f"{max(matter.amount // 100, 300):,}포인트",
        "when": told_day(matter.bought_at or at, at),
        "invoice": f"0{rng.randrange(10**11):011d}",
        "carrier": rng.choice(_CARRIERS),
        "address": rng.choice(_ADDRESSES),
        "hello": rng.choice(_HELLO).format(agent=agent_name),
        "bye": rng.choice(_BYE),
    }
    return {key: Word(value) for key, value in words.items()}


def told_day(then: datetime, now: datetime) -> str:
    """How somebody at `now` speaks of the day of `then`."""
    past, today = then.astimezone(SEOUL).date(), now.astimezone(SEOUL).date()
    days = (today - past).days
    if days <= 0:
        return "오늘"
    if days <= 2:
        return ("어제", "그저께")[days - 1]
    if days <= 6:
        return f"지난 {WEEKDAY_NAMES[past.weekday()]}에"
    if days <= 11:
        return "지난주에"
    return f"{past.month}월 {past.day}일에"


def told_due(due: date, now: datetime) -> str:
    """How somebody at `now` speaks of a day to come."""
    today = now.astimezone(SEOUL).date()
    days = (due - today).days
    if days <= 1:
        return "오늘" if days <= 0 else "내일"
    name = WEEKDAY_NAMES[due.weekday()]
    return name if due.weekday() > today.weekday() and days < 7 else f"다음 주 {name}"


def typed(rng: Random, text: str, *, manner: str, mood: str) -> str:
    """The same sentence as this customer types it in a chat."""
    if text.startswith("(") or manner == "polite":
        return text
    if manner == "hasty":
        for proper, slip in _SLIPS:
            if proper in text and rng.random() < 0.6:
                text = text.replace(proper, slip, 1)
        if rng.random() < 0.25:
            text = text.replace(" ", "", 2)
    text = text.rstrip(".") if rng.random() < 0.7 else text
    return text + _sigh(rng, text, manner=manner, mood=mood)


def _sigh(rng: Random, text: str, *, manner: str, mood: str) -> str:
    if text.endswith(("ㅠ", "ㅋ", "ㅎ", "!", "^", "~")) or rng.random() < 0.55:
        return ""
    if mood == "bad":
        return rng.choice(("ㅠㅠ", " ㅠ", "..", "ㅜㅜ"))
    if mood == "angry":
        return rng.choice(("", "!!", "...", ""))
    return rng.choice(("ㅎㅎ", "~", "ㅋㅋ", "^^")) if manner == "casual" else rng.choice(("", "~", " :)"))
