"""Plays what is written: chat, messenger and mail, each at its pace, within the hours of the center."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from channels_app.demo import wording
from channels_app.demo.dialogues import Line
from channels_app.demo.hours import is_open
from channels_app.demo.scenes import Encounter, Played, Scene

_CLOSED_NOTICE = "지금은 상담 시간이 아니에요. 남겨주시면 문 여는 대로 순서대로 답변드릴게요."
_BOT_GREETING = (
    "안녕하세요, 하늘상회입니다. 상담원을 연결해 드릴게요. 잠시만 기다려 주세요.",
    "문의 감사합니다. 담당 상담원에게 연결 중이에요.",
)


# Who has her answer often says nothing more; a greeting by the bot comes before most chats.
_SILENT_SHARE = 0.12
_GREETED_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, as (shortest, longest): until a person first answers, between her lines, between the customer's."""

    first: tuple[float, float]
    agent: tuple[float, float]
    customer: tuple[float, float]


_PACES = {
    "chat": Pace((12, 240), (15, 90), (12, 170)),
    "message": Pace((90, 1500), (40, 420), (40, 1900)),
    "mail": Pace((1500, 16000), (1500, 9000), (2400, 30000)),
}


def play_written(rng: Random, encounter: Encounter) -> Played:
    """Chat, messenger and mail: the lines in turn, with the bot before them in chat."""
    scene = Scene(rng, encounter)
    pace = _PACES[encounter.channel]
    lines = encounter.dialogue.lines
    answered_at: datetime | None = None
    for place, line in enumerate(lines):
        if line.speaker == "bot":
            if encounter.channel != "mail":
                _say_bot(scene, scene.words_of(line))
        elif line.speaker == "agent":
            answered_at = _say_agent(scene, line, pace, answered_at)
        elif place == 0 or place < len(lines) - 1 or rng.random() > _SILENT_SHARE:
            _say_customer(scene, line, pace, is_first=place == 0)
            # The person's turn is next, and nobody has spoken yet: from here the wait for her counts.
            if answered_at is None and encounter.channel == "chat" and _is_for_a_person(lines, place):
                _hand_off(scene, has_bot_spoken=place > 0)
    if encounter.dialogue.bot_solves and answered_at is None:
        scene.writer.add("ticket.resolved", scene.wait((60, 600)), by="bot", topic=encounter.dialogue.topic)
        return Played(scene.writer.events, scene.clock)
    if encounter.dialogue.promise and scene.writer.events[-1]["data"].get("from") == "customer":
        # The matter stays open until the promise is kept: who has the last word does not wait for an answer.
        _say_agent(scene, Line("agent", wording.STILL_OPEN), pace, answered_at)
    scene.note()
    scene.resolve((20, 500) if encounter.channel == "chat" else (60, 4000))
    return scene.played(waited_seconds=((answered_at or encounter.at) - encounter.at).total_seconds())


def _is_for_a_person(lines: tuple[Line, ...], place: int) -> bool:
    return place + 1 < len(lines) and lines[place + 1].speaker == "agent"


def _say_customer(scene: Scene, line: Line, pace: Pace, *, is_first: bool) -> None:
    encounter = scene.encounter
    at = scene.clock if is_first else scene.wait(pace.customer)
    text = scene.words_of(line)
    if encounter.channel != "mail":
        text = wording.typed(scene.rng, text, manner=encounter.who.manner, mood=encounter.dialogue.mood)
    extra: dict[str, Any] = {"from": "customer", "text": text}
    if is_first and encounter.dialogue.subjects:
        extra["subject"] = scene.rng.choice(encounter.dialogue.subjects).format(**scene.words)
    if encounter.channel == "message":
        extra["service"] = "kakao"
    shown = encounter.shown if is_first else encounter.shown_later or encounter.shown
    scene.writer.add(f"{encounter.channel}.message", at, customer=shown, **extra)


def _hand_off(scene: Scene, *, has_bot_spoken: bool) -> None:
    """By night the bot says when people come; by day it greets (mostly), or a person is there at once."""
    if not is_open(scene.encounter.hours, scene.clock):
        _say_bot(scene, _CLOSED_NOTICE)
    elif not has_bot_spoken:
        if scene.rng.random() > _GREETED_SHARE:
            return
        _say_bot(scene, scene.rng.choice(_BOT_GREETING))
    scene.writer.add("chat.handoff", scene.wait((1, 3)))


def _say_bot(scene: Scene, text: str) -> None:
    extra: dict[str, Any] = {"from": "bot", "text": text}
    if scene.encounter.channel == "message":
        extra["service"] = "kakao"
    scene.writer.add(f"{scene.encounter.channel}.message", scene.wait((1, 3)), **extra)


def _say_agent(scene: Scene, line: Line, pace: Pace, answered_at: datetime | None) -> datetime:
    if answered_at is None:
        scene.writer.add("ticket.assigned", scene.work(pace.first), agent=scene.agent.email)
        scene.wait((4, 30))
    else:
        scene.work(pace.agent)
    extra: dict[str, Any] = {"from": "agent", "agent": scene.agent.email, "text": scene.words_of(line)}
    if scene.encounter.channel == "message":
        extra["service"] = "kakao"
    scene.writer.add(f"{scene.encounter.channel}.message", scene.clock, **extra)
    return answered_at or scene.clock
