"""Messenger and mail: somebody writes; after a while a colleague answers, unless whoever watches has."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from channels_app.demo.organization import Staff, center_plan
from channels_app.demo.people import Customer
from channels_app.demo.player.speech import Speech, choose_speech
from channels_app.demo.player.stage import Act

# So many are left to whoever watches for some minutes before a colleague takes them.
_LEFT_SHARE = 0.4


async def kakao(act: Act) -> None:
    who = act.pick(lambda one: one.kakao)
    await _write(act, "message", who, who.by_kakao(), kind=_("Kakao"))


async def mail(act: Act) -> None:
    who = act.pick(lambda one: one.email)
    await _write(act, "mail", who, who.by_mail(), kind=_("Mail"))


async def _write(act: Act, channel: str, who: Customer, shown: dict[str, Any], *, kind: str) -> None:
    agent = act.colleague(who.center)
    speech = choose_speech(act, channel, who, agent)
    first, *rest = speech.dialogue.lines
    thread = f"{channel[:2]}-{act.name}"
    text = speech.words_of(first, is_typed=channel == "message")
    subject = speech.subject
    said = {"customer": shown, "from": "customer", "text": text} | ({"subject": subject} if subject else {})
    answer = await _say(act, channel, who, thread, said)
    told = {"center": center_plan(who.center).name, "who": who.name, "text": subject or text}
    act.tell(kind, _("%(center)s: %(who)s, “%(text)s”") % told)
    await act.pause(*((200, 320) if act.rng.random() < _LEFT_SHARE else (25, 80)))
    if await _is_taken(act, answer, thread):
        return
    await _answer(act, channel, thread, speech, agent, rest, shown)
    act.tell(kind, _("%(agent)s answered %(who)s") % {"agent": agent.name, "who": who.name})


async def _answer(
    act: Act, channel: str, thread: str, speech: Speech, agent: Staff, lines: list[Any], shown: dict[str, Any]
) -> None:
    who = speech.who
    source = f"/{who.center}/{channel}"
    by_agent = {"thread": thread, "agent": agent.email}
    await act.send(source, "ticket.assigned", by_agent)
    for line in lines:
        if line.speaker == "bot":
            continue
        await act.pause(8, 30)
        text = speech.words_of(line, is_typed=channel == "message")
        by = {"agent": agent.email} if line.speaker == "agent" else {"customer": shown}
        await _say(act, channel, who, thread, {"from": line.speaker, "text": text, **by})
    if last_word := speech.last_word:
        await act.pause(5, 12)
        await _say(act, channel, who, thread, {"from": "agent", "agent": agent.email, "text": last_word})
    if speech.note:
        promised = {"promise": speech.promise} if speech.promise else {}
        await act.send(source, "note.added", by_agent | {"text": speech.note} | promised)
    if speech.promise is None:
        await act.send(source, "ticket.resolved", by_agent | {"topic": speech.dialogue.topic})


async def _say(act: Act, channel: str, who: Customer, thread: str, said: dict[str, Any]) -> dict[str, Any]:
    service = {"service": "kakao"} if channel == "message" else {}
    return await act.send(f"/{who.center}/{channel}", f"{channel}.message", {"thread": thread, **said, **service})


async def _is_taken(act: Act, answer: dict[str, Any], thread: str) -> bool:
    """Whether somebody at a screen of the hub has done anything in the conversation meanwhile."""
    events = await act.house.line.history(answer["customer"])
    return any(event["source"] == "/hub" and event["data"].get("thread") == thread for event in events)
