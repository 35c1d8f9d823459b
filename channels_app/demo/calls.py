"""Plays a telephone call: the queue, the answer or the giving up, the talk, the recording, the note, the transcript."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from channels_app.demo.hours import is_open
from channels_app.demo.organization import center_plan
from channels_app.demo.scenes import Encounter, Played, Scene
from channels_app.telephony.simulator import RECORDINGS

_SYLLABLES_A_SECOND = 5.5
_CALLED_BACK = (
    ("부재중 콜백 완료. 문의 해결됨.", ("reached",)),
    ("콜백했으나 받지 않으심. 문자 남김.", ("no_answer", "no_answer")),
    ("콜백 완료.", ("busy", "reached")),
)


def play_call(rng: Random, encounter: Encounter) -> Played:
    """An answered call with all that comes after it. Outside of hours nobody answers."""
    if not is_open(encounter.hours, encounter.at):
        return play_missed(rng, encounter)
    scene = Scene(rng, encounter)
    ring(scene)
    # Most are picked up at once; at busy times one waits minutes.
    queue = (25, 150) if rng.random() < 0.15 else (3, 28)
    answered_at = scene.wait(queue)
    writer, agent = scene.writer, scene.agent
    writer.add("call.answered", answered_at, agent=agent.email)
    segments, talk_seconds = spoken(scene)
    ended_at = answered_at + timedelta(seconds=talk_seconds)
    scene.clock = ended_at
    writer.add("call.ended", ended_at, talk_seconds=talk_seconds)
    writer.add(
        "call.recording",
        ended_at + timedelta(seconds=rng.randint(4, 15)),
        url=f"{RECORDINGS}{encounter.thread}.wav",
        seconds=talk_seconds,
    )
    if rng.random() < 0.75:
        writer.add("call.transcript", ended_at + timedelta(seconds=rng.randint(20, 300)), segments=segments)
    scene.clock = ended_at + timedelta(seconds=16)
    scene.note()
    scene.resolve((5, 120))
    return scene.played(waited_seconds=(answered_at - encounter.at).total_seconds())


def play_missed(rng: Random, encounter: Encounter) -> Played:
    """A call that nobody took; when the center has opened, somebody calls back and closes it."""
    scene = Scene(rng, encounter)
    ring(scene)
    gave_up_at = scene.wait((3, 100))
    reason = "caller_left" if is_open(encounter.hours, encounter.at) else "closed"
    scene.writer.add("call.abandoned", gave_up_at, reason=reason)
    scene.writer.add("ticket.assigned", scene.work((300, 5400)), agent=scene.agent.email)
    text, outcomes = rng.choice(_CALLED_BACK)
    for outcome in outcomes:
        scene.writer.add("callback.tried", scene.work((40, 300)), agent=scene.agent.email, outcome=outcome)
    scene.writer.add("note.added", scene.work((90, 400)), agent=scene.agent.email, text=text)
    scene.resolve((5, 60))
    return Played(scene.writer.events, scene.clock)


def ring(scene: Scene, *, caller: str = "") -> None:
    """The call enters the queue. `caller` is what the exchange showed, where that is not the customer's number."""
    encounter = scene.encounter
    scene.writer.add(
        "call.queued",
        scene.clock,
        customer=encounter.shown,
        direction="inbound",
        **{"from": caller or encounter.who.phone or "anonymous", "to": center_plan(encounter.who.center).number},
        queue="main",
    )


def spoken(scene: Scene) -> tuple[list[dict[str, Any]], int]:
    """What was said, with its offsets, and how many seconds the talk took."""
    segments: list[dict[str, Any]] = []
    offset = scene.rng.uniform(0.4, 1.5)
    for line in scene.encounter.dialogue.lines:
        text = scene.words_of(line)
        segments.append({"speaker": line.speaker, "text": text, "offset_seconds": round(offset, 1)})
        offset += len(text) / _SYLLABLES_A_SECOND + scene.rng.uniform(0.5, 6.0)
    return segments, round(offset + scene.rng.uniform(5, 160))
