"""Telephone calls: ringing at the desk, answered or given up, ended, noted, written down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from channels_app.demo.dialogues import Dialogue, Line
from channels_app.demo.organization import Staff, agents_of, center_plan
from channels_app.demo.people import HEROINE, Customer
from channels_app.demo.player.line import Refused
from channels_app.demo.player.speech import Speech, choose_speech
from channels_app.demo.player.stage import Act
from channels_app.telephony.simulator import RECORDINGS

_ABANDONED_SHARE = 0.22
# Of those who gave up, some call again by themselves, some are called back by a colleague; others wait for whoever watches.
_AGAIN_SHARE, _CALLED_BACK_SHARE = 0.25, 0.3
_HELD_SHARE = 0.3
_REASONS = ("caller_left", "caller_left", "no_answer", "busy")
# One in three is taken by agent@, so that whoever watches as her finds it among her own, to note and resolve.
_WATCHERS_SHARE = 0.35
_SYLLABLES_A_SECOND = 5.5
# Whoever has pressed Ctrl-C does not wait for a hub that is away.
_HANG_UP_SECONDS = 2

# She asks after what was promised to her (stories/coat.py).
_ABOUT_THE_COAT = Dialogue(
    id="live-coat",
    topic="exchange",
    mood="plain",
    lines=(
        Line("agent", ("안녕하세요, 하늘상회 {agent}입니다.",)),
        Line("customer", ("네, 코트 소매 때문에 교환하기로 한 김서연인데요. 혹시 제품 도착했나요?",)),
        Line("agent", ("네 고객님, 카멜 M 새 제품이 지금 강남점으로 가고 있습니다.",)),
        Line("customer", ("아까 채팅으로 L도 가능한지 여쭤봤는데, 둘 다 입어보고 정해도 될까요?",)),
        Line("agent", ("그럼요. L도 한 벌 같이 보내두겠습니다. 입고되면 바로 문자드릴게요.",)),
        Line("customer", ("네, 감사합니다.",)),
    ),
)


async def call(act: Act) -> None:
    """Somebody whom the hub knows calls."""
    await _ring(act, act.pick(lambda one: one.phone))


async def call_of_the_heroine(act: Act) -> None:
    """Kim Seo-yeon asks after her coat: her card opens with the whole story."""
    await _ring(act, HEROINE, about=_ABOUT_THE_COAT)


async def withheld_call(act: Act) -> None:
    """A number that is withheld: nobody's card opens."""
    plan = center_plan("seoul")
    source, thread = "/seoul/call", f"ca-{act.name}"
    ringing = {"thread": thread, "direction": "inbound", "from": "anonymous", "to": plan.number, "queue": "main"}
    await act.send(source, "call.queued", ringing)
    act.tell(_("Call"), _("%(center)s: number withheld, ringing") % {"center": plan.name})
    gave_up = {"thread": thread, "reason": "caller_left"}
    async with _cut_off_with(act, source, "call.abandoned", gave_up):
        await act.pause(6, 20)
    await act.send(source, "call.abandoned", gave_up)
    act.tell(_("Call"), _("%(center)s: the caller hung up") % {"center": plan.name})


async def _after_giving_up(act: Act, who: Customer) -> None:
    """Some try again, some are called back; the others stay on the list."""
    chance = act.rng.random()
    if chance < _AGAIN_SHARE:
        await act.pause(40, 90)
        await _ring(act, who, is_again=True)
    elif chance < _AGAIN_SHARE + _CALLED_BACK_SHARE:
        await act.pause(90, 180)
        await _call_back(act, who)


async def _call_back(act: Act, who: Customer) -> None:
    """A colleague calls back, by the exchange: it tells of an outgoing call with an id of its own."""
    source, thread, agent = f"/{who.center}/call", f"cb-{act.name}", act.colleague(who.center)
    dialled = {"thread": thread, "customer": who.by_phone(), "direction": "outbound", "to": who.phone}
    await act.send(source, "call.queued", dialled)
    await act.pause(4, 9)
    await act.send(source, "call.answered", {"thread": thread, "agent": agent.email})
    act.tell(_("Call"), _("%(agent)s called %(who)s back") % {"agent": agent.name, "who": who.name})
    await _talk(act, source, thread, choose_speech(act, "call", who, agent), agent, is_watchers=False)


