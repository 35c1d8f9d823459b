"""A telephone system that exists in the hub alone: it plays how a call goes, with the events a real one would send.

Whom it reaches is told by the number: one that ends in 0 is busy, in 9 nobody answers, others answer. Each step asks for
the next by a task with a delay; all ids follow from the request, so a step that runs twice is one event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import current_app
from django.utils.timezone import now

from channels_app.intake import Sender, receive
from channels_app.models import CallRequest, TelephonySettings
from channels_app.telephony.handing import Placed

PLAY = "channels_app.play_simulated_call"
RECORDINGS = "/simulated-recordings/"
_TALK_SECONDS = 24
_SAID = (
    ("agent", "안녕하세요, 하늘상회입니다. 전화 주셨는데 받지 못해 다시 연락드렸습니다.", 1.0),
    ("customer", "아 네, 주문한 코트가 언제 오는지 궁금해서요.", 7.5),
    ("agent", "오늘 출고됐고 내일 오후에 도착합니다. 송장은 문자로 보내드릴게요.", 12.0),
    ("customer", "네, 감사합니다.", 20.0),
)


@dataclass(frozen=True, slots=True)
class Step:
    """What happens so many seconds after the step before."""

    after_seconds: float
    kind: str
    data: dict[str, Any]


def place(request: CallRequest, settings: TelephonySettings) -> Placed:
    ask_for(request, 0)
    return Placed()


def ask_for(request: CallRequest, number: int) -> None:
    steps = steps_of(request)
    if number < len(steps):
        told = {"request_id": request.pk, "number": number}
        current_app.send_task(PLAY, kwargs=told, countdown=steps[number].after_seconds)


def play_step(request: CallRequest, number: int) -> None:
    """Hands one step in, as the exchange of the request's center, and asks for the one after it."""
    step = steps_of(request)[number]
    source = f"/{request.center.slug}/call" if request.center else "/simulator"
    envelope = {
        "specversion": "1.0",
        "id": f"{request.public_id.hex}-{number}",
        "source": source,
        "type": step.kind,
        "time": (now() - timedelta(milliseconds=1)).isoformat(),
        "data": {"thread": request.thread, **step.data},
    }
    receive(request.organization, [envelope], sender=Sender(label="simulator", sources=(source,)), at=now())
    ask_for(request, number + 1)


def steps_of(request: CallRequest) -> list[Step]:
    agent = {"agent": request.person.email}
    dialled = {"direction": "outbound", "to": request.number, "customer": {"phone": request.number}}
    begin = [Step(0.4, "call.queued", dialled), Step(1.5, "call.ringing", {})]
    if request.number.endswith("0"):
        return [*begin, Step(1.0, "call.abandoned", {"reason": "busy"})]
    if request.number.endswith("9"):
        return [*begin, Step(8.0, "call.abandoned", {"reason": "no_answer"})]
    url = f"{RECORDINGS}{request.public_id.hex}.wav"
    segments = [{"speaker": who, "text": text, "offset_seconds": offset} for who, text, offset in _SAID]
    return [
        *begin,
        Step(4.0, "call.answered", agent),
        Step(9.0, "call.held", agent),
        Step(5.0, "call.resumed", agent),
        Step(_TALK_SECONDS - 14.0, "call.ended", {"talk_seconds": _TALK_SECONDS}),
        Step(8.0, "call.recording", {"url": url, "seconds": _TALK_SECONDS}),
        Step(12.0, "call.transcript", {"segments": segments}),
    ]
