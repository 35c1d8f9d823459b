"""Visitors of the shop's page who open the widget, write, and go on when somebody answers."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from django.utils.translation import gettext as _

from channels_app.demo.organization import Staff
from channels_app.demo.people import Customer
from channels_app.demo.player.speech import Speech, choose_speech
from channels_app.demo.player.stage import Act
from channels_app.demo.player.visitor import Visitor

CENTER = "seoul"  # whose widget stands on the demo shop's page
_LOGGED_IN_SHARE, _CLAIMING_SHARE = 0.45, 0.25
# So many wait some minutes for whoever watches; the others a colleague answers soon.
_LEFT_SHARE = 0.55
# What somebody says to an answer that nobody could foresee.
_REPLIES = (
    "아 네 감사합니다!",
    "그렇군요. 혹시 오늘 중으로 가능할까요?",
    "네 그럼 기다릴게요~",
    "친절하게 알려주셔서 감사해요 ㅎㅎ",
    "아하 이해했어요. 매장으로 가도 되죠?",
    "네네 확인했습니다",
)
_IS_ANYBODY_THERE = ("혹시 확인 중이신가요?", "계신가요..? ㅠㅠ", "아직 답이 없어서 다시 남겨요")
_ANSWERS_TO_A_PERSON = 3


async def chat(act: Act) -> None:
    """One visit: logged in, with a number that she only says is hers, or as nobody in particular."""
    who, token_of = _who(act)
    agent = act.colleague(CENTER)
    speech = choose_speech(act, "chat", who, agent)
    visitor = act.visitor(token_of)
    await visitor.open()
    window = asyncio.create_task(visitor.stay())
    try:
        if token_of is None and who.phone:
            await visitor.tell_about_herself(who)
        await _converse(act, visitor, speech, agent)
    finally:
        window.cancel()
        with suppress(asyncio.CancelledError):
            await window


def _who(act: Act) -> tuple[Customer, Customer | None]:
    """The visitor, and the same once more if she is logged in at the shop."""
    chance = act.rng.random()
    if chance < _LOGGED_IN_SHARE:
        member = act.pick(lambda one: one.member_no)
        return member, member
    if chance < _LOGGED_IN_SHARE + _CLAIMING_SHARE:
        return act.pick(lambda one: one.phone and one.center == CENTER), None
    return Customer(number=-1, name=_("a visitor"), manner="casual"), None


async def _converse(act: Act, visitor: Visitor, speech: Speech, agent: Staff) -> None:
    text = speech.words_of(speech.dialogue.lines[0], is_typed=True)
    await visitor.say(text)
    act.tell(_("Chat"), _("%(who)s: “%(text)s”") % {"who": speech.who.name, "text": text})
    patience_seconds = act.rng.uniform(100, 180) if act.rng.random() < _LEFT_SHARE else act.rng.uniform(15, 35)
    await visitor.wait_for_answer(0, patience_seconds / act.house.speed)
    if not visitor.answers and visitor.status == "assigned":
        await visitor.say(act.rng.choice(_IS_ANYBODY_THERE))
        await visitor.wait_for_answer(0, 240 / act.house.speed)
    if visitor.answers:
        await _with_a_person(act, visitor, speech.who)
    elif visitor.status != "assigned":
        await _with_a_colleague(act, visitor, speech, agent)


async def _with_a_person(act: Act, visitor: Visitor, who: Customer) -> None:
    """Whoever watches has answered from the inbox: she goes on, as long as answers come."""
    for _turn in range(_ANSWERS_TO_A_PERSON):
        known = len(visitor.answers)
        act.tell(_("Chat"), _("%(who)s has your answer and writes on") % {"who": who.name})
        await act.pause(5, 14)
        await visitor.say(act.rng.choice(_REPLIES))
        if not await visitor.wait_for_answer(known, 240 / act.house.speed):
            return


async def _with_a_colleague(act: Act, visitor: Visitor, speech: Speech, agent: Staff) -> None:
    source, by_agent = f"/{CENTER}/chat", {"thread": visitor.thread, "agent": agent.email}
    await act.send(source, "ticket.assigned", by_agent)
    for line in speech.dialogue.lines[1:]:
        await act.pause(6, 18)
        if any(not answer["id"].startswith(act.name) for answer in visitor.answers):
            await _with_a_person(act, visitor, speech.who)
            return
        text = speech.words_of(line, is_typed=True)
        if line.speaker == "customer":
            await visitor.say(text)
        elif line.speaker == "agent":
            await act.send(source, "chat.message", by_agent | {"from": "agent", "text": text})
    if last_word := speech.last_word:
        await act.pause(5, 12)
        await act.send(source, "chat.message", by_agent | {"from": "agent", "text": last_word})
    act.tell(_("Chat"), _("%(agent)s answered %(who)s") % {"agent": agent.name, "who": speech.who.name})
    if speech.note:
        promised = {"promise": speech.promise} if speech.promise else {}
        await act.send(source, "note.added", by_agent | {"text": speech.note} | promised)
    if speech.promise is None:
        await act.pause(8, 25)
        await act.send(source, "ticket.resolved", by_agent | {"topic": speech.dialogue.topic})