async def _ring(act: Act, who: Customer, *, about: Dialogue | None = None, is_again: bool = False) -> None:
    plan = center_plan(who.center)
    source, thread = f"/{who.center}/call", f"ca-{act.name}{'-2' if is_again else ''}"
    ringing = {
        "thread": thread,
        "customer": who.by_phone(),
        "direction": "inbound",
        "from": who.phone,
        "to": plan.number,
    }
    await act.send(source, "call.queued", ringing | {"queue": "main"})
    told = {"center": plan.name, "who": who.name, "last4": who.last4}
    act.tell(_("Call"), _("%(center)s: %(who)s (%(last4)s), ringing") % told)
    gave_up = {"thread": thread, "reason": act.rng.choice(_REASONS)}
    is_watchers = about is not None or (act.rng.random() < _WATCHERS_SHARE and who.center == "seoul")
    agent = agents_of("seoul")[0] if is_watchers else act.colleague(who.center)
    async with _cut_off_with(act, source, "call.abandoned", gave_up):
        # In the queue first, then at somebody's telephone; long enough to see the card open before somebody picks up.
        await act.pause(2, 6)
        if gave_up["reason"] != "busy":
            await act.send(source, "call.ringing", {"thread": thread, "agent": agent.email})
        await act.pause(5, 10)
    if about is None and not is_again and act.rng.random() < _ABANDONED_SHARE:
        await act.send(source, "call.abandoned", gave_up)
        act.tell(_("Call"), _("%(center)s: %(who)s hung up") % told)
        await _after_giving_up(act, who)
        return
    speech = choose_speech(act, "call", who, agent)
    if about:
        speech = replace(speech, dialogue=about)
    await act.send(source, "call.answered", {"thread": thread, "agent": agent.email})
    act.tell(_("Call"), _("%(agent)s answered %(who)s") % {"agent": agent.name, "who": who.name})
    await _talk(act, source, thread, speech, agent, is_watchers=is_watchers)


async def _talk(act: Act, source: str, thread: str, speech: Speech, agent: Staff, *, is_watchers: bool) -> None:
    segments, talk_seconds = _spoken(speech)
    ended = {"thread": thread, "talk_seconds": talk_seconds}
    async with _cut_off_with(act, source, "call.ended", ended):
        await act.pause(talk_seconds / 2, talk_seconds / 2)
        if act.rng.random() < _HELD_SHARE:
            await act.send(source, "call.held", {"thread": thread, "agent": agent.email})
            await act.pause(6, 12)
            await act.send(source, "call.resumed", {"thread": thread, "agent": agent.email})
        await act.pause(talk_seconds / 2, talk_seconds / 2)
    await act.send(source, "call.ended", ended)
    await act.pause(4, 12)
    recorded = {"thread": thread, "url": f"{RECORDINGS}{thread}.wav", "seconds": talk_seconds}
    await act.send(source, "call.recording", recorded)
    told = {"agent": agent.name, "who": speech.who.name, "seconds": talk_seconds}
    act.tell(_("Call"), _("%(agent)s and %(who)s have spoken for %(seconds)d s") % told)
    await act.pause(15, 40)
    await act.send(source, "call.transcript", {"thread": thread, "segments": segments})
    if is_watchers:
        act.tell(_("Call"), _("Written down; left to %(agent)s to note and resolve") % told)
        return
    by_agent = {"thread": thread, "agent": agent.email}
    if speech.note:
        promised = {"promise": speech.promise} if speech.promise else {}
        await act.send(source, "note.added", by_agent | {"text": speech.note} | promised)
    if speech.promise:
        # Stays open until it is kept; that is another day.
        return
    await act.pause(4, 12)
    await act.send(source, "ticket.resolved", by_agent | {"topic": speech.dialogue.topic})
    await act.send(source, "survey.sent", {"thread": thread, "survey": "csat", "agent": agent.email})


@asynccontextmanager
async def _cut_off_with(act: Act, source: str, event_type: str, data: dict[str, Any]) -> AsyncIterator[None]:
    """Hangs up when the day is ended meanwhile: else the call would ring, or be spoken on, for ever."""
    try:
        yield
    except asyncio.CancelledError:
        with suppress(TimeoutError, Refused):
            async with asyncio.timeout(_HANG_UP_SECONDS):
                await act.send(source, event_type, data)
        raise


def _spoken(speech: Speech) -> tuple[list[dict[str, Any]], int]:
    segments: list[dict[str, Any]] = []
    offset = 0.8
    for line in speech.dialogue.lines:
        text = speech.words_of(line)
        segments.append({"speaker": line.speaker, "text": text, "offset_seconds": round(offset, 1)})
        offset += len(text) / _SYLLABLES_A_SECOND + speech.rng.uniform(0.5, 2.0)
    return segments, round(offset)
